import { z } from 'zod';
import { type AwsQuestion, awsQuestion } from './aws-cli.ts';

/** Names of log groups that begin so. */
export function describeLogGroups(prefix: string): AwsQuestion<string[]> {
  return awsQuestion(
    ['logs', 'describe-log-groups', `--log-group-name-prefix=${prefix}`],
    z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) }),
    ({ logGroups }) => logGroups.map(({ logGroupName }) => logGroupName),
  );
}
