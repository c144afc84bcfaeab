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
import type { Deadline } from './deadline.ts';
import { nameList } from './name-list.ts';
import type { StepContext } from './step-context.ts';
import { passed, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

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
  const about = [
    'load balancers and target groups',
    'volumes, network interfaces and security groups',
    'log groups',
  ];
  const answers: readonly AwsAnswer<CloudResource[]>[] = await Promise.all([
    readLoadBalancers(aws),
    readTagged(aws, TAG_KEY_PATTERNS),
    readLogGroups(aws, logGroupPrefix(scope.cluster)),
  ]);
  const found: CloudResource[] = [];
  const unread: string[] = [];
  for (const [index, answer] of answers.entries()) {
    if (answer.kind === 'answer') found.push(...answer.value);
    else unread.push(`${about[index]}: ${answer.failure.text}`);
  }
  return { leftovers: leftovers(found, scope), unread };
}

/** EKS and the network take these away themselves, minutes after what used them. */
const LATE: readonly Leftover['kind'][] = ['network interface', 'security group'];

/** Sweeps, and again as long as all that is left may still go by itself. */
export async function sweepUntilSettled(
  context: Pick<StepContext, 'aws' | 'clock' | 'signal' | 'progress'>,
  scope: LeftoverScope,
  deadline: Deadline,
): Promise<StepOutcome> {
  let last: SweepResult | undefined;
  const outcome = await waitFor(context, { deadline, next: '' }, async () => {
    last = await sweep(context, scope);
    const { leftovers: left, unread } = last;
    const isLate = unread.length === 0 && left.every(({ kind }) => LATE.includes(kind));
    return left.length > 0 && isLate
      ? waiting(`still there: ${nameList(left.map(({ kind, id }) => `${kind} ${id}`))}`)
      : passed('settled');
  });
  return outcome.kind === 'interrupted' || last === undefined ? outcome : sweepOutcome(last);
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
