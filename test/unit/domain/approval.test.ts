import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ApprovedUnit,
  beyondApproval,
  type Coverage,
  coverageOf,
} from '../../../src/domain/approval.ts';
import type { Label } from '../../../src/domain/label.ts';
import type { ResourceAction, ResourceChange } from '../../../src/domain/plan.ts';
import { changeOf } from '../support/records.ts';

const ACTIONS: readonly ResourceAction[] = [
  'create',
  'update',
  'delete',
  'replace',
  'import',
  'move',
  'forget',
];
const PENDING = ['vpc.id changes'];

const approved = (given: Partial<ApprovedUnit> = {}): ApprovedUnit => ({
  label: 'provisional',
  isNew: false,
  pending: [],
  resources: [],
  knownOutputs: {},
  outputs: [],
  ...given,
});
/** What goes beyond an approval in which all that flows in was known. */
const beyondShown = (shown: readonly ResourceChange[], ...resources: ResourceChange[]) =>
  beyondApproval(approved({ resources: shown }), { resources, outputs: [] });
/** The same where something that flows in was not known. */
const beyondPending = (shown: readonly ResourceChange[], ...resources: ResourceChange[]) =>
  beyondApproval(approved({ resources: shown, pending: PENDING }), { resources, outputs: [] });

test.each<[Label, boolean, readonly string[], Coverage]>([
  ['exact', false, [], 'shown'],
  ['exact', true, [], 'shown'],
  ['no-changes', false, [], 'shown'],
  ['provisional', false, [], 'shown'],
  ['provisional', true, [], 'shown'],
  ['provisional', false, PENDING, 'shown-and-in-place'],
  ['provisional', true, PENDING, 'shown-and-in-place'],
  ['mocked', true, [], 'creates'],
  ['mocked', true, PENDING, 'creates'],
  ['mocked', false, [], 'nothing'],
  ['mocked', false, PENDING, 'nothing'],
  ['unknown', true, [], 'creates'],
  ['unknown', false, PENDING, 'nothing'],
])('a plan that is %s, new %s, pending %j: a yes covers %s', (label, isNew, pending, coverage) => {
  expect(coverageOf(approved({ label, isNew, pending }))).toBe(coverage);
});

test.each(ACTIONS)('a unit on mocks without a state may create and nothing else: %s', (action) => {
  const resources = [changeOf('a', action)];
  const expected = action === 'create' ? [] : [`${action} a`];
  const plan = { resources, outputs: [] };
  expect(beyondApproval(approved({ label: 'mocked', isNew: true }), plan)).toEqual(expected);
  // What was shown was a guess: it covers nothing.
  const guess = approved({ label: 'mocked', isNew: true, resources });
  expect(beyondApproval(guess, plan)).toEqual(expected);
});

test('a unit on mocks without a state: of two actions the one that is no create is told', () => {
  const plan = { resources: [changeOf('a', 'forget', 'create')], outputs: ['id'] };
  expect(beyondApproval(approved({ label: 'mocked', isNew: true }), plan)).toEqual(['forget a']);
});

test('what is made for the first time may have any outputs', () => {
  const plan = { resources: [changeOf('a', 'create')], outputs: ['id'] };
  expect(beyondApproval(approved({ label: 'mocked', isNew: true }), plan)).toEqual([]);
});

test.each(ACTIONS)('a unit on mocks that has a state may do nothing: %s', (action) => {
  const resources = [changeOf('a', action)];
  const plan = { resources, outputs: [] };
  expect(beyondApproval(approved({ label: 'mocked', resources }), plan)).toEqual([`${action} a`]);
});

test('a unit on mocks that has a state may do nothing: not even to its outputs', () => {
  const plan = { resources: [], outputs: ['id'] };
  expect(beyondApproval(approved({ label: 'mocked' }), plan)).not.toEqual([]);
});

test.each(ACTIONS)('what was shown is covered: %s', (action) => {
  const shown = changeOf('a', action);
  expect(beyondShown([shown], shown)).toEqual([]);
  expect(beyondPending([shown], shown)).toEqual([]);
});

test.each(ACTIONS)('what was not shown is not: %s', (action) => {
  expect(beyondShown([], changeOf('a', action))).toEqual([`${action} a was not shown`]);
});

test.each(ACTIONS)('what was shown elsewhere is not: %s', (action) => {
  const shown = [changeOf('a', action)];
  expect(beyondShown(shown, changeOf('b', action))).toEqual([`${action} b was not shown`]);
});

const OTHER_PAIRS = ACTIONS.flatMap((shown) =>
  ACTIONS.filter((action) => action !== shown).map((action) => [shown, action] as const),
);

test.each(OTHER_PAIRS)('where a %s was shown, a %s is not covered', (shown, action) => {
  const expected = [`${action} a was not shown`];
  expect(beyondShown([changeOf('a', shown)], changeOf('a', action))).toEqual(expected);
  expect(beyondPending([changeOf('a', shown)], changeOf('a', action))).toEqual(expected);
});

test('each action of a resource is asked about by itself', () => {
  expect(beyondShown([changeOf('a', 'move')], changeOf('a', 'update', 'move'))).toEqual([
    'update a was not shown',
  ]);
});

/** An update of a cluster's tags, and what else is said. */
const update = (given: Partial<ResourceChange> = {}): ResourceChange => ({
  ...changeOf('cluster', 'update'),
  attributes: ['tags'],
  ...given,
});
const to = (after: string, before = '1.32') => [{ attribute: 'version', before, after }];
const versionTo = (after: string, before?: string) =>
  update({ attributes: ['tags', 'version'], values: to(after, before) });

const both = [
  ['all that flows in was known', beyondShown],
  ['something was not known', beyondPending],
] as const;

test.each(both)('an update of tags covers no update of a version, where %s', (_, beyond) => {
  expect(beyond([update()], versionTo('1.33'))).toEqual(['cluster also changes "version"']);
});

test.each(both)('an update may change an attribute less, where %s', (_, beyond) => {
  expect(beyond([versionTo('1.33')], update())).toEqual([]);
});

test.each(both)('a version is the one that was shown, where %s', (_, beyond) => {
  expect(beyond([versionTo('1.33')], versionTo('1.34'))).toEqual(['cluster gets "version" 1.34']);
});

test.each(both)('from which version it comes does not matter, where %s', (_, beyond) => {
  expect(beyond([versionTo('1.33')], versionTo('1.33', '1.31'))).toEqual([]);
});

test.each(both)('of several values each is compared with its own, where %s', (_, beyond) => {
  const chart = (version: string) => [
    { attribute: 'chart', before: 'a', after: 'b' },
    { attribute: 'version', before: '1.0.0', after: version },
  ];
  const release = (version: string) =>
    update({ attributes: ['chart', 'version'], values: chart(version) });
  expect(beyond([release('2.0.0')], release('2.0.0'))).toEqual([]);
  expect(beyond([release('2.0.0')], release('b'))).toEqual(['cluster gets "version" b']);
});

test.each(both)('a version that was to be known later is not covered, where %s', (_, beyond) => {
  expect(beyond([versionTo('(known later)')], versionTo('1.33'))).toEqual([
    'cluster gets "version" 1.33',
  ]);
});

const replace = (given: Partial<ResourceChange> = {}): ResourceChange => ({
  ...changeOf('a', 'replace'),
  forcedBy: ['name'],
  attributes: ['name'],
  ...given,
});

test.each(both)('a replacement is forced by what was shown alone, where %s', (_, beyond) => {
  expect(beyond([replace()], replace({ forcedBy: ['name', 'subnet'] }))).toEqual([
    'a is replaced because of "subnet" too',
  ]);
  expect(beyond([replace({ forcedBy: ['name', 'subnet'] })], replace())).toEqual([]);
});

test.each(both)('a replacement changes no more than was shown, where %s', (_, beyond) => {
  expect(beyond([replace()], replace({ attributes: ['name', 'size'] }))).toEqual([
    'a also changes "size"',
  ]);
});

test.each(['delete', 'forget'] as const)('of a %s nothing is left to compare', (action) => {
  const shown = { ...changeOf('a', action), attributes: ['name'], known: { name: 'h' } };
  expect(beyondShown([shown], { ...changeOf('a', action), attributes: ['size'] })).toEqual([]);
});

test('what is forgotten and made anew is compared like anything that is made', () => {
  const anew = (tags: string) => ({
    ...changeOf('a', 'forget', 'create'),
    attributes: ['tags'],
    known: { tags },
  });
  expect(beyondShown([anew('h1')], anew('h1'))).toEqual([]);
  expect(beyondShown([anew('h1')], anew('h2'))).toEqual(['a gets another "tags" than was shown']);
});

const valued = (action: ResourceAction, known: Readonly<Record<string, string>>) => ({
  ...changeOf('a', action),
  attributes: ['tags'],
  known,
});

test.each(['create', 'update', 'replace'] as const)('%s: the same value is covered', (action) => {
  expect(beyondShown([valued(action, { tags: 'h1' })], valued(action, { tags: 'h1' }))).toEqual([]);
});

test.each(['create', 'update', 'replace'] as const)('%s: another value is not', (action) => {
  expect(beyondShown([valued(action, { tags: 'h1' })], valued(action, { tags: 'h2' }))).toEqual([
    'a gets another "tags" than was shown',
  ]);
});

test.each(['create', 'update', 'replace'] as const)('%s: nor one that is open now', (action) => {
  expect(beyondShown([valued(action, { tags: 'h1' })], valued(action, {}))).toEqual([
    'a gets another "tags" than was shown',
  ]);
});

test.each(['create', 'update', 'replace'] as const)(
  '%s: one that was open may be any',
  (action) => {
    expect(beyondShown([valued(action, {})], valued(action, { tags: 'h2' }))).toEqual([]);
  },
);

test.each(['create', 'replace'] as const)('%s: a new thing lacks no value', (action) => {
  const shown = valued(action, { tags: 'h1' });
  expect(beyondShown([shown], changeOf('a', action))).toEqual([
    'a gets another "tags" than was shown',
  ]);
});

test('what is moved and made anew lacks no value either', () => {
  const anew = { ...changeOf('a', 'replace', 'move'), attributes: ['tags'], known: { tags: 'h1' } };
  expect(beyondShown([anew], changeOf('a', 'replace', 'move'))).toEqual([
    'a gets another "tags" than was shown',
  ]);
});

test('an update that leaves an attribute as it is does less', () => {
  expect(beyondShown([valued('update', { tags: 'h1' })], changeOf('a', 'update'))).toEqual([]);
});

test.each(['move', 'import'] as const)(
  'a %s without the update that was shown is less',
  (action) => {
    const shown = {
      ...changeOf('a', 'update', action),
      attributes: ['tags'],
      known: { tags: 'h1' },
    };
    expect(beyondShown([shown], changeOf('a', action))).toEqual([]);
  },
);

test('a value that people decide on is told once, with the value', () => {
  const shown = { ...versionTo('1.33'), known: { version: 'h33' } };
  const planned = { ...versionTo('1.34'), known: { version: 'h34' } };
  expect(beyondShown([shown], planned)).toEqual(['cluster gets "version" 1.34']);
});

test('everything that goes beyond is told', () => {
  const shown = replace({ known: { name: 'h1' } });
  const planned = replace({
    attributes: ['name', 'size'],
    forcedBy: ['name', 'size'],
    known: { name: 'h2', size: 'h3' },
  });
  expect(beyondShown([shown], planned, changeOf('b', 'delete'))).toEqual([
    'a also changes "size"',
    'a is replaced because of "size" too',
    'a gets another "name" than was shown',
    'delete b was not shown',
  ]);
});

test('where something was not known, an update in place that follows from it is covered', () => {
  expect(beyondPending([], update())).toEqual([]);
  expect(beyondShown([], update())).toEqual(['update cluster was not shown']);
});

test('an update of a version follows from nothing', () => {
  expect(beyondPending([], versionTo('1.33'))).toEqual(['update cluster was not shown']);
});

test.each(ACTIONS.filter((action) => action !== 'update'))(
  'where something was not known, nothing else follows from it: %s',
  (action) => {
    expect(beyondPending([], changeOf('a', action))).toEqual([`${action} a was not shown`]);
    expect(beyondPending([], changeOf('a', action, 'update'))).toEqual([
      `${action} a was not shown`,
      'update a was not shown',
    ]);
  },
);

test.each(['create', 'update', 'replace'] as const)(
  'where something was not known, a value that came of it is another one now: %s',
  (action) => {
    expect(beyondPending([valued(action, { tags: 'h1' })], valued(action, { tags: 'h2' }))).toEqual(
      [],
    );
  },
);

test('where something was not known, a new thing may have an attribute more', () => {
  const create = { ...changeOf('a', 'create'), attributes: ['tags'] };
  expect(beyondPending([changeOf('a', 'create')], create)).toEqual([]);
  expect(beyondShown([changeOf('a', 'create')], create)).toEqual(['a also changes "tags"']);
});

test.each<[string, Partial<ApprovedUnit>, readonly string[]]>([
  ['that was shown', { outputs: ['id'] }, []],
  ['that was not', { outputs: ['arn'] }, ['output "id" changes too']],
  ['that was not, where something was not known', { pending: PENDING }, []],
])('an output %s', (_, given, expected) => {
  expect(beyondApproval(approved(given), { resources: [], outputs: ['id'] })).toEqual(expected);
});

const tainted = { ...changeOf('a', 'replace'), reason: 'replace_because_tainted' };
const afterTaint = (
  given: Partial<ApprovedUnit>,
  planned: ResourceChange = tainted,
  taintedMayBeReplaced = true,
) =>
  beyondApproval(approved(given), { resources: [planned], outputs: [] }, { taintedMayBeReplaced });
const made = { resources: [changeOf('a', 'create')] };

test('what a run left half made may be made again when that run is resumed', () => {
  expect(afterTaint(made)).toEqual([]);
  expect(afterTaint({ ...made, pending: PENDING })).toEqual([]);
});

test('in a unit that is new, on mocks, everything was made by that run', () => {
  expect(afterTaint({ label: 'mocked', isNew: true })).toEqual([]);
});

test('what it left half made where it was moved to, too', () => {
  expect(afterTaint({ resources: [changeOf('a', 'replace', 'move')] })).toEqual([]);
});

test('what it left half replaced, too', () => {
  expect(afterTaint({ resources: [replace()] })).toEqual([]);
});

test('it may not when no run is resumed', () => {
  const expected = ['replace a was not shown'];
  expect(afterTaint(made, tainted, false)).toEqual(expected);
  const plan = { resources: [tainted], outputs: [] };
  expect(beyondApproval(approved(made), plan)).toEqual(expected);
});

test.each([undefined, 'replace_because_cannot_update', 'replace_by_request'])(
  'nor for any other reason: %s',
  (reason) => {
    expect(afterTaint(made, replace({ reason }))).toEqual(['replace a was not shown']);
  },
);

test.each<[string, readonly ResourceChange[]]>([
  ['nothing', []],
  ['an update', [changeOf('a', 'update')]],
])('nor where that run was approved to do another thing to it: %s', (_, resources) => {
  expect(afterTaint({ resources })).toEqual(['replace a was not shown']);
});

const COMBINATIONS: readonly ResourceChange['actions'][] = [
  ...ACTIONS.map((action) => [action]),
  ['update', 'move'],
  ['replace', 'move'],
  ['update', 'import'],
  ['forget', 'create'],
];
const ATTRIBUTES = ['tags', 'name', 'version'];
const ADDRESSES = ['a', 'b', 'c', 'd'];

/** Changes as Terraform may plan them: what is known or shown of an attribute is of one that changes. */
const anyChange: fc.Arbitrary<ResourceChange> = fc
  .record({
    address: fc.constantFrom(...ADDRESSES),
    actions: fc.constantFrom(...COMBINATIONS),
    attributes: fc.subarray(ATTRIBUTES),
    unknown: fc.subarray(ATTRIBUTES),
    hash: fc.constantFrom('h1', 'h2'),
    after: fc.constantFrom('1.33', '1.34'),
    forced: fc.boolean(),
  })
  .map(({ address, actions, attributes, unknown, hash, after, forced }) => ({
    ...changeOf(address, ...actions),
    attributes,
    forcedBy: actions.includes('replace') && forced ? attributes.slice(0, 1) : [],
    known: Object.fromEntries(
      attributes.filter((name) => !unknown.includes(name)).map((name) => [name, hash]),
    ),
    values: actions.includes('update') && attributes.includes('version') ? to(after) : [],
  }));
const anyChanges = fc.uniqueArray(anyChange, { selector: ({ address }) => address });
const anyOutputs = fc.subarray(['id', 'arn']);
const anyKnownOutputs = fc.constantFrom({}, { id: 'h1' }, { id: 'h1', arn: 'h2' });
const anyPlan = fc.record({ resources: anyChanges, outputs: anyOutputs });
const anyLabel = fc.constantFrom<Label>('exact', 'provisional', 'mocked', 'unknown');
const anyApproved: fc.Arbitrary<ApprovedUnit> = fc.record({
  label: anyLabel,
  isNew: fc.boolean(),
  pending: fc.constantFrom([], PENDING),
  resources: anyChanges,
  outputs: anyOutputs,
  knownOutputs: anyKnownOutputs,
});
/** Such that what was shown counts. */
const anyShown = anyApproved.map((unit): ApprovedUnit => ({ ...unit, label: 'provisional' }));

test('any plan is inside its own approval', () => {
  fc.assert(
    fc.property(anyShown, (unit) => {
      expect(beyondApproval(unit, unit)).toEqual([]);
    }),
  );
});

test('any plan stays inside when changes are taken out of it', () => {
  fc.assert(
    fc.property(anyShown, fc.infiniteStream(fc.boolean()), (unit, picks) => {
      const some = <T>(list: readonly T[]) => list.filter(() => picks.next().value);
      const fewer = some(unit.resources).map((resource): ResourceChange => {
        if (resource.actions[0] !== 'update') return resource;
        const attributes = some(resource.attributes);
        const known = Object.entries(resource.known).filter(([name]) => attributes.includes(name));
        return {
          ...resource,
          attributes,
          known: Object.fromEntries(known),
          values: resource.values.filter(({ attribute }) => attributes.includes(attribute)),
        };
      });
      const outputs = some(unit.outputs);
      const { knownOutputs } = unit;
      expect(beyondApproval(unit, { resources: fewer, outputs, knownOutputs })).toEqual([]);
    }),
  );
});

test.each([
  ['another value', { id: 'h2' }],
  ['one that is not known any more', {}],
])('an output that was shown may not get %s', (_, knownOutputs) => {
  const unit = approved({ outputs: ['id'], knownOutputs: { id: 'h1' } });
  const planned = { resources: [], outputs: ['id'] };
  const expected = ['output "id" gets another value than was shown'];
  expect(beyondApproval(unit, { ...planned, knownOutputs })).toEqual(expected);
  expect(beyondApproval(unit, { ...planned, knownOutputs: { id: 'h1' } })).toEqual([]);
  expect(beyondApproval({ ...unit, knownOutputs: {} }, { ...planned, knownOutputs })).toEqual([]);
});

test('whatever was approved, what takes away and was not shown is beyond it', () => {
  const anyRemoval = fc.constantFrom<ResourceAction>('delete', 'replace', 'forget');
  fc.assert(
    fc.property(anyApproved, anyPlan, anyRemoval, (unit, plan, removal) => {
      const address = 'not shown';
      const resources = [...plan.resources, changeOf(address, removal)];
      const beyond = beyondApproval(unit, { ...plan, resources });
      expect(beyond.join()).toContain(`${removal} ${address}`);
    }),
  );
});

test('whatever was approved, a version that was not shown is beyond it', () => {
  fc.assert(
    fc.property(anyApproved, anyPlan, (unit, plan) => {
      const others = plan.resources.filter(({ address }) => address !== 'a');
      const upgrade = { ...versionTo('9.99'), address: 'a' };
      const resources = [...others, upgrade];
      expect(beyondApproval(unit, { ...plan, resources })).not.toEqual([]);
    }),
  );
});

test('whatever is inside an approval with nothing pending is inside one with something pending', () => {
  fc.assert(
    fc.property(anyShown, anyPlan, (unit, plan) => {
      fc.pre(beyondApproval({ ...unit, pending: [] }, plan).length === 0);
      expect(beyondApproval({ ...unit, pending: PENDING }, plan)).toEqual([]);
    }),
  );
});
