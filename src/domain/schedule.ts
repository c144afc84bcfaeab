import type { Graph } from './graph.ts';

/** Where a unit stands in a run's queue. `stopped` and `failed` both keep dependents from starting. */
export type QueueState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'skipped';

export interface QueueStep {
  /** Units to start now, in order. */
  readonly start: readonly string[];
  /** Units that will never start in this run, each with the failed units that block it. */
  readonly skip: readonly { readonly unit: string; readonly blockedBy: readonly string[] }[];
}

/**
 * What to do next: start units whose dependencies have all succeeded, up to `limit` running at once,
 * and skip those that have a failed dependency, however far away.
 */
export function nextQueueStep(
  graph: Graph,
  states: ReadonlyMap<string, QueueState>,
  limit: number,
): QueueStep {
  let running = [...states.values()].filter((state) => state === 'running').length;
  const start: string[] = [];
  const skip: { unit: string; blockedBy: readonly string[] }[] = [];
  // Root causes travel along the order: a unit that is skipped hands on what blocks it.
  const causes = new Map<string, readonly string[]>();
  for (const unit of graph.order) {
    const dependencies = graph.units.get(unit)?.dependencies ?? [];
    const state = states.get(unit) ?? 'waiting';
    if (state === 'failed') causes.set(unit, [unit]);
    const blockedBy = [...new Set(dependencies.flatMap((path) => causes.get(path) ?? []))].sort();
    if (state === 'skipped') causes.set(unit, blockedBy);
    if (state !== 'waiting') continue;
    if (blockedBy.length > 0) {
      causes.set(unit, blockedBy);
      skip.push({ unit, blockedBy });
    } else if (running < limit && dependencies.every((path) => states.get(path) === 'succeeded')) {
      running += 1;
      start.push(unit);
    }
  }
  return { start, skip };
}

/** The same units without order: plans need none. */
export function withoutOrder(graph: Graph): Graph {
  return {
    units: new Map(graph.order.map((path) => [path, { path, dependencies: [] }])),
    order: graph.order,
  };
}
