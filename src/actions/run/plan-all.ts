import type { Graph } from '../../domain/graph.ts';
import { labelPlans, type PlanFacts } from '../../domain/label.ts';
import { type MockUse, mocksOf, NO_OUTPUTS } from '../../domain/mock-proof.ts';
import { chooseParallelism } from '../../domain/parallelism.ts';
import { withoutOrder } from '../../domain/schedule.ts';
import type { KnownState } from '../../domain/unit-state.ts';
import type { RenderedUnit } from '../../tools/terragrunt/render.ts';
import type { Session } from '../session.ts';
import { bindUnits, type FileDigests } from './bind-units.ts';
import { nowText, type RunContext } from './context.ts';
import { planAhead, readsOf } from './plan-ahead.ts';
import type { PlannedUnit, PlanOptions } from './plan-unit.ts';
import { workThrough } from './queue.ts';
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
  const order = [...wanted].sort();
  const units = new Map(order.map((path) => [path, { path, dependencies: [] }]));
  await workThrough({ units, order }, limit, {
    isStopped: () => context.interruption.signal() !== undefined,
    skip: async () => {},
    run: async (unit) => {
      await context.states.of(unit);
      return 'succeeded';
    },
  });
}

/** What Terragrunt says of mocks, and what files and states say where it is silent. */
export async function mocksOfUnit(
  { configs, states }: Pick<RunContext, 'configs' | 'states'>,
  unit: string,
  said: readonly string[],
): Promise<MockUse[]> {
  const config = configs.get(unit);
  const known = new Map<string, KnownState>();
  for (const { unit: dependency, mocks } of config?.dependencies ?? []) {
    if (mocks !== undefined) known.set(dependency, await states.of(dependency));
  }
  const proven =
    config === undefined ? [] : mocksOf(config, (path) => known.get(path) ?? 'unreadable');
  const others = said.filter((path) => {
    const all = (config?.dependencies ?? []).filter((dependency) => dependency.unit === path);
    // Terragrunt evaluates mocks that no file mentions, and nothing of them comes into the plan.
    const isUnread =
      all.length > 0 && all.every(({ reads }) => reads !== 'all' && reads.length === 0);
    return !isUnread && !proven.some(({ unit: mocked }) => mocked === path);
  });
  return [...proven, ...others.map((path) => ({ unit: path, why: NO_OUTPUTS }))];
}

async function mocksOfAll(
  context: RunContext,
  planned: ReadonlyMap<string, PlannedUnit>,
): Promise<Map<string, MockUse[]>> {
  const mocks = new Map<string, MockUse[]>();
  await Promise.all(
    [...planned].map(async ([unit, { saidMocks }]) => {
      mocks.set(unit, await mocksOfUnit(context, unit, saidMocks));
    }),
  );
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
  const { outcome, waitsFor, dataReads, plannedThrough } = planned;
  const isPlanned = outcome.kind === 'planned';
  return {
    outcome: isPlanned
      ? outcome.plan.isEmpty
        ? 'empty'
        : 'changes'
      : outcome.kind === 'waiting'
        ? 'waiting'
        : 'failed',
    waitsFor,
    mocks,
    outputs: isPlanned ? outcome.plan.outputs : [],
    dataReads,
    plannedThrough,
  };
}

export async function parallelismFor(
  context: Pick<RunContext, 'session'>,
  asked: number | undefined,
): Promise<number> {
  const { host, workspace } = context.session;
  return chooseParallelism({
    asked: asked ?? workspace.settings.parallelism,
    cores: host.machine.cores,
    availableMemoryBytes: await host.machine.availableMemoryBytes(),
  });
}

/** Only from S3 does Terragrunt read outputs without starting Terraform. */
export function planOrder(session: Session, rendered: readonly RenderedUnit[]): 'any' | 'graph' {
  const fromState =
    readsOutputsFromState(session) &&
    rendered.length > 0 &&
    rendered.every(({ backend }) => backend === 's3');
  return fromState ? 'any' : 'graph';
}
