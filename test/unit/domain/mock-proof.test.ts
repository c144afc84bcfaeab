import { expect, test } from 'vitest';
import { mocksOf } from '../../../src/domain/mock-proof.ts';
import type { UnitDependency } from '../../../src/domain/unit-config.ts';
import type { KnownState } from '../../../src/domain/unit-state.ts';

const dependency = (given: Partial<UnitDependency> = {}): UnitDependency => ({
  name: 'vpc',
  unit: 'net/vpc',
  reads: ['id'],
  enabled: true,
  skipped: false,
  mocks: { id: 'mock' },
  mocksAllowedFor: ['plan'],
  mergesMocks: 'no',
  ...given,
});

const state = (values: Readonly<Record<string, unknown>>): KnownState => ({
  lineage: 'l',
  serial: 1,
  resources: 1,
  outputs: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { sensitive: false, type: null, value }]),
  ),
});

const applied = state({ id: 'vpc-1' });

function whyMocked(given: Partial<UnitDependency>, known: KnownState): string | undefined {
  const config = { unit: 'app', dependencies: [dependency(given)], readsFiles: [] };
  const [use] = mocksOf(config, (unit) => (unit === 'net/vpc' ? known : 'none'));
  if (use !== undefined) expect(use.unit).toBe('net/vpc');
  return use?.why;
}

test.each<[string, KnownState, string | undefined]>([
  ['never applied', 'none', 'has no outputs yet'],
  ['applied without outputs', state({}), 'has no outputs yet'],
  ['a state that nobody can read', 'unreadable', 'has a state that cannot be read'],
  ['outputs', applied, undefined],
  ['outputs, but not the one that is mocked', state({ other: 1 }), undefined],
])('mocks for what has none: %s', (_, known, why) => {
  expect(whyMocked({}, known)).toBe(why);
});

test.each<[string, Partial<UnitDependency>]>([
  ['no mocks', { mocks: undefined }],
  ['a list that does not allow them for a plan', { mocksAllowedFor: ['validate'] }],
  ['nothing that is read', { reads: [] }],
  ['nothing that is read, of one that is switched off', { reads: [], enabled: false }],
  ['no mocks, and switched off', { mocks: undefined, enabled: false }],
  ['skip_outputs and a list without plan', { skipped: true, mocksAllowedFor: ['validate'] }],
])('not on mocks without a state: %s', (_, given) => {
  expect(whyMocked(given, 'none')).toBeUndefined();
  expect(whyMocked(given, 'unreadable')).toBeUndefined();
});

test.each<[string, Partial<UnitDependency>, string]>([
  ['switched off', { enabled: false }, 'is switched off (enabled = false)'],
  [
    'switched off, whatever the list says',
    { enabled: false, mocksAllowedFor: ['validate'] },
    'is switched off (enabled = false)',
  ],
  ['skip_outputs', { skipped: true }, 'has skip_outputs set'],
])('on mocks with all outputs there: %s', (_, given, why) => {
  expect(whyMocked(given, applied)).toBe(why);
});

test.each([undefined, [], ['apply'], ['plan', 'apply']])(
  'an allow-list of %j is no use of mocks where the outputs are real',
  (mocksAllowedFor) => {
    expect(whyMocked({ mocksAllowedFor }, applied)).toBeUndefined();
  },
);

test.each([undefined, []])('an allow-list of %j allows them for a plan', (mocksAllowedFor) => {
  expect(whyMocked({ mocksAllowedFor }, 'none')).toBe('has no outputs yet');
});

// As measured with terragrunt 1.1.3: a map that meets a map is filled, nothing else is.
test.each<['shallow' | 'deep', unknown, Readonly<Record<string, unknown>>, string | undefined]>([
  ['shallow', { id: 'm' }, { id: '' }, undefined],
  ['shallow', { id: 'm', extra: 'm' }, { id: 'x' }, 'lacks "extra" in its state'],
  ['shallow', { id: { a: 'm' } }, { id: {} }, undefined],
  ['deep', { id: { a: 'm' } }, { id: { a: null } }, undefined],
  ['deep', { id: { a: 'm' } }, { id: {} }, 'lacks "id.a" in its state'],
  ['deep', { id: { a: { b: 'm' } } }, { id: { a: { c: 1 } } }, 'lacks "id.a.b" in its state'],
  ['deep', { id: { a: 'm' } }, { id: null }, undefined],
  ['deep', { id: { a: 'm' } }, { id: [] }, undefined],
  ['deep', { id: 'm' }, { id: {} }, undefined],
  ['deep', { id: [{ a: 'm' }] }, { id: [{}] }, undefined],
  ['deep', { extra: 'm' }, { id: 'x' }, 'lacks "extra" in its state'],
  ['deep', 'unknown', { id: 'x' }, 'has mocks that cannot be compared with its state'],
  ['shallow', ['m'], { id: 'x' }, 'has mocks that cannot be compared with its state'],
])('merged %s: %j into %j', (mergesMocks, mocks, values, why) => {
  expect(whyMocked({ mergesMocks, mocks, reads: 'all' }, state(values))).toBe(why);
});

test('a key that nobody reads may be filled by a mock', () => {
  const given = { mergesMocks: 'shallow', mocks: { id: 'm', extra: 'm' } } as const;
  expect(whyMocked({ ...given, reads: ['id'] }, applied)).toBeUndefined();
  expect(whyMocked({ ...given, reads: ['extra'] }, applied)).toBe('lacks "extra" in its state');
});

test('mocks that may not be used in a plan are not merged into one', () => {
  const given = { mergesMocks: 'shallow', mocks: { more: 1 }, reads: 'all' } as const;
  expect(whyMocked({ ...given, mocksAllowedFor: ['validate'] }, applied)).toBeUndefined();
});

test('every dependency is looked at', () => {
  const config = {
    unit: 'app',
    dependencies: [
      dependency(),
      dependency({ unit: 'kms', skipped: true }),
      dependency({ unit: 'dns', mocks: undefined }),
    ],
    readsFiles: [],
  };
  expect(mocksOf(config, () => 'none')).toEqual([
    { unit: 'net/vpc', why: 'has no outputs yet' },
    { unit: 'kms', why: 'has skip_outputs set' },
  ]);
});
