import { type Graph, upstreamOf } from './graph.ts';
import type { MockUse } from './mock-proof.ts';
import type { OutputReads } from './unit-config.ts';

export type Label = 'exact' | 'provisional' | 'mocked' | 'no-changes' | 'unknown';

/** What is known of one unit's plan before it is labelled. */
export interface PlanFacts {
  readonly outcome: 'changes' | 'empty' | 'waiting' | 'failed';
  /** Units without outputs that it cannot be planned without. */
  readonly waitsFor: readonly string[];
  readonly mocks: readonly MockUse[];
  /** Outputs whose value the plan changes. */
  readonly outputs: readonly string[];
  /** Data sources read while planning, whose answer depends on what others made. */
  readonly dataReads: readonly string[];
  /** Upstream outputs, as `unit.output`, that it was planned with the new value of. */
  readonly plannedThrough: readonly string[];
}

export interface Labelled {
  readonly label: Label;
  readonly reason: string;
  /** What it was planned without: upstream outputs that will be known later, and the like. */
  readonly pending: readonly string[];
}

/** Which outputs of `dependency` the files of `unit` mention; none where it only gives order. */
export type ReadsOf = (unit: string, dependency: string) => OutputReads;

/**
 * Labels every plan of a run. A plan is exact only if nothing that it was computed from can be
 * different when its turn comes: each unit that it reads outputs of is itself exact or unchanged and
 * changes none of those outputs, and no data source was read while anything upstream has changes.
 * So labels travel: on old outputs the plan of a third unit may be empty and wrong.
 */
export function labelPlans(
  graph: Graph,
  facts: ReadonlyMap<string, PlanFacts>,
  readsOf: ReadsOf,
): Map<string, Labelled> {
  const labels = new Map<string, Labelled>();
  for (const unit of graph.order) {
    labels.set(unit, labelPlan(unit, facts.get(unit), { graph, facts, readsOf, labels }));
  }
  return labels;
}

interface Upstream {
  readonly graph: Graph;
  readonly facts: ReadonlyMap<string, PlanFacts>;
  readonly readsOf: ReadsOf;
  /** Of all units that come before. */
  readonly labels: ReadonlyMap<string, Labelled>;
}

function labelPlan(unit: string, facts: PlanFacts | undefined, upstream: Upstream): Labelled {
  if (facts === undefined || facts.outcome === 'failed') {
    return { label: 'unknown', reason: 'the plan failed', pending: [] };
  }
  if (facts.outcome === 'waiting') {
    const reason = `waits for outputs of ${facts.waitsFor.join(', ')}`;
    return { label: 'unknown', reason, pending: [] };
  }
  const doubts = [...doubtedReads(unit, facts, upstream), ...oldData(unit, facts, upstream)];
  const pending = doubts.filter(({ isPending }) => isPending).map(({ text }) => text);
  if (facts.mocks.length > 0) {
    return { label: 'mocked', reason: mocksText(facts.mocks), pending };
  }
  const through = facts.plannedThrough;
  const reasons = [
    ...(through.length > 0 ? [`planned through ${through.join(', ')}`] : []),
    ...doubts.map(({ text }) => text),
  ];
  if (reasons.length > 0) return { label: 'provisional', reason: reasons.join('; '), pending };
  return { label: facts.outcome === 'empty' ? 'no-changes' : 'exact', reason: '', pending };
}

/** Why a plan may come out different at its turn. */
interface Doubt {
  readonly text: string;
  /** What will be is not known; otherwise it is, and the plan was made with it. */
  readonly isPending: boolean;
}

/** What flows in and is not proven to be what it will be. */
function doubtedReads(unit: string, facts: PlanFacts, upstream: Upstream): Doubt[] {
  const dependencies = upstream.graph.units.get(unit)?.dependencies ?? [];
  return dependencies.flatMap((dependency): Doubt[] => {
    const reads = upstream.readsOf(unit, dependency);
    if (reads !== 'all' && reads.length === 0) return [];
    const { label = 'unknown', pending = [] } = upstream.labels.get(dependency) ?? {};
    if (label === 'mocked') return [{ text: `${dependency} is on mocks`, isPending: true }];
    if (label === 'unknown') return [{ text: `${dependency} has no plan`, isPending: true }];
    if (pending.length > 0) return [{ text: `${dependency} is provisional`, isPending: true }];
    const changed = (upstream.facts.get(dependency)?.outputs ?? [])
      .filter((name) => reads === 'all' || reads.includes(name))
      .map((name) => `${dependency}.${name}`);
    const old = changed.filter((name) => !facts.plannedThrough.includes(name));
    if (old.length > 0)
      return [
        { text: `${old.join(', ')} ${old.length > 1 ? 'change' : 'changes'}`, isPending: true },
      ];
    return label === 'provisional' && changed.length === 0
      ? [{ text: `${dependency} is provisional`, isPending: false }]
      : [];
  });
}

/** A data source asks the cloud, so what any unit upstream is about to change may be its answer. */
function oldData(unit: string, facts: PlanFacts, { graph, labels }: Upstream): Doubt[] {
  const [read] = facts.dataReads;
  if (read === undefined) return [];
  const [changing] = [...upstreamOf(graph, unit)]
    .filter((path) => labels.get(path)?.label !== 'no-changes')
    .sort();
  if (changing === undefined) return [];
  return [{ text: `${read} was read before ${changing} changes`, isPending: true }];
}

/** `vpc has no outputs yet`, `account, vpc have no outputs yet`. */
export function mocksText(mocks: readonly MockUse[]): string {
  const byReason = new Map<string, string[]>();
  for (const { unit, why } of mocks) byReason.set(why, [...(byReason.get(why) ?? []), unit]);
  return [...byReason]
    .map(
      ([why, units]) =>
        `${units.join(', ')} ${
          units.length > 1
            ? why
                .replace(/^has /, 'have ')
                .replace(/^is /, 'are ')
                .replace(/^lacks /, 'lack ')
            : why
        }`,
    )
    .join('; ');
}
