import { z } from 'zod';
import { parseToolJson } from './json.ts';

export function callerIdentityArgs(): string[] {
  return ['sts', 'get-caller-identity', '--output', 'json'];
}

const identitySchema = z.object({ Account: z.string(), Arn: z.string() });

export function parseCallerIdentity(stdout: string): { account: string; arn: string } {
  const { Account, Arn } = parseToolJson(identitySchema, stdout, 'aws sts get-caller-identity');
  return { account: Account, arn: Arn };
}

export function headBucketArgs(bucket: string): string[] {
  return ['s3api', 'head-bucket', `--bucket=${bucket}`];
}
