import type { Graph } from '../../domain/graph.ts';
import type { MockUse } from '../../domain/mock-proof.ts';
import { outputsAhead } from '../../domain/planned-output.ts';
import type { OutputReads, UnitConfig } from '../../domain/unit-config.ts';
import type { AheadAnswer } from './ahead-answers.ts';
import type { RunContext } from './context.ts';
import { type PlannedUnit, planFile } from './plan-unit.ts';
import { workThrough } from './queue.ts';
import { recordedPlan, type UnitWorker } from './unit-worker.ts';

/** What has been planned so far, and what it was planned on. */
export interface PlannedSoFar {
  readonly planned: Map<string, PlannedUnit>;
  readonly mocks: ReadonlyMap<string, readonly MockUse[]>;
}

/**
 * Plans once more, in the graph's order, the units that read outputs which an upstream plan changes to
 * a known value: with that value instead of the old one, so that what follows downstream is seen
 * before anything is applied. A plan that fails this way is left out, and the one before it stands.
 */
export async function planAhead(
  context: RunContext,
  graph: Graph,
  worker: UnitWorker,
  { planned, mocks }: PlannedSoFar,
  limit: number,
): Promise<void> {
  await workThrough(graph, limit, {
    isStopped: () => context.interruption.signal() !== undefined,
    skip: async () => {},
    run: async (unit) => {
      const first = planned.get(unit);
      const isPlannable = first?.outcome.kind === 'planned' || first?.outcome.kind === 'failed';
      const answers = isPlannable ? await answersFor(context, graph, unit, { planned, mocks }) : [];
      if (answers.length === 0) return 'succeeded';
      const ahead = await recordedPlan(context, worker, unit, 'through', answers);
      if (ahead.outcome.kind === 'planned') {
        planned.set(unit, ahead);
        // It will not be applied, and a plan file holds the whole state in clear.
        await context.session.host.files.remove(planFile(context.directory, unit, 'plan'));
      }
      return 'succeeded';
    },
  });
}

async function answersFor(
  context: RunContext,
  graph: Graph,
  unit: string,
  { planned, mocks }: PlannedSoFar,
): Promise<AheadAnswer[]> {
  const answers: AheadAnswer[] = [];
  for (const dependency of graph.units.get(unit)?.dependencies ?? []) {
    const upstream = planned.get(dependency);
    const state = await context.states.of(dependency);
    // Without outputs there is nothing to stand in for what is not known yet; and mocks must not flow on.
    const isSound = typeof state !== 'string' && Object.keys(state.outputs).length > 0;
    if (upstream?.outcome.kind !== 'planned' || !isSound || mocks.get(dependency)?.length) continue;
    const reads = readsOf(context.configs, unit, dependency);
    const { outputs, ahead } = outputsAhead(state, upstream.outputs);
    const names = ahead.filter((name) => reads === 'all' || reads.includes(name));
    if (names.length > 0) answers.push({ dependency, outputs, names });
  }
  return answers;
}

/** Which outputs of `dependency` the files of `unit` mention; none where it only gives order. */
export function readsOf(
  configs: ReadonlyMap<string, UnitConfig>,
  unit: string,
  dependency: string,
): OutputReads {
  const config = configs.get(unit);
  // Nothing is known of its files: it may read anything.
  if (config === undefined) return 'all';
  const all = config.dependencies
    .filter(({ unit: path }) => path === dependency)
    .map(({ reads }) => reads);
  return all.includes('all') ? 'all' : [...new Set(all.flat())];
}
