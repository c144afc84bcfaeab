import { join } from 'node:path';
import type { Progress } from '../../domain/events.ts';
import type { StepOutcome } from '../../domain/steps/step-outcome.ts';
import { STEPS_LOG } from '../records/record-files.ts';
import { nowText, type RunContext, unitDirectory } from './context.ts';

/** A step of one unit, ready to be run. */
export interface RunnableStep {
  readonly unit: string;
  readonly name: string;
  run(progress: (text: string) => void): Promise<StepOutcome>;
}

/** Runs steps one after the other, up to the first that does not pass. Resolves to whether all did. */
export async function runSteps(
  context: RunContext,
  steps: readonly RunnableStep[],
  emit: (progress: Progress) => void,
): Promise<boolean> {
  for (const step of steps) {
    const outcome = await recordedStep(context, step, emit);
    if (outcome.kind !== 'passed') return false;
  }
  return true;
}

async function recordedStep(
  context: RunContext,
  { unit, name, run }: RunnableStep,
  emit: (progress: Progress) => void,
): Promise<StepOutcome> {
  const { recorder, session, interruption } = context;
  const { clock } = session.host;
  if (interruption.aborted.aborted) return { kind: 'interrupted' };
  const startedAt = clock.now();
  await recorder.add({ type: 'step-started', at: nowText(session), unit, step: name });
  const say = stepLog(context, unit, name);
  const outcome = await run((text) => {
    void say(text);
    emit({ type: 'step-progress', unit, step: name, text });
  });
  await say(lastWords(outcome));
  await recorder.add({
    type: 'step-ended',
    at: nowText(session),
    unit,
    step: name,
    durationMs: clock.now() - startedAt,
    outcome,
  });
  return outcome;
}

function lastWords(outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'passed':
      return `passed: ${outcome.text}`;
    case 'failed':
      return `failed: ${outcome.failure.summary}`;
    case 'interrupted':
      return 'interrupted';
  }
}

/** What was missing, and when: a line whenever it is something else. */
function stepLog(context: RunContext, unit: string, step: string) {
  const { files, clock } = context.session.host;
  const directory = unitDirectory(context, unit);
  let last = '';
  // A full disk must not fail a step.
  let queue = files.makeDirectory(directory, { mode: 0o700 }).catch(() => {});
  return (text: string): Promise<void> => {
    if (text === last) return queue;
    last = text;
    const line = `${new Date(clock.now()).toISOString()} ${step}: ${text}\n`;
    queue = queue
      .then(() => files.append(join(directory, STEPS_LOG), line, { mode: 0o600 }))
      .catch(() => {});
    return queue;
  };
}
