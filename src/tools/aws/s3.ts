import type { AwsQuestion } from './aws-cli.ts';

/** That there is an answer is the answer: older versions of the AWS CLI print nothing. */
export function headBucket(bucket: string): AwsQuestion<undefined> {
  return { args: ['s3api', 'head-bucket', `--bucket=${bucket}`], parse: () => undefined };
}
