import { z } from 'zod';
import { type AwsQuestion, awsQuestion } from './aws-cli.ts';

export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
}

export function getCallerIdentity(): AwsQuestion<CallerIdentity> {
  return awsQuestion(
    ['sts', 'get-caller-identity'],
    z.object({ Account: z.string(), Arn: z.string() }),
    ({ Account, Arn }) => ({ account: Account, arn: Arn }),
  );
}
