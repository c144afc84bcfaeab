import fc from 'fast-check';
import { expect, test } from 'vitest';
import { upstreamOf } from '../../../src/domain/graph.ts';
import { labelPlans, type PlanFacts } from '../../../src/domain/label.ts';
import { anyGraph, graphOf } from '../support/graphs.ts';

const facts = (outcome: PlanFacts['outcome'], ...mockedBy: string[]): PlanFacts => ({
  outcome,
  mockedBy,
});

const chain = graphOf({ a: [], b: ['a'], c: ['b'] });

test.each([
  ['nothing to do anywhere', 'empty', 'empty', 'empty', 'no-changes no-changes no-changes'],
  ['the last changes alone', 'empty', 'empty', 'changes', 'no-changes no-changes exact'],
  [
    'a change travels past an empty plan',
    'changes',
    'empty',
    'empty',
    'exact provisional provisional',
  ],
  ['a change under a change', 'empty', 'changes', 'changes', 'no-changes exact provisional'],
  [
    'a plan that waits is unknown, and so is what comes of it',
    'waiting',
    'empty',
    'changes',
    'unknown provisional provisional',
  ],
  [
    'a failed plan is unknown, and so is what comes of it',
    'failed',
    'empty',
    'changes',
    'unknown provisional provisional',
  ],
] as const)('%s', (_, a, b, c, expected) => {
  const labels = labelPlans(
    chain,
    new Map([
      ['a', facts(a)],
      ['b', facts(b)],
      ['c', facts(c)],
    ]),
  );
  expect([...labels.values()].map(({ label }) => label).join(' ')).toBe(expected);
});

test('a plan on mocks is mocked, whatever else is true of it, and says whose outputs are missing', () => {
  const labels = labelPlans(
    chain,
    new Map([
      ['a', facts('changes')],
      ['b', facts('changes', 'a')],
      ['c', facts('empty', 'a', 'b')],
    ]),
  );
  expect(labels.get('b')).toEqual({ label: 'mocked', reason: 'no outputs yet: a' });
  expect(labels.get('c')).toEqual({ label: 'mocked', reason: 'no outputs yet: a, b' });
});

test('an empty plan on mocks settles nothing for what comes after it', () => {
  const labels = labelPlans(
    chain,
    new Map([
      ['a', facts('empty')],
      ['b', facts('empty', '../base')],
      ['c', facts('empty')],
    ]),
  );
  expect(labels.get('c')).toEqual({ label: 'provisional', reason: 'changes upstream: b' });
});

test('the reason names every unit that may still change', () => {
  const labels = labelPlans(
    chain,
    new Map([
      ['a', facts('changes')],
      ['b', facts('changes')],
      ['c', facts('changes')],
    ]),
  );
  expect(labels.get('c')?.reason).toBe('changes upstream: a, b');
});

test('a unit that was never planned is unknown', () => {
  expect(labelPlans(chain, new Map()).get('a')?.label).toBe('unknown');
});

test('any run: exact or no-changes only where everything upstream is proven to stay as it is', () => {
  const anyFacts = fc.infiniteStream(
    fc.record({
      outcome: fc.constantFrom<PlanFacts['outcome']>('changes', 'empty', 'empty', 'failed'),
      mockedBy: fc.constantFrom<string[]>([], [], [], ['../base']),
    }),
  );
  fc.assert(
    fc.property(anyGraph, anyFacts, (graph, stream) => {
      const known = new Map(graph.order.map((unit) => [unit, stream.next().value]));
      const labels = labelPlans(graph, known);
      for (const [unit, { label }] of labels) {
        if (label !== 'exact' && label !== 'no-changes') continue;
        for (const path of upstreamOf(graph, unit)) {
          expect(labels.get(path)?.label).toBe('no-changes');
        }
      }
    }),
  );
});
