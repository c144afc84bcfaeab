import { expect, test } from 'vitest';
import { checkTree, type TreeFacts } from '../../../src/domain/tree.ts';

const facts = (given: Partial<TreeFacts> = {}): TreeFacts => ({
  all: ['vpc', 'eks'],
  units: [
    { path: 'vpc', dependencies: [] },
    { path: 'eks', dependencies: ['vpc'] },
  ],
  existingOutside: new Set(),
  brokenFiles: [],
  cycle: undefined,
  sharedStates: [],
  ...given,
});

function problemsOf(given: Partial<TreeFacts>): string[] {
  const result = checkTree(facts(given));
  return result.kind === 'tree' ? [] : result.problems.map(({ what }) => what);
}

test('a sound tree is its graph', () => {
  const result = checkTree(facts());
  expect(result.kind === 'tree' && result.tree.graph.order).toEqual(['vpc', 'eks']);
});

test('a dependency outside the folder is kept aside if it exists', () => {
  const units = [{ path: 'eks', dependencies: ['../base/vpc'] }];
  const result = checkTree(
    facts({ all: ['eks'], units, existingOutside: new Set(['../base/vpc']) }),
  );
  expect(result.kind === 'tree' && [...result.tree.outside]).toEqual([['eks', ['../base/vpc']]]);
});

test('a dependency on a folder that is no unit is refused', () => {
  const units = [
    { path: 'vpc', dependencies: [] },
    { path: 'eks', dependencies: ['vcp'] },
  ];
  expect(problemsOf({ units })).toEqual(['unit "eks" depends on "vcp", which is not a unit']);
});

test('a circle that Terragrunt names is named, without blaming the units it dropped', () => {
  expect(problemsOf({ units: [], cycle: ['vpc', 'eks', 'vpc'] })).toEqual([
    'units depend on each other in a circle: vpc -> eks -> vpc',
  ]);
});

test('a circle that Terragrunt does not name is found all the same', () => {
  const units = [
    { path: 'vpc', dependencies: ['eks'] },
    { path: 'eks', dependencies: ['vpc'] },
  ];
  expect(problemsOf({ units })).toEqual([
    'units depend on each other in a circle: eks -> vpc -> eks',
  ]);
});

test('two units with one state are refused', () => {
  expect(problemsOf({ sharedStates: [['eks', 'vpc']] })).toEqual([
    'units "eks" and "vpc" write the same state',
  ]);
});

test('a unit whose dependencies nobody can read is not run as if it had none', () => {
  expect(problemsOf({ units: [{ path: 'vpc', dependencies: [] }] })).toEqual([
    'the dependencies of "eks" cannot be read',
  ]);
});

test('everything that is wrong is said at once', () => {
  const what = problemsOf({
    brokenFiles: [{ what: 'unclosed block', where: 'a:3' }],
    cycle: ['a', 'b', 'a'],
    sharedStates: [['eks', 'vpc']],
  });
  expect(what).toHaveLength(3);
});
