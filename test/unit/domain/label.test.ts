import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Graph, upstreamOf } from '../../../src/domain/graph.ts';
import { type Labelled, labelPlans, mocksText, type PlanFacts } from '../../../src/domain/label.ts';
import type { OutputReads } from '../../../src/domain/unit-config.ts';
import { anyGraph, graphOf } from '../support/graphs.ts';
import { factsOf } from '../support/records.ts';

type Facts = Readonly<Record<string, Partial<PlanFacts>>>;
/** `{ 'b a': ['id'] }`: b reads the output `id` of a. What is not said gives order and nothing else. */
type Reads = Readonly<Record<string, OutputReads>>;

function label(graph: Graph, facts: Facts, reads: Reads = {}): Map<string, Labelled> {
  const known = new Map(Object.entries(facts).map(([unit, given]) => [unit, factsOf(given)]));
  return labelPlans(graph, known, (unit, dependency) => reads[`${unit} ${dependency}`] ?? []);
}

const words = (labels: ReadonlyMap<string, Labelled>) =>
  [...labels.values()].map((labelled) => labelled.label).join(' ');

const alone = graphOf({ a: [] });
const pair = graphOf({ a: [], b: ['a'] });
const chain = graphOf({ a: [], b: ['a'], c: ['b'] });

const exact: Labelled = { label: 'exact', reason: '', pending: [] };
const changes = { outcome: 'changes' } as const;
const mocks = [{ unit: '../base', why: 'has no outputs yet' }];

test.each<[string, Partial<PlanFacts>, Labelled]>([
  ['has changes', changes, exact],
  ['is empty', {}, { ...exact, label: 'no-changes' }],
  ['failed', { outcome: 'failed' }, { label: 'unknown', reason: 'the plan failed', pending: [] }],
  [
    'waits',
    { outcome: 'waiting', waitsFor: ['vpc', 'kms'] },
    { label: 'unknown', reason: 'waits for outputs of vpc, kms', pending: [] },
  ],
])('a unit alone whose plan %s', (_, facts, expected) => {
  expect(label(alone, { a: facts }).get('a')).toEqual(expected);
});

test('a unit that was never planned is unknown', () => {
  expect(label(alone, {}).get('a')).toEqual({
    label: 'unknown',
    reason: 'the plan failed',
    pending: [],
  });
});

const provisional = (reason: string, pending = [reason]): Labelled => ({
  label: 'provisional',
  reason,
  pending,
});

const idChanges = { ...changes, outputs: ['id'] };
const idAndArn = { ...changes, outputs: ['id', 'arn'] };

test.each<[string, Partial<PlanFacts> | undefined, OutputReads, Labelled]>([
  ['is unchanged', {}, 'all', exact],
  ['changes none of its outputs', changes, 'all', exact],
  ['changes outputs that it does not read', idChanges, ['arn'], exact],
  ['changes what it reads', idChanges, ['id'], provisional('a.id changes')],
  ['changes one of two that it reads', idChanges, ['arn', 'id'], provisional('a.id changes')],
  ['changes two', idAndArn, ['arn', 'id'], provisional('a.id, a.arn change')],
  ['is read as a whole', idAndArn, 'all', provisional('a.id, a.arn change')],
  ['is empty but for outputs', { outputs: ['id'] }, ['id'], provisional('a.id changes')],
  ['failed', { outcome: 'failed' }, ['id'], provisional('a has no plan')],
  ['waits', { outcome: 'waiting', waitsFor: ['x'] }, ['id'], provisional('a has no plan')],
  ['was never planned', undefined, ['id'], provisional('a has no plan')],
  ['is on mocks', { ...changes, mocks }, ['id'], provisional('a is on mocks')],
  ['is empty, on mocks', { mocks }, ['id'], provisional('a is on mocks')],
  ['gives order and changes outputs', idAndArn, [], exact],
  ['gives order and failed', { outcome: 'failed' }, [], exact],
  ['gives order and waits', { outcome: 'waiting' }, [], exact],
  ['gives order and is on mocks', { ...changes, mocks }, [], exact],
])('a plan with changes below a unit that %s', (_, a, read, expected) => {
  const facts = { ...(a === undefined ? {} : { a }), b: changes };
  expect(label(pair, facts, { 'b a': read }).get('b')).toEqual(expected);
});

test('an empty plan on old outputs is no proof that nothing will change', () => {
  const labels = label(pair, { a: idChanges, b: {} }, { 'b a': ['id'] });
  expect(labels.get('b')).toEqual(provisional('a.id changes'));
});

test('what is read of other units does not count', () => {
  const graph = graphOf({ a: [], x: [], b: ['a', 'x'] });
  const labels = label(graph, { a: idChanges, x: {}, b: changes }, { 'b x': ['id'] });
  expect(labels.get('b')).toEqual(exact);
});

test('every unit that is in doubt is told', () => {
  const graph = graphOf({ a: [], x: [], b: ['a', 'x'] });
  const labels = label(
    graph,
    { a: idChanges, x: { outcome: 'failed' }, b: changes },
    { 'b a': 'all', 'b x': 'all' },
  );
  expect(labels.get('b')).toEqual({
    label: 'provisional',
    reason: 'a.id changes; x has no plan',
    pending: ['a.id changes', 'x has no plan'],
  });
});

test('planned with the new value it is provisional, and nothing is pending', () => {
  const b = { ...changes, plannedThrough: ['a.id'] };
  expect(label(pair, { a: idChanges, b }, { 'b a': ['id'] }).get('b')).toEqual(
    provisional('planned through a.id', []),
  );
});

test('an empty plan that was planned through is planned again too', () => {
  const labels = label(pair, { a: idChanges, b: { plannedThrough: ['a.id'] } }, { 'b a': ['id'] });
  expect(labels.get('b')?.label).toBe('provisional');
});

test('planned with one of two new values, the other is pending', () => {
  const b = { ...changes, plannedThrough: ['a.id'] };
  expect(label(pair, { a: idAndArn, b }, { 'b a': 'all' }).get('b')).toEqual(
    provisional('planned through a.id; a.arn changes', ['a.arn changes']),
  );
});

test('the new value of an output of the same name elsewhere is another value', () => {
  const graph = graphOf({ a: [], x: [], b: ['a', 'x'] });
  const labels = label(
    graph,
    { a: idChanges, x: idChanges, b: { ...changes, plannedThrough: ['x.id'] } },
    { 'b a': ['id'], 'b x': ['id'] },
  );
  expect(labels.get('b')?.pending).toEqual(['a.id changes']);
});

const reads = { 'b a': ['id'], 'c b': ['arn'] } as const;
const through = { ...changes, plannedThrough: ['a.id'] };

test.each<[string, Facts, Reads, Labelled]>([
  [
    'made on an old id shows no output change, and the third unit is not fooled',
    { a: idChanges, b: {}, c: {} },
    reads,
    provisional('b is provisional'),
  ],
  [
    'is pending, and the third unit reads an output that it does not change',
    { a: idChanges, b: { ...changes, outputs: ['id'] }, c: changes },
    reads,
    provisional('b is provisional'),
  ],
  [
    'is planned through and does not change what the third unit reads',
    { a: idChanges, b: { ...through, outputs: ['id'] }, c: changes },
    reads,
    provisional('b is provisional', []),
  ],
  [
    'is planned through, and so is the third unit',
    {
      a: idChanges,
      b: { ...through, outputs: ['arn'] },
      c: { ...changes, plannedThrough: ['b.arn'] },
    },
    reads,
    provisional('planned through b.arn', []),
  ],
  [
    'is planned through, and what it makes of it is not known',
    { a: idChanges, b: { ...through, outputs: ['arn'] }, c: changes },
    reads,
    provisional('b.arn changes'),
  ],
  [
    'was planned with one of two values, and the third unit with what came of that',
    {
      a: idAndArn,
      b: { ...through, outputs: ['arn'] },
      c: { ...changes, plannedThrough: ['b.arn'] },
    },
    { ...reads, 'b a': 'all' },
    provisional('planned through b.arn; b is provisional', ['b is provisional']),
  ],
  [
    'is provisional and gives only order',
    { a: idChanges, b: changes, c: changes },
    { 'b a': ['id'] },
    exact,
  ],
  [
    'is exact and gives what it always gave',
    { a: idChanges, b: changes, c: changes },
    { 'c b': 'all' },
    exact,
  ],
])('a chain in which the second plan %s', (_, facts, given, expected) => {
  expect(label(chain, facts, given).get('c')).toEqual(expected);
});

test('a plan on mocks says of which units, and why', () => {
  const two = [...mocks, { unit: 'vpc', why: 'lacks "id" in its state' }];
  expect(label(alone, { a: { ...changes, mocks: two } }).get('a')).toEqual({
    label: 'mocked',
    reason: '../base has no outputs yet; vpc lacks "id" in its state',
    pending: [],
  });
});

test.each<[string, readonly (readonly [string, string])[]]>([
  ['vpc has no outputs yet', [['vpc', 'has no outputs yet']]],
  [
    'vpc, kms have no outputs yet',
    [
      ['vpc', 'has no outputs yet'],
      ['kms', 'has no outputs yet'],
    ],
  ],
  [
    'vpc, dns have no outputs yet; kms lacks "has x" in its state',
    [
      ['vpc', 'has no outputs yet'],
      ['kms', 'lacks "has x" in its state'],
      ['dns', 'has no outputs yet'],
    ],
  ],
])('mocks with one reason share it: %s', (text, list) => {
  expect(mocksText(list.map(([unit, why]) => ({ unit, why })))).toBe(text);
});

test('mocks win over all that makes a plan provisional, and what is pending is kept', () => {
  const b = { ...changes, mocks, plannedThrough: ['a.id'], dataReads: ['data.aws_ami.x'] };
  expect(label(pair, { a: idAndArn, b }, { 'b a': 'all' }).get('b')).toEqual({
    label: 'mocked',
    reason: '../base has no outputs yet',
    pending: ['a.arn changes', 'data.aws_ami.x was read before a changes'],
  });
});

test('an empty plan on mocks is mocked', () => {
  expect(label(alone, { a: { mocks } }).get('a')?.label).toBe('mocked');
});

test.each(['failed', 'waiting'] as const)(
  'a plan that is %s is none, on mocks or not',
  (outcome) => {
    expect(label(alone, { a: { outcome, mocks } }).get('a')?.label).toBe('unknown');
  },
);

const asks = { ...changes, dataReads: ['data.aws_ami.x'] };
const old = (unit: string) => provisional(`data.aws_ami.x was read before ${unit} changes`);

test.each<[string, Facts, Reads, Labelled]>([
  ['nothing upstream changes', { a: {}, b: {}, c: asks }, {}, exact],
  ['the next unit changes', { a: {}, b: changes, c: asks }, {}, old('b')],
  ['a far unit changes, through one that does not', { a: changes, b: {}, c: asks }, {}, old('a')],
  ['two change: the first by name is told', { a: changes, b: changes, c: asks }, {}, old('a')],
  ['a far unit failed', { a: { outcome: 'failed' }, b: {}, c: asks }, {}, old('a')],
  ['a far unit waits', { a: { outcome: 'waiting' }, b: {}, c: asks }, {}, old('a')],
  ['a far unit is on mocks', { a: { mocks }, b: {}, c: asks }, {}, old('a')],
  ['a far unit is provisional', { a: idChanges, b: {}, c: asks }, { 'b a': 'all' }, old('a')],
  ['it asked nothing, and everything changes', { a: changes, b: changes, c: changes }, {}, exact],
  [
    'it asked twice: the first is told',
    { a: {}, b: changes, c: { ...changes, dataReads: ['data.x.y', 'data.aws_ami.x'] } },
    {},
    provisional('data.x.y was read before b changes'),
  ],
])('a plan that asked the cloud, where all edges give order: %s', (_, facts, given, expected) => {
  expect(label(chain, facts, given).get('c')).toEqual(expected);
});

test('an empty plan that asked the cloud too early is no proof', () => {
  expect(label(pair, { a: changes, b: { dataReads: ['data.aws_ami.x'] } }).get('b')).toEqual(
    old('a'),
  );
});

test('what comes later, or beside it, is not what a data source saw', () => {
  const graph = graphOf({ a: [], b: ['a'], c: ['b'], beside: ['a'] });
  const labels = label(graph, { a: {}, b: asks, c: changes, beside: changes });
  expect(labels.get('b')).toEqual(exact);
});

test('a plan below one that asked too early is provisional, if it reads of it', () => {
  const facts = { a: changes, b: asks, c: changes };
  expect(label(chain, facts, { 'c b': ['id'] }).get('c')).toEqual(provisional('b is provisional'));
  expect(label(chain, facts).get('c')).toEqual(exact);
});

test('outputs and data are told together', () => {
  const labels = label(pair, { a: idChanges, b: asks }, { 'b a': ['id'] });
  expect(labels.get('b')).toEqual({
    label: 'provisional',
    reason: 'a.id changes; data.aws_ami.x was read before a changes',
    pending: ['a.id changes', 'data.aws_ami.x was read before a changes'],
  });
});

test('labels come in the order of the graph', () => {
  const graph = graphOf({ z: [], b: ['z'], a: ['b'] });
  expect([...label(graph, {}).keys()]).toEqual(['z', 'b', 'a']);
});

test('one change, and what it does to the rest', () => {
  const graph = graphOf({ vpc: [], kms: [], eks: ['vpc', 'kms'], nodes: ['eks'], dns: ['eks'] });
  const labels = label(
    graph,
    { vpc: idChanges, kms: {}, eks: {}, nodes: changes, dns: changes },
    { 'eks vpc': ['id'], 'eks kms': ['arn'], 'nodes eks': ['name'] },
  );
  expect([...labels.keys()]).toEqual(['kms', 'vpc', 'eks', 'dns', 'nodes']);
  expect(words(labels)).toBe('no-changes exact provisional exact provisional');
});

const NAMES = ['id', 'arn'];
const anyFacts = fc.record<PlanFacts>({
  outcome: fc.constantFrom('changes', 'changes', 'empty', 'empty', 'failed', 'waiting'),
  waitsFor: fc.constant(['x']),
  mocks: fc.constantFrom([], [], [], [], mocks),
  outputs: fc.subarray(NAMES),
  dataReads: fc.constantFrom([], [], [], ['data.aws_ami.x']),
  plannedThrough: fc.constant([]),
});
const anyReads = fc.constantFrom<OutputReads>([], [], ['id'], ['arn'], 'all');

interface Scene {
  readonly graph: Graph;
  readonly facts: ReadonlyMap<string, PlanFacts>;
  readonly readsOf: (unit: string, dependency: string) => OutputReads;
}

/** Random runs; of the outputs that a unit reads some were planned through, sometimes. */
const anyScene: fc.Arbitrary<Scene> = fc
  .tuple(
    anyGraph,
    fc.infiniteStream(anyFacts),
    fc.infiniteStream(anyReads),
    fc.infiniteStream(fc.boolean()),
  )
  .map(([graph, factStream, readStream, throughStream]) => {
    const facts = new Map<string, PlanFacts>();
    const read = new Map<string, OutputReads>();
    for (const unit of graph.order) {
      const plannedThrough: string[] = [];
      for (const dependency of graph.units.get(unit)?.dependencies ?? []) {
        const names = readStream.next().value;
        read.set(`${unit} ${dependency}`, names);
        for (const name of changedAmong(facts.get(dependency), names)) {
          if (throughStream.next().value) plannedThrough.push(`${dependency}.${name}`);
        }
      }
      facts.set(unit, { ...factStream.next().value, plannedThrough });
    }
    return { graph, facts, readsOf: (unit, other) => read.get(`${unit} ${other}`) ?? [] };
  });

function changedAmong(facts: PlanFacts | undefined, names: OutputReads): string[] {
  return (facts?.outputs ?? []).filter((name) => names === 'all' || names.includes(name));
}

/** Each unit whose plan worked and has no mocks, with the units that it reads from. */
function planned({ graph, facts, readsOf }: Scene, labels: ReadonlyMap<string, Labelled>) {
  return graph.order.flatMap((unit) => {
    const own = facts.get(unit);
    const labelled = labels.get(unit);
    if (own === undefined || labelled === undefined || own.mocks.length > 0) return [];
    if (own.outcome === 'failed' || own.outcome === 'waiting') return [];
    const sources = (graph.units.get(unit)?.dependencies ?? [])
      .filter((path) => readsOf(unit, path).length > 0)
      .map((path) => ({
        label: labels.get(path)?.label,
        pending: labels.get(path)?.pending ?? [],
        changed: changedAmong(facts.get(path), readsOf(unit, path)).map(
          (name) => `${path}.${name}`,
        ),
      }));
    const stays = [...upstreamOf(graph, unit)].every(
      (path) => labels.get(path)?.label === 'no-changes',
    );
    return [{ own, labelled, sources, sawOld: own.dataReads.length > 0 && !stays }];
  });
}

const runLabels = ({ graph, facts, readsOf }: Scene) => labelPlans(graph, facts, readsOf);

test('any run: a plan is exact or unchanged if, and only if, all that flows in is proven', () => {
  fc.assert(
    fc.property(anyScene, (scene) => {
      for (const { own, labelled, sources, sawOld } of planned(scene, runLabels(scene))) {
        const isProven =
          !sawOld &&
          sources.every(
            (source) =>
              (source.label === 'exact' || source.label === 'no-changes') &&
              source.changed.length === 0,
          );
        const proven = own.outcome === 'empty' ? 'no-changes' : 'exact';
        expect(labelled.label).toBe(isProven ? proven : 'provisional');
      }
    }),
  );
});

test('any run: nothing is pending if, and only if, the plan was made with what will be', () => {
  fc.assert(
    fc.property(anyScene, (scene) => {
      for (const { own, labelled, sources, sawOld } of planned(scene, runLabels(scene))) {
        const isKnown =
          !sawOld &&
          sources.every(
            (source) =>
              source.label !== 'mocked' &&
              source.label !== 'unknown' &&
              source.pending.length === 0 &&
              source.changed.every((name) => own.plannedThrough.includes(name)),
          );
        expect(labelled.pending.length === 0).toBe(isKnown);
      }
    }),
  );
});

test('any run: every unit has a label, and a reason unless the plan is as good as it gets', () => {
  fc.assert(
    fc.property(anyScene, (scene) => {
      const labels = runLabels(scene);
      expect([...labels.keys()]).toEqual(scene.graph.order);
      for (const { label: word, reason } of labels.values()) {
        expect(reason === '').toBe(word === 'exact' || word === 'no-changes');
      }
    }),
  );
});
