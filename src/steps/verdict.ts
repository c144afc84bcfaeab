import type { StepFailure } from '../domain/steps/step-outcome.ts';
import type { AwsFailure } from '../tools/aws/aws-failure.ts';
import { barrierOf } from '../tools/kubernetes/barrier.ts';
import type { KubectlFailure } from '../tools/kubernetes/kubectl-failure.ts';

/** What one look at the cluster says. */
export type Verdict =
  | { readonly kind: 'passed'; readonly text: string }
  /** May come true by itself; `missing` is one line. */
  | { readonly kind: 'waiting'; readonly missing: string }
  /** Waiting does not help. */
  | { readonly kind: 'hopeless'; readonly failure: StepFailure };

export function passed(text: string): Verdict {
  return { kind: 'passed', text };
}

export function waiting(missing: string): Verdict {
  return { kind: 'waiting', missing };
}

export function hopeless(
  summary: string,
  next?: string,
  kind: StepFailure['kind'] = 'failed',
): Verdict {
  return { kind: 'hopeless', failure: { kind, summary, ...(next === undefined ? {} : { next }) } };
}

/**
 * What of many does not pass, hopeless ones first: with one of them, waiting for the others is waste.
 * Undefined when all pass.
 */
export function firstOpen(verdicts: readonly Verdict[]): Verdict | undefined {
  return (
    verdicts.find(({ kind }) => kind === 'hopeless') ??
    verdicts.find(({ kind }) => kind === 'waiting')
  );
}

/** A question that got no answer: some failures pass by themselves, others never do. */
export function unanswered(failure: KubectlFailure, asked: string): Verdict {
  const barrier = barrierOf(failure);
  if (barrier !== undefined) return hopeless(barrier.what, barrier.next, barrier.kind);
  if (failure.kind !== 'forbidden') return waiting(`${asked}: ${failure.text}`);
  return hopeless(
    `not allowed to read ${asked}: ${failure.text}`,
    'give the role an access policy that may: cluster.access in env.yaml',
  );
}

/** The same for a question to AWS. */
export function unansweredByAws(failure: AwsFailure, asked: string): Verdict {
  switch (failure.kind) {
    case 'identity':
      return hopeless(
        `AWS does not accept the credentials: ${failure.text}`,
        'sign in again, and look at the credentials: platform doctor',
        'identity',
      );
    case 'denied':
      return hopeless(
        `not allowed to read ${asked}: ${failure.text}`,
        'give the role that permission',
      );
    default:
      return waiting(`${asked}: ${failure.text}`);
  }
}
