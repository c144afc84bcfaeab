import type { PhaseOutcome, Progress } from '../../domain/events.ts';
import type { AheadAnswer } from './ahead-answers.ts';
import { applyUnit, type SavedPlan } from './apply-unit.ts';
import { nowText, type RunContext } from './context.ts';
import { type PlannedUnit, type PlanOptions, type PlanPhase, planUnit } from './plan-unit.ts';
import { lockUnit, type UnitLock } from './unit-lock.ts';

/** What is done to one unit; the order in which it is done is others' business. */
export interface UnitWorker {
  plan(unit: string, phase: PlanPhase, ahead?: readonly AheadAnswer[]): Promise<PlannedUnit>;
  apply(unit: string, saved: SavedPlan): Promise<PhaseOutcome>;
  lock(unit: string): Promise<UnitLock>;
}

export function createUnitWorker(
  context: RunContext,
  options: PlanOptions,
  emit: (progress: Progress) => void,
): UnitWorker {
  return {
    plan: (unit, phase, ahead) => planUnit(context, unit, phase, options, emit, ahead),
    apply: (unit, saved) => applyUnit(context, unit, saved, emit),
    lock: (unit) => lockUnit(context, unit),
  };
}

/** Plans one unit, with its start and its end in the record. */
export async function recordedPlan(
  context: RunContext,
  worker: UnitWorker,
  unit: string,
  phase: PlanPhase,
  ahead: readonly AheadAnswer[] = [],
): Promise<PlannedUnit> {
  const end = await recordStart(context, unit, phase);
  const planned = await worker.plan(unit, phase, ahead);
  // What cannot be planned with the outputs to come stands as it was planned with those that are.
  const isAhead =
    phase === 'through' &&
    planned.plannedThrough.length === ahead.flatMap(({ names }) => names).length;
  const isUsed = phase !== 'through' || (isAhead && planned.outcome.kind === 'planned');
  await end(isUsed ? planned.outcome : { kind: 'set-aside' });
  return isUsed ? planned : { ...planned, outcome: { kind: 'set-aside' } };
}

export async function recordedApply(
  context: RunContext,
  worker: UnitWorker,
  unit: string,
  saved: SavedPlan,
): Promise<PhaseOutcome['kind']> {
  const end = await recordStart(context, unit, 'apply');
  const outcome = await worker.apply(unit, saved);
  // Whatever came of it, the state is not the one that was read before.
  context.states.forget(unit);
  await end(outcome);
  return outcome.kind;
}

async function recordStart(
  { recorder, session }: RunContext,
  unit: string,
  phase: PlanPhase | 'apply',
): Promise<(outcome: PhaseOutcome) => Promise<void>> {
  const startedAt = session.host.clock.now();
  await recorder.add({ type: 'unit-started', at: nowText(session), unit, phase });
  return (outcome) => {
    const durationMs = session.host.clock.now() - startedAt;
    return recorder.add({
      type: 'unit-ended',
      at: nowText(session),
      unit,
      phase,
      durationMs,
      outcome,
    });
  };
}
