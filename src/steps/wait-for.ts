import type { StepOutcome } from '../domain/steps/step-outcome.ts';
import type { Deadline } from './deadline.ts';
import type { StepContext } from './step-context.ts';
import type { Verdict } from './verdict.ts';

export interface WaitOptions {
  readonly deadline: Deadline;
  /** Command that a person can run to look again. */
  readonly next: string;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/**
 * Looks until it passes, cannot pass any more, the deadline is over or a person stops the run. What is
 * missing is said each time; the last of it is the failure. A look is not cut short at the deadline: what
 * hangs in it ends by the bound of its call, so that all is over at the latest one look, which may be
 * several calls, after the deadline.
 */
export async function waitFor(
  context: Pick<StepContext, 'clock' | 'signal' | 'progress'>,
  { deadline, next }: WaitOptions,
  look: () => Promise<Verdict>,
): Promise<StepOutcome> {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    if (context.signal.aborted) return { kind: 'interrupted' };
    const verdict = await look();
    if (context.signal.aborted) return { kind: 'interrupted' };
    if (verdict.kind === 'passed') return { kind: 'passed', text: verdict.text, acted: false };
    if (verdict.kind === 'hopeless') return { kind: 'failed', failure: verdict.failure };
    const left = deadline.endsAt - context.clock.now();
    if (left <= 0) {
      const summary = `${verdict.missing} (waited ${deadline.seconds} s)`;
      return { kind: 'failed', failure: { kind: 'failed', summary, next } };
    }
    context.progress(verdict.missing);
    await pause(context, Math.min(pauseMs, left));
    pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
  }
}

/** Ends early when the run is stopped. */
async function pause(
  { clock, signal }: Pick<StepContext, 'clock' | 'signal'>,
  ms: number,
): Promise<void> {
  if (signal.aborted) return;
  let wake = () => {};
  const stopped = new Promise<void>((resolve) => {
    wake = resolve;
  });
  signal.addEventListener('abort', wake, { once: true });
  await Promise.race([clock.sleep(ms), stopped]);
  signal.removeEventListener('abort', wake);
}
