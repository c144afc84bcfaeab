import { beyondApproval, type PlannedNow } from '../../domain/approval.ts';
import type { Graph } from '../../domain/graph.ts';
import { mocksText } from '../../domain/label.ts';
import { type MockUse, NO_OUTPUTS } from '../../domain/mock-proof.ts';
import type { RunRecord, UnitFailure, UnitRecord } from '../../domain/run-record.ts';
import { decideTurn } from '../../domain/turn.ts';
import { approvedUnits } from '../records/approved-record.ts';
import { nowText, type RunContext } from './context.ts';
import { workThrough } from './queue.ts';
import { mocksOfUnit } from './unit-mocks.ts';
import { recordedApply, recordedPlan, type UnitWorker } from './unit-worker.ts';

export interface ApplyRules {
  /** What was approved, where that is not what this run itself has planned and shown. */
  readonly approvedElsewhere: RunRecord | undefined;
  /** The run goes on where another was cut off: what that one tainted may be replaced. */
  readonly taintedMayBeReplaced: boolean;
}

export const PLAIN_RULES: ApplyRules = {
  approvedElsewhere: undefined,
  taintedMayBeReplaced: false,
};

/** Applies what was approved, each unit when its dependencies are done. The record holds what was approved. */
export async function applyAll(
  context: RunContext,
  graph: Graph,
  worker: UnitWorker,
  limit: number,
  rules: ApplyRules = PLAIN_RULES,
  afterUnit: (unit: string) => Promise<boolean> = async () => true,
): Promise<void> {
  const planned = new Map(context.recorder.record().units.map((unit) => [unit.unit, unit]));
  await workThrough(graph, limit, {
    isStopped: () => context.interruption.signal() !== undefined,
    skip: async (unit, blockedBy) => {
      // Why it could not be planned says more than what it would have waited for.
      if (planned.get(unit)?.result === 'failed') return;
      await settle(context, unit, 'skipped', `blocked by ${blockedBy.join(', ')}`, blockedBy);
    },
    run: async (name) => {
      const unit = planned.get(name);
      if (unit === undefined) throw new Error(`the record has no unit "${name}"`);
      const isDone = await takeTurn(context, worker, unit, rules);
      return isDone && (await afterUnit(name)) ? 'succeeded' : 'failed';
    },
  });
  await leaveRest(context);
}

/** What has not had its turn has none any more. */
export async function leaveRest(context: RunContext): Promise<void> {
  for (const { unit, result } of context.recorder.record().units) {
    if (result === 'planned') await settle(context, unit, 'not-started', '', []);
  }
}

/** Resolves to whether dependents may start. */
async function takeTurn(
  context: RunContext,
  worker: UnitWorker,
  unit: UnitRecord,
  rules: ApplyRules,
): Promise<boolean> {
  // Only a unit without a plan may go on, and only if it waited for outputs that are there by now.
  if (unit.result !== 'planned') return false;
  const turn = decideTurn(unit.label);
  if (turn === 'leave') {
    await settle(context, unit.unit, 'unchanged', '', []);
    return true;
  }
  const lock = await worker.lock(unit.unit);
  if (lock.kind === 'taken') return fail(context, unit.unit, lock.failure);
  try {
    const { plan } = unit;
    // A deleted unit goes after all others: what it was planned on may be another by then.
    if (turn === 'plan-again' || plan === null || unit.isDeleted) {
      return await planAgain(context, worker, unit, rules);
    }
    const beyond = beyondElsewhere(unit, rules, unit);
    if (beyond.length > 0) return await refuse(context, unit.unit, notApproved(beyond));
    return (await recordedApply(context, worker, unit.unit, plan)) === 'applied';
  } finally {
    await lock.release();
  }
}

async function planAgain(
  context: RunContext,
  worker: UnitWorker,
  unit: UnitRecord,
  rules: ApplyRules,
): Promise<boolean> {
  const { outcome, saidMocks } = await recordedPlan(context, worker, unit.unit, 'replan');
  if (outcome.kind !== 'planned') return false;
  const mocks = await mocksOfUnit(context, unit.unit, saidMocks);
  if (mocks.length > 0) {
    const summary = `planned on mock outputs even now: ${mocksText(mocks)}`;
    return fail(context, unit.unit, {
      kind: 'refused',
      summary,
      next: withoutMocks(context, mocks),
    });
  }
  if (outcome.plan.isEmpty) {
    await settle(context, unit.unit, 'unchanged', 'nothing to do on real outputs', []);
    return true;
  }
  const { taintedMayBeReplaced } = rules;
  const beyond =
    rules.approvedElsewhere === undefined
      ? beyondApproval(unit, outcome.plan, { taintedMayBeReplaced })
      : beyondElsewhere(unit, rules, outcome.plan);
  if (beyond.length > 0) return refuse(context, unit.unit, notApproved(beyond));
  const saved = { phase: 'replan', sha256: outcome.sha256, inputs: outcome.inputs } as const;
  return (await recordedApply(context, worker, unit.unit, saved)) === 'applied';
}

/** What goes beyond an approval that was given to another run; nothing where this run was approved itself. */
function beyondElsewhere(
  unit: UnitRecord,
  { approvedElsewhere, taintedMayBeReplaced }: ApplyRules,
  planned: PlannedNow,
): string[] {
  if (approvedElsewhere === undefined) return [];
  const approved = approvedUnits(approvedElsewhere).get(unit.unit);
  if (approved === undefined) return ['the unit itself was not part of it'];
  return beyondApproval(approved, planned, { taintedMayBeReplaced });
}

function withoutMocks({ session }: RunContext, mocks: readonly MockUse[]): string {
  const absent = mocks.find(({ why }) => why === NO_OUTPUTS);
  return absent === undefined
    ? 'let its files read real outputs: without these mocks, or with outputs in their place'
    : `apply it first: platform apply ${session.environment.name} ${absent.unit}`;
}

const NAMED_AT_MOST = 4;

function notApproved(beyond: readonly string[]): string {
  const more = beyond.length > NAMED_AT_MOST ? ` and ${beyond.length - NAMED_AT_MOST} more` : '';
  return `not approved: ${beyond.slice(0, NAMED_AT_MOST).join('; ')}${more}`;
}

function refuse(context: RunContext, unit: string, summary: string): Promise<false> {
  const { name } = context.session.environment;
  const next = `see what is new and approve it: platform apply ${name} ${unit}`;
  return fail(context, unit, { kind: 'refused', summary, next });
}

async function fail(context: RunContext, unit: string, failure: UnitFailure): Promise<false> {
  const { recorder, session } = context;
  const outcome = { kind: 'failed', failure, done: 0 } as const;
  const at = nowText(session);
  await recorder.add({ type: 'unit-ended', at, unit, phase: 'apply', durationMs: 0, outcome });
  return false;
}

export async function settle(
  context: RunContext,
  unit: string,
  result: UnitRecord['result'],
  reason: string,
  blockedBy: readonly string[],
): Promise<void> {
  const at = nowText(context.session);
  await context.recorder.add({ type: 'unit-settled', at, unit, result, reason, blockedBy });
}
