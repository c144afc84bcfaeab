import { expect, test } from 'vitest';
import { mocksOf } from '../../../src/domain/mock-proof.ts';
import type { KnownState } from '../../../src/domain/unit-state.ts';
import { unprovenBlocks, unprovenDependencies } from '../../../src/tools/terragrunt/unproven.ts';

const applied: KnownState = {
  lineage: 'l',
  serial: 1,
  resources: 1,
  outputs: { id: { sensitive: false, type: 'string', value: 'x' } },
};

/** Units that count as mocked where all states have outputs, and where none has. */
function mocked(dependencies: ReturnType<typeof unprovenDependencies>) {
  const config = {
    unit: 'app',
    dependencies: dependencies.map((facts) => ({ ...facts, reads: facts.reads ?? [] })),
    readsFiles: [],
  };
  const by = (state: KnownState) => mocksOf(config, () => state).map(({ unit }) => unit);
  return { applied: by(applied), none: by('none') };
}

test.each([
  ['no mocks', ['inputs = {}'], [], []],
  ['mocks', ['mock_outputs = {}'], [], ['net/vpc']],
  ['mocks that may be merged', ['mock_outputs_merge_with_state = true'], ['net/vpc'], ['net/vpc']],
  ['mocks instead', ['mock_outputs = {}', 'skip_outputs = true'], ['net/vpc'], ['net/vpc']],
])('a unit that cannot be rendered, with %s in its texts', (_, texts, whenApplied, whenNot) => {
  expect(mocked(unprovenDependencies(['net/vpc'], ['vpc'], texts))).toEqual({
    applied: whenApplied,
    none: whenNot,
  });
});

test('one that find does not list may be switched off, and its mocks taken', () => {
  const texts = ['mock_outputs = {}\nenabled = false'];
  expect(mocked(unprovenDependencies(['net/vpc'], ['vpc', 'kms'], texts)).applied).toEqual([
    'vpc',
    'kms',
  ]);
  expect(mocked(unprovenDependencies(['net/vpc'], ['vpc'], texts)).applied).toEqual([]);
});

test('anything may be read of them', () => {
  expect(unprovenDependencies(['vpc'], [], [])).toMatchObject([{ unit: 'vpc', reads: 'all' }]);
});

test('blocks of a file of which nothing else is known', () => {
  expect(mocked(unprovenBlocks(['vpc'], '../deps.hcl', 'mock_outputs = {}')).applied).toEqual([
    '../deps.hcl',
  ]);
  expect(mocked(unprovenBlocks(['vpc'], '../deps.hcl', '')).none).toEqual([]);
});
