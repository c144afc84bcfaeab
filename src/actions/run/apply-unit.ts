import type { PhaseOutcome, Progress } from '../../domain/events.ts';
import type { UnitFailure, UnitRecord } from '../../domain/run-record.ts';
import {
  completedChanges,
  errorsOf,
  failedChecksOf,
  saysApplied,
  type UiMessage,
} from '../../tools/terraform/ui-stream.ts';
import type { RunContext } from './context.ts';
import { findErroredState } from './errored-state.ts';
import { planFile } from './plan-unit.ts';
import { failureOf, runUnitProcess } from './unit-process.ts';

/** A plan file, with digests of itself and of the inputs that it was made with. */
export type SavedPlan = NonNullable<UnitRecord['plan']>;

/** Applies exactly the saved plan: the file is the one that was read, and its inputs are the same still. */
export async function applyUnit(
  context: RunContext,
  unit: string,
  saved: SavedPlan,
  emit: (progress: Progress) => void,
): Promise<PhaseOutcome> {
  const { files } = context.session.host;
  const isOwn = saved.phase === 'replan';
  const file = planFile(isOwn ? context.directory : context.plansDirectory, unit, saved.phase);
  const found = (await files.stat(file)) === undefined ? undefined : await files.sha256(file);
  if (found !== saved.sha256) {
    const summary = 'the plan file is not the one that was planned';
    return { kind: 'failed', failure: { kind: 'refused', summary, next: 'plan again' }, done: 0 };
  }
  const result = await runUnitProcess(
    context,
    {
      unit,
      phase: 'apply',
      terraform: ['apply', '-input=false', '-json', file],
      inputs: saved.inputs,
      refuseMocks: true,
    },
    emit,
  );
  // A plan file holds the whole state, in clear, and has done its work; one that Terraform never came
  // to, or could not have the state for, can still be applied.
  const isUntouched = result.messages.length === 0 || isLocked(result.messages);
  if (!isUntouched) await files.remove(file);
  const done = completedChanges(result.messages);
  const applied = saysApplied(result.messages);
  if (result.process.exitCode === 0 && applied) {
    return { kind: 'applied', done, failedChecks: failedChecksOf(result.messages) };
  }
  const unsaved = await findErroredState(context, unit);
  if (unsaved !== undefined) {
    return { kind: 'failed', failure: unsavedHere(context, unit, unsaved, result.messages), done };
  }
  if (context.interruption.signal() !== undefined) return { kind: 'interrupted', done };
  const failure = failureOf(context, unit, result);
  return { kind: 'failed', failure, done };
}

/** For the run that it happens to it is a failure; only what comes after is refused. */
function unsavedHere(
  { session }: RunContext,
  unit: string,
  unsaved: UnitFailure,
  messages: readonly UiMessage[],
): UnitFailure {
  const holds = errorsOf(messages).some(({ summary }) =>
    /(releasing|unlocking) (the )?state/i.test(summary),
  );
  const unlock = `platform unlock ${session.environment.name} ${unit}`;
  const next = holds ? `free the lock first: ${unlock}; then: ${unsaved.next}` : unsaved.next;
  return { ...unsaved, kind: 'failed', ...(next === undefined ? {} : { next }) };
}

function isLocked(messages: readonly UiMessage[]): boolean {
  return errorsOf(messages).some(({ summary }) => summary.includes('acquiring the state lock'));
}
