import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dependentsOf, type Graph, upstreamOf } from '../../../src/domain/graph.ts';
import { nextQueueStep, type QueueState, withoutOrder } from '../../../src/domain/schedule.ts';
import { anyGraph, graphOf } from '../support/graphs.ts';

interface Simulation {
  readonly states: ReadonlyMap<string, QueueState>;
  readonly mostAtOnce: number;
}

/** Runs a queue to its end; `pick` says which of the running units ends next. */
function simulate(
  graph: Graph,
  limit: number,
  fails: ReadonlySet<string>,
  pick: (count: number) => number,
): Simulation {
  const states = new Map<string, QueueState>();
  const running: string[] = [];
  let mostAtOnce = 0;
  for (;;) {
    const step = nextQueueStep(graph, states, limit);
    for (const { unit, blockedBy: causes } of step.skip) {
      expect(states.has(unit)).toBe(false);
      // Failures that come later are not in it: the unit is told of as soon as it is certain.
      const failed = [...upstreamOf(graph, unit)].filter((path) => states.get(path) === 'failed');
      expect(causes).toEqual(failed.sort());
      expect(causes).not.toEqual([]);
      states.set(unit, 'skipped');
    }
    for (const unit of step.start) {
      expect(states.has(unit)).toBe(false);
      for (const dependency of graph.units.get(unit)?.dependencies ?? []) {
        expect(states.get(dependency)).toBe('succeeded');
      }
      states.set(unit, 'running');
      running.push(unit);
    }
    mostAtOnce = Math.max(mostAtOnce, running.length);
    if (running.length === 0) return { states, mostAtOnce };
    const [ended = ''] = running.splice(pick(running.length), 1);
    states.set(ended, fails.has(ended) ? 'failed' : 'succeeded');
  }
}

const anyRun = fc.record({
  graph: anyGraph,
  limit: fc.integer({ min: 1, max: 5 }),
  failing: fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
  picks: fc.infiniteStream(fc.nat()),
});

test('any run with any failures: order, limit, and exactly the dependents of failures are blocked', () => {
  fc.assert(
    fc.property(anyRun, ({ graph, limit, failing, picks }) => {
      const fails = new Set(graph.order.filter(() => failing.next().value === 0));
      const run = simulate(graph, limit, fails, (count) => picks.next().value % count);
      expect(run.mostAtOnce).toBeLessThanOrEqual(limit);
      const failed = graph.order.filter((unit) => run.states.get(unit) === 'failed');
      const blocked = dependentsOf(graph, failed);
      for (const unit of graph.order) {
        const state = run.states.get(unit);
        const expected = fails.has(unit) ? 'failed' : 'succeeded';
        expect(state).toBe(blocked.has(unit) ? 'skipped' : expected);
      }
    }),
    { numRuns: 300 },
  );
});

test('without order as many start at once as the limit lets', () => {
  fc.assert(
    fc.property(anyGraph, fc.integer({ min: 1, max: 5 }), (graph, limit) => {
      const run = simulate(withoutOrder(graph), limit, new Set(), () => 0);
      expect(run.mostAtOnce).toBe(Math.min(limit, graph.order.length));
    }),
  );
});

test('what blocks is the root cause, not the unit before it', () => {
  const chain = graphOf({ a: [], b: ['a'], c: ['b'], d: [] });
  expect(nextQueueStep(chain, new Map([['a', 'failed']]), 4)).toEqual({
    start: ['d'],
    skip: [
      { unit: 'b', blockedBy: ['a'] },
      { unit: 'c', blockedBy: ['a'] },
    ],
  });
});

test('a failure that comes later is handed on through a unit that is skipped already', () => {
  const graph = graphOf({ a: [], b: ['a'], c: ['b'] });
  const states = new Map<string, QueueState>([
    ['a', 'failed'],
    ['b', 'skipped'],
  ]);
  expect(nextQueueStep(graph, states, 1).skip).toEqual([{ unit: 'c', blockedBy: ['a'] }]);
});

test('at the limit nothing starts, but what is blocked is told', () => {
  const graph = graphOf({ a: [], b: [], c: ['b'], d: [] });
  const states = new Map<string, QueueState>([
    ['a', 'running'],
    ['b', 'failed'],
  ]);
  expect(nextQueueStep(graph, states, 1)).toEqual({
    start: [],
    skip: [{ unit: 'c', blockedBy: ['b'] }],
  });
});
