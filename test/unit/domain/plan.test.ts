import { expect, test } from 'vitest';
import {
  addCounts,
  countChanges,
  emptyPlan,
  hasChanges,
  isDestructive,
  type ResourceAction,
} from '../../../src/domain/plan.ts';
import { changeOf, none } from '../support/records.ts';

test.each([
  ['create', 'add'],
  ['update', 'change'],
  ['delete', 'destroy'],
  ['replace', 'replace'],
  ['import', 'import'],
  ['move', 'move'],
  ['forget', 'forget'],
] as const)('%s counts once, under %s', (action, key) => {
  const counts = countChanges({ resources: [changeOf('a', action)], outputs: [] });
  expect(counts).toEqual({ ...none, [key]: 1 });
});

test('a resource with two actions counts under both, an output under outputs', () => {
  const counts = countChanges({ resources: [changeOf('a', 'update', 'move')], outputs: ['id'] });
  expect(counts).toEqual({ ...none, change: 1, move: 1, outputs: 1 });
});

test('counting leaves the zero that everybody shares as it is', () => {
  countChanges({ resources: [changeOf('a', 'create')], outputs: ['id'] });
  expect(countChanges({ resources: [], outputs: [] })).toEqual(none);
});

test('counts add up key by key', () => {
  const ones = { ...none };
  for (const key of Object.keys(ones)) ones[key as keyof typeof ones] = 1;
  const twos = addCounts(ones, ones);
  expect(Object.values(twos)).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
  expect(addCounts(none, ones)).toEqual(ones);
});

test('a plan that changes only an output is a change', () => {
  expect(hasChanges(none)).toBe(false);
  expect(hasChanges({ ...none, outputs: 1 })).toBe(true);
});

test('an empty plan keeps what its checks say', () => {
  expect(emptyPlan(['check.one: no'])).toEqual({
    isEmpty: true,
    resources: [],
    outputs: [],
    knownOutputs: {},
    isNew: false,
    failedChecks: ['check.one: no'],
  });
});

test('an empty plan may be of a unit that is new: mocks can be empty lists', () => {
  expect(emptyPlan([], true)).toMatchObject({ isEmpty: true, isNew: true });
});

test('what takes something away is destructive, and nothing else', () => {
  const all: ResourceAction[] = [
    'create',
    'update',
    'delete',
    'replace',
    'import',
    'move',
    'forget',
  ];
  expect(all.filter(isDestructive)).toEqual(['delete', 'replace', 'forget']);
});
