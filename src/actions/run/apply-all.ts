import { beyondApproval } from '../../domain/approval.ts';
import type { PhaseOutcome, Progress } from '../../domain/events.ts';
import type { Graph } from '../../domain/graph.ts';
import type { UnitFailure, UnitRecord } from '../../domain/run-record.ts';
import { decideTurn } from '../../domain/turn.ts';
import { applyUnit, type SavedPlan } from './apply-unit.ts';
import { nowText, type RunContext } from './context.ts';
import { recordedPlan } from './plan-all.ts';
import type { PlanOptions } from './plan-unit.ts';
import { workThrough } from './queue.ts';

/** Applies what was approved, each unit when its dependencies are done. The record holds what was approved. */
export async function applyAll(
  context: RunContext,
  graph: Graph,
  options: PlanOptions,
  limit: number,
  emit: (progress: Progress) => void,
): Promise<void> {
  const approved = new Map(context.recorder.record().units.map((unit) => [unit.unit, unit]));
  await workThrough(graph, limit, {
    isStopped: () => context.interruption.signal() !== undefined,
    skip: (unit, blockedBy) =>
      settle(context, unit, 'skipped', `blocked by ${blockedBy.join(', ')}`, blockedBy),
    run: async (name) => {
      const unit = approved.get(name);
      if (unit === undefined) throw new Error(`the record has no unit "${name}"`);
      const outcome = await takeTurn(context, unit, options, emit);
      return outcome === 'applied' || outcome === 'unchanged' ? 'succeeded' : 'failed';
    },
  });
  for (const { unit, result } of context.recorder.record().units) {
    if (result === 'planned') await settle(context, unit, 'not-started', '', []);
  }
}

async function takeTurn(
  context: RunContext,
  unit: UnitRecord,
  options: PlanOptions,
  emit: (progress: Progress) => void,
): Promise<PhaseOutcome['kind'] | 'unchanged'> {
  const { plan } = unit;
  // A unit that could not be planned without its dependencies' outputs has them by now.
  if (unit.result === 'planned' && plan === null) return planAgain(context, unit, options, emit);
  if (plan === null || unit.label === 'unknown') return 'failed';
  switch (decideTurn(unit.label)) {
    case 'leave':
      await settle(context, unit.unit, 'unchanged', '', []);
      return 'unchanged';
    case 'apply-saved-plan':
      return recordedApply(context, unit.unit, { phase: 'plan', ...plan }, emit);
    case 'plan-again':
      return planAgain(context, unit, options, emit);
  }
}

async function planAgain(
  context: RunContext,
  unit: UnitRecord,
  options: PlanOptions,
  emit: (progress: Progress) => void,
): Promise<PhaseOutcome['kind'] | 'unchanged'> {
  const { outcome, mockedBy } = await recordedPlan(context, unit.unit, 'replan', options, emit);
  if (outcome.kind !== 'planned') return outcome.kind;
  if (mockedBy.length > 0) {
    return refuse(context, unit.unit, `planned on mock outputs of ${mockedBy.join(', ')}`);
  }
  if (outcome.plan.isEmpty) {
    await settle(context, unit.unit, 'unchanged', 'nothing to do on real outputs', []);
    return 'unchanged';
  }
  const beyond = beyondApproval(
    {
      label: unit.label === 'provisional' ? 'provisional' : 'mocked',
      isNew: unit.plan === null ? outcome.plan.isNew : unit.isNew,
      resources: unit.resources,
    },
    outcome.plan.resources,
  );
  if (beyond.length > 0) {
    return refuse(context, unit.unit, `was not approved: ${beyond.slice(0, 3).join(', ')}`);
  }
  const saved = { phase: 'replan', sha256: outcome.sha256, inputs: outcome.inputs } as const;
  return recordedApply(context, unit.unit, saved, emit);
}

async function recordedApply(
  context: RunContext,
  unit: string,
  saved: SavedPlan,
  emit: (progress: Progress) => void,
): Promise<PhaseOutcome['kind']> {
  const { recorder, session } = context;
  const startedAt = session.host.clock.now();
  await recorder.add({ type: 'unit-started', at: nowText(session), unit, phase: 'apply' });
  const outcome = await applyUnit(context, unit, saved, emit);
  await recorder.add({
    type: 'unit-ended',
    at: nowText(session),
    unit,
    phase: 'apply',
    durationMs: session.host.clock.now() - startedAt,
    outcome,
  });
  return outcome.kind;
}

async function refuse(context: RunContext, unit: string, summary: string): Promise<'failed'> {
  const { recorder, session } = context;
  const { name } = session.environment;
  const failure: UnitFailure = {
    kind: 'refused',
    summary,
    next: `see what is new and approve it: platform apply ${name} ${unit}`,
  };
  const outcome = { kind: 'failed', failure, done: 0 } as const;
  const at = nowText(session);
  await recorder.add({ type: 'unit-ended', at, unit, phase: 'apply', durationMs: 0, outcome });
  return 'failed';
}

async function settle(
  context: RunContext,
  unit: string,
  result: UnitRecord['result'],
  reason: string,
  blockedBy: readonly string[],
): Promise<void> {
  const at = nowText(context.session);
  await context.recorder.add({ type: 'unit-settled', at, unit, result, reason, blockedBy });
}
