import type { PhaseOutcome } from '../../domain/events.ts';
import type { Graph } from '../../domain/graph.ts';
import { labelPlans, type PlanFacts } from '../../domain/label.ts';
import type { MockUse } from '../../domain/mock-proof.ts';
import { withoutOrder } from '../../domain/schedule.ts';
import type { RenderedUnit } from '../../tools/terragrunt/render.ts';
import { mapAtMost } from '../map-at-most.ts';
import type { Session } from '../session.ts';
import { bindUnits, type FileDigests } from './bind-units.ts';
import { nowText, type RunContext } from './context.ts';
import { planAhead, readsOf } from './plan-ahead.ts';
import type { PlannedUnit, PlanOptions } from './plan-unit.ts';
import { workThrough } from './queue.ts';
import { mocksOfUnit } from './unit-mocks.ts';
import { readsOutputsFromState } from './unit-process.ts';
import { recordedPlan, type UnitWorker } from './unit-worker.ts';

export interface PlanAllOptions extends PlanOptions {
  /**
   * `graph` where Terragrunt cannot read outputs from the state object itself: it then runs Terraform
   * in the dependency's working folder, which must not be planned at that moment.
   */
  readonly order: 'any' | 'graph';
  /** Plan dependents with the outputs that upstream plans make known. */
  readonly planThrough: boolean;
}

/** Plans every unit, all at once as far as the machine goes: a plan needs no order. Then labels them. */
export async function planAll(
  context: RunContext,
  graph: Graph,
  worker: UnitWorker,
  options: PlanAllOptions,
  limit: number,
  digests: FileDigests,
): Promise<void> {
  const isStopped = () => context.interruption.signal() !== undefined;
  const planned = new Map<string, PlannedUnit>();
  await workThrough(options.order === 'any' ? withoutOrder(graph) : graph, limit, {
    isStopped,
    skip: async () => {},
    run: async (unit) => {
      planned.set(unit, await recordedPlan(context, worker, unit, 'plan'));
      // A plan that failed keeps no other from being made.
      return 'succeeded';
    },
  });
  if (isStopped()) return;
  await readStates(context, graph, limit);
  const mocks = await mocksOfAll(context, planned);
  if (options.planThrough && !options.destroy) {
    await planAhead(context, graph, worker, { planned, mocks }, limit);
    if (isStopped()) return;
  }
  const facts = new Map(
    [...planned].map(([unit, plan]) => [unit, factsOf(plan, mocks.get(unit) ?? [])] as const),
  );
  const labelled = options.destroy
    ? labelDestroy(graph, facts)
    : labelPlans(graph, facts, (unit, dependency) => readsOf(context.configs, unit, dependency));
  const bindings = await bindUnits(context, graph.order, digests);
  for (const [unit, { label, reason, pending }] of labelled) {
    await context.recorder.add({
      type: 'unit-labelled',
      at: nowText(context.session),
      unit,
      label,
      reason,
      pending,
      plannedThrough: facts.get(unit)?.plannedThrough ?? [],
      binding: bindings.get(unit) ?? null,
    });
  }
}

/** States of the units and of what they depend on, where planning has not told them yet. */
async function readStates(context: RunContext, graph: Graph, limit: number): Promise<void> {
  const wanted = new Set(
    graph.order.flatMap((unit) => [
      unit,
      ...(context.configs.get(unit)?.dependencies ?? []).map((dependency) => dependency.unit),
    ]),
  );
  await mapAtMost(limit, [...wanted].sort(), async (unit) => {
    if (context.interruption.signal() === undefined) await context.states.of(unit);
  });
}

async function mocksOfAll(
  context: RunContext,
  planned: ReadonlyMap<string, PlannedUnit>,
): Promise<Map<string, MockUse[]>> {
  const mocks = new Map<string, MockUse[]>();
  for (const [unit, { saidMocks }] of planned) {
    mocks.set(unit, await mocksOfUnit(context, unit, saidMocks));
  }
  return mocks;
}

/**
 * Nothing that a destroy takes away changes what another unit's destroy plan was computed from, and
 * where nothing is left to destroy it does not matter what the inputs were.
 */
function labelDestroy(graph: Graph, facts: ReadonlyMap<string, PlanFacts>) {
  const settled = [...facts].map(([unit, known]) => {
    return [unit, known.outcome === 'empty' ? { ...known, mocks: [] } : known] as const;
  });
  return labelPlans(withoutOrder(graph), new Map(settled), () => []);
}

function factsOf(planned: PlannedUnit, mocks: readonly MockUse[]): PlanFacts {
  const { outcome, dataReads, plannedThrough } = planned;
  return {
    outcome: outcomeOf(outcome),
    waitsFor: outcome.kind === 'waiting' ? outcome.on : [],
    mocks,
    outputs: outcome.kind === 'planned' ? outcome.plan.outputs : [],
    dataReads,
    plannedThrough,
  };
}

function outcomeOf(outcome: PhaseOutcome): PlanFacts['outcome'] {
  if (outcome.kind === 'planned') return outcome.plan.isEmpty ? 'empty' : 'changes';
  return outcome.kind === 'waiting' ? 'waiting' : 'failed';
}

/** Only from S3 does Terragrunt read outputs without starting Terraform. */
export function planOrder(session: Session, rendered: readonly RenderedUnit[]): 'any' | 'graph' {
  const fromState =
    readsOutputsFromState(session) &&
    rendered.length > 0 &&
    rendered.every(({ backend }) => backend === 's3');
  return fromState ? 'any' : 'graph';
}
