import {
  type CloudResource,
  type Leftover,
  type LeftoverScope,
  leftovers,
  logGroupPrefix,
  TAG_KEY_PATTERNS,
} from '../domain/leftover.ts';
import type { StepOutcome } from '../domain/steps/step-outcome.ts';
import type { AwsAnswer } from '../tools/aws/aws-cli.ts';
import { readLoadBalancers, readLogGroups, readTagged } from '../tools/aws/cloud-resources.ts';
import type { StepContext } from './step-context.ts';

export interface SweepResult {
  readonly leftovers: readonly Leftover[];
  /** What could not be read, and why: of that nothing is known. */
  readonly unread: readonly string[];
}

/** Looks for what the destroyed cluster and units left in AWS. Deletes nothing. */
export async function sweep(
  { aws, progress }: Pick<StepContext, 'aws' | 'progress'>,
  scope: LeftoverScope,
): Promise<SweepResult> {
  progress('looking for what is left in AWS');
  const asked: readonly (readonly [string, Promise<AwsAnswer<CloudResource[]>>])[] = [
    ['load balancers and target groups', readLoadBalancers(aws)],
    ['volumes, network interfaces and security groups', readTagged(aws, TAG_KEY_PATTERNS)],
    ['log groups', readLogGroups(aws, logGroupPrefix(scope.cluster))],
  ];
  const found: CloudResource[] = [];
  const unread: string[] = [];
  for (const [what, question] of asked) {
    const answer = await question;
    if (answer.kind === 'answer') found.push(...answer.value);
    else unread.push(`${what}: ${answer.failure.text}`);
  }
  return { leftovers: leftovers(found, scope), unread };
}

/**
 * As the end of a step: something left, or not looked for, is not what a destroy has promised. All of it
 * is named, and `next` are the commands that would delete it.
 */
export function sweepOutcome({ leftovers: left, unread }: SweepResult): StepOutcome {
  if (left.length === 0 && unread.length === 0) {
    return { kind: 'passed', text: 'nothing is left in AWS', acted: false };
  }
  const names = left.map(({ kind, id, why }) => `${kind} ${id} (${why})`);
  const summary = [
    ...(left.length === 0 ? [] : [`${left.length} left in AWS: ${names.join(', ')}`]),
    ...unread.map((what) => `could not look for ${what}`),
  ].join('; ');
  if (left.length === 0) return { kind: 'failed', failure: { kind: 'failed', summary } };
  const next = left.map(({ remove }) => remove).join('; ');
  return { kind: 'failed', failure: { kind: 'failed', summary, next } };
}
