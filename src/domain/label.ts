import { type Graph, upstreamOf } from './graph.ts';

export type Label = 'exact' | 'provisional' | 'mocked' | 'no-changes' | 'unknown';

/** What is known of one unit's plan before it is labelled. */
export interface PlanFacts {
  readonly outcome: 'changes' | 'empty' | 'waiting' | 'failed';
  /** Dependencies whose outputs came from mocks or, for a plan that waits, are not there. */
  readonly mockedBy: readonly string[];
}

export interface Labelled {
  readonly label: Label;
  readonly reason: string;
}

/**
 * Labels every plan of a run. Conservative: any change upstream makes a plan provisional, because what
 * it was computed from may be different when its turn comes; an empty plan on old outputs is no proof
 * that nothing will change.
 */
export function labelPlans(
  graph: Graph,
  facts: ReadonlyMap<string, PlanFacts>,
): Map<string, Labelled> {
  return new Map(
    graph.order.map((unit) => [unit, labelPlan(facts.get(unit), unsettled(graph, facts, unit))]),
  );
}

function labelPlan(facts: PlanFacts | undefined, upstream: readonly string[]): Labelled {
  if (facts === undefined || facts.outcome === 'failed') {
    return { label: 'unknown', reason: 'the plan failed' };
  }
  if (facts.outcome === 'waiting') {
    return { label: 'unknown', reason: `waits for outputs of ${facts.mockedBy.join(', ')}` };
  }
  if (facts.mockedBy.length > 0) {
    return { label: 'mocked', reason: `no outputs yet: ${facts.mockedBy.join(', ')}` };
  }
  if (upstream.length > 0) {
    return { label: 'provisional', reason: `changes upstream: ${upstream.join(', ')}` };
  }
  return facts.outcome === 'empty'
    ? { label: 'no-changes', reason: '' }
    : { label: 'exact', reason: '' };
}

/** Upstream units of this run whose outputs may still change: nearest dependencies that are not settled. */
function unsettled(
  graph: Graph,
  facts: ReadonlyMap<string, PlanFacts>,
  unit: string,
): readonly string[] {
  // An empty plan on mocks proves nothing: it is made again at its turn.
  const isSettled = (path: string) => {
    const known = facts.get(path);
    return known?.outcome === 'empty' && known.mockedBy.length === 0;
  };
  return [...upstreamOf(graph, unit)].filter((path) => !isSettled(path)).sort();
}
