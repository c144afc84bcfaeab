import { z } from 'zod';
import { type AwsCli, type AwsQuestion, awsQuestion } from './aws-cli.ts';

function getQuota(operation: string, service: string, code: string): AwsQuestion<number> {
  return awsQuestion(
    ['service-quotas', operation, `--service-code=${service}`, `--quota-code=${code}`],
    z.object({ Quota: z.object({ Value: z.number() }) }),
    ({ Quota }) => Quota.Value,
  );
}

/**
 * The quota as it holds in this account and region. AWS knows no applied value of one that was never
 * used or raised here, and then its default holds.
 */
export async function readQuota(aws: AwsCli, service: string, code: string) {
  const applied = await aws.ask(getQuota('get-service-quota', service, code));
  if (applied.kind === 'answer' || !applied.failure.text.includes('NoSuchResource')) return applied;
  return aws.ask(getQuota('get-aws-default-service-quota', service, code));
}
