import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ToolError } from '../../../src/domain/errors.ts';
import { outputsAhead } from '../../../src/domain/planned-output.ts';
import { canonical } from '../../../src/tools/canonical.ts';
import { parsePlan, showPlanArgs } from '../../../src/tools/terraform/plan-json.ts';
import { parseState } from '../../../src/tools/terraform/state-json.ts';
import { fixture } from '../support/fixture.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const read = (name: string) => parsePlan(fixture(`terraform/1.11.4/${name}.json`), hash);
const recorded = (name: string) => read(name).plan;

interface RawChange {
  readonly actions: readonly string[];
  readonly [key: string]: unknown;
}

/** The smallest plan with one resource in it. */
function planWith(change: RawChange, resource: Record<string, unknown> = {}) {
  const base = { address: 't.a', mode: 'managed', type: 't' };
  const nothing = {
    before: {},
    after: {},
    after_unknown: {},
    before_sensitive: {},
    after_sensitive: {},
  };
  return {
    format_version: '1.2',
    resource_changes: [{ ...base, ...resource, change: { ...nothing, ...change } }],
  };
}

const parse = (plan: unknown) => parsePlan(JSON.stringify(plan), hash);
const only = (change: RawChange, resource?: Record<string, unknown>) =>
  parse(planWith(change, resource)).plan.resources[0];

const changed = new Map(recorded('change').resources.map((entry) => [entry.address, entry]));

test.each([
  ['terraform_data.update', { actions: ['update'], attributes: ['input', 'output'] }],
  ['terraform_data.gone', { actions: ['delete'], reason: 'delete_because_no_resource_config' }],
  [
    'terraform_data.replace',
    { actions: ['replace'], order: 'destroy-first', forcedBy: ['triggers_replace'] },
  ],
  [
    'terraform_data.replace_cbd',
    { actions: ['replace'], order: 'create-first', forcedBy: ['triggers_replace'] },
  ],
  ['terraform_data.new_name', { actions: ['move'] }],
  ['terraform_data.new_and_changed', { actions: ['update', 'move'] }],
  ['terraform_data.forgotten', { actions: ['forget'] }],
  ['terraform_data.imported', { actions: ['import'] }],
  ['terraform_data.made["a"]', { actions: ['create'] }],
  ['module.child.terraform_data.inner', { actions: ['update'] }],
])('a real plan of everything: %s', (address, expected) => {
  expect(changed.get(address)).toMatchObject(expected);
});

test('a real plan of everything: what does nothing and what is only read is not in it', () => {
  expect(changed.has('terraform_data.same')).toBe(false);
  expect([...changed.keys()].filter((address) => address.includes('data.terraform_'))).toEqual([]);
  expect(changed.size).toBe(11);
});

test('a data source never counts, whatever is done with it', () => {
  expect(only({ actions: ['delete'] }, { mode: 'data' })).toBeUndefined();
});

test.each([
  ['change', ['input'], ['input']],
  ['create', ['id', 'input'], ['input']],
  [
    'outputs',
    ['emptied', 'gone', 'later', 'map', 'new', 'partly', 'secret'],
    ['emptied', 'gone', 'map', 'new', 'secret'],
  ],
])('%s: outputs that change are named, and those of them that are known', (name, all, known) => {
  const { outputs, knownOutputs } = recorded(name);
  expect(outputs).toEqual(all);
  expect(Object.keys(knownOutputs).sort()).toEqual(known);
  expect(new Set(Object.values(knownOutputs)).size).toBe(known.length);
});

const ahead = read('outputs').outputs;

test('a real plan of outputs: what does not change is not in it', () => {
  expect(Object.keys(ahead).sort()).toEqual(recorded('outputs').outputs);
});

test.each([
  ['new', { sensitive: false, type: 'number', value: 1 }],
  [
    'map',
    {
      sensitive: false,
      type: ['object', { a: ['tuple', ['string']], b: 'number' }],
      value: { a: ['x'], b: 2 },
    },
  ],
  ['secret', { sensitive: true, type: 'string', value: 'canary-9d2e' }],
])('a real plan of outputs: %s is known, with its type and its mark', (name, output) => {
  expect(ahead[name]).toEqual({ kind: 'known', output });
});

test.each(['later', 'partly'])('a real plan of outputs: %s is not known as a whole', (name) => {
  expect(ahead[name]).toEqual({ kind: 'unknown' });
});

test('a real plan of outputs: what the configuration no longer has is removed', () => {
  expect(ahead.gone).toEqual({ kind: 'removed' });
});

/** Terraform keeps no output in a state that is null. */
test('a real plan of outputs: what becomes null will not be there', () => {
  expect(ahead.emptied).toEqual({ kind: 'removed' });
});

test('a real plan of outputs: what is said to be ahead is what the state says after the apply', () => {
  const state = (name: string) => {
    const found = parseState(fixture(`terraform/1.11.4/${name}.json`));
    if (found === undefined) throw new Error('no state');
    return found;
  };
  const applied = state('outputs-applied').outputs;
  const foreseen = outputsAhead(state('outputs-state'), ahead);
  const names = [...Object.keys(foreseen.outputs), ...Object.keys(applied)];
  const other = names.filter(
    (name) => canonical(foreseen.outputs[name]) !== canonical(applied[name]),
  );
  expect([...new Set(other)].sort()).toEqual(['later', 'partly']);
});

const one = (change: Record<string, unknown>, planned?: Record<string, unknown>) =>
  parse({
    format_version: '1.2',
    output_changes: { id: change },
    ...(planned === undefined ? {} : { planned_values: { outputs: { id: planned } } }),
  }).outputs;

const text = { type: 'string', value: 'x' };

test.each<[string, unknown, Record<string, unknown> | undefined]>([
  ['as a whole', true, text],
  ['at any depth', { a: [false, { b: true }] }, text],
  ['because no type stands with it', false, { sensitive: false }],
  ['because it is not among the planned values', false, undefined],
])('an output is not known %s', (_, after_unknown, planned) => {
  expect(one({ actions: ['update'], after_unknown }, planned)).toEqual({ id: { kind: 'unknown' } });
});

test('names come in the order of the alphabet, whatever the order in the plan', () => {
  const output = { actions: ['create'], after_unknown: true };
  const { outputs } = parse({
    format_version: '1.2',
    output_changes: { id: output, arn: output },
  }).plan;
  expect(outputs).toEqual(['arn', 'id']);
  const after = { b: 1, a: 1 };
  expect(only({ actions: ['create'], before: null, after })?.attributes).toEqual(['a', 'b']);
});

test('an output without a mark is no secret', () => {
  expect(one({ actions: ['create'], after_unknown: { a: false } }, text)).toEqual({
    id: { kind: 'known', output: { sensitive: false, ...text } },
  });
});

test('an output that is replaced is not removed', () => {
  expect(one({ actions: ['delete', 'create'] }, text).id?.kind).toBe('known');
});

test('checks that do not hold are told', () => {
  expect(recorded('change').failedChecks).toEqual(['check.never does not hold']);
  expect(recorded('create').failedChecks).toEqual([]);
});

test.each([
  ['fail', undefined, ['check.a does not hold']],
  ['error', undefined, ['check.a does not hold']],
  // Its words may hold values.
  ['fail', 'no quota', ['check.a does not hold']],
  ['unknown', undefined, []],
  ['pass', undefined, []],
])('a check whose status is %s, with the problem %s', (status, message, expected) => {
  const instances = message === undefined ? [] : [{ problems: [{ message }] }];
  const checks = [{ address: { to_display: 'check.a' }, status, instances }];
  expect(parse({ format_version: '1.2', checks }).plan.failedChecks).toEqual(expected);
});

test.each([
  ['create', true, 'known outputs stand in its prior state'],
  ['new-with-data', true, 'only data sources were read'],
  ['change', false, 'there are resources'],
  ['managed-in-child', false, 'the only managed resource lies in a child module'],
])('%s: new is %s, though %s', (name, isNew) => {
  expect(recorded(name).isNew).toBe(isNew);
});

test.each(['create', 'change', 'outputs'])(
  '%s: what goes into a record holds no value of a variable, attribute or output',
  (name) => {
    const whole = fixture(`terraform/1.11.4/${name}.json`);
    const kept = JSON.stringify(recorded(name));
    expect(whole).toContain('canary');
    for (const value of ['canary', '"one"', '"two"', '"moved"', 'an-id', '"x"', '"y"']) {
      expect(kept).not.toContain(value);
    }
  },
);

test('create and forget: both are said, the loss first', () => {
  expect(only({ actions: ['create', 'forget'] })?.actions).toEqual(['forget', 'create']);
});

test('a deposed object is told from the resource that took its place', () => {
  expect(only({ actions: ['delete'] }, { deposed: 'ab12' })).toMatchObject({
    address: 't.a (deposed ab12)',
    actions: ['delete'],
  });
});

test('an import that updates is both', () => {
  expect(only({ actions: ['update'], importing: { id: 'x' } })?.actions).toEqual([
    'update',
    'import',
  ]);
});

test('a replacement that is moved is both, the danger first', () => {
  const moved = only({ actions: ['delete', 'create'] }, { previous_address: 't.b' });
  expect(moved?.actions).toEqual(['replace', 'move']);
});

test('what forces a replacement is a path', () => {
  const paths = [['ami_type'], ['scaling_config', 0, 'max_size'], ['tags', 'a.b']];
  expect(only({ actions: ['delete', 'create'], replace_paths: paths })?.forcedBy).toEqual([
    'ami_type',
    'scaling_config[0].max_size',
    'tags.a.b',
  ]);
});

test('a value that is known only later is a change, at any depth', () => {
  const change = {
    actions: ['update'],
    before: { a: 1, b: 1 },
    after: { a: 1 },
    after_unknown: { b: [{ c: true }] },
  };
  expect(only(change)?.attributes).toEqual(['b']);
});

const known = (change: Record<string, unknown>, resource?: Record<string, unknown>) =>
  only({ actions: ['update'], ...change }, resource)?.known;

test('a real plan of everything: hashes stand for the values that change and are known', () => {
  const of = (address: string) => Object.keys(changed.get(address)?.known ?? {});
  expect(of('terraform_data.update')).toEqual(['input']);
  expect(of('terraform_data.secret')).toEqual(['input']);
  expect(of('terraform_data.replace')).toEqual(['triggers_replace']);
  expect(of('terraform_data.made["a"]')).toEqual([]);
});

test.each(['gone', 'forgotten', 'imported', 'new_name'])(
  'a real plan of everything: of %s no value is new',
  (name) => {
    expect(changed.get(`terraform_data.${name}`)?.known).toEqual({});
  },
);

test('a real plan of everything: resources that get one value have two hashes for it', () => {
  const hashes = ['update', 'new_and_changed'].map(
    (name) => changed.get(`terraform_data.${name}`)?.known.input,
  );
  expect(new Set(hashes).size).toBe(2);
});

const old = { before: { a: 'old', b: 'old' } };

test('the same value has the same hash, whatever it was before', () => {
  const after = { a: 'new', b: 'old' };
  expect(known({ ...old, after })).toEqual(known({ before: { a: 'older', b: 'old' }, after }));
});

test('an attribute that does not change has no hash', () => {
  expect(Object.keys(known({ ...old, after: { a: 'new', b: 'old' } }) ?? {})).toEqual(['a']);
});

const hashOf = (value: unknown, resource?: Record<string, unknown>) =>
  known({ before: { a: 'old' }, after: { a: value } }, resource)?.a;

test.each([
  ['the order of keys', { x: 1, y: { p: 1, q: [] } }, { y: { q: [], p: 1 }, x: 1 }],
  ['the order of keys in a list', [{ x: 1, y: 2 }], [{ y: 2, x: 1 }]],
])('%s is no difference', (_, one, other) => {
  expect(hashOf(one)).toBe(hashOf(other));
});

test.each([
  ['text and number', '1', 1],
  ['text and truth', 'true', true],
  ['an empty text and nothing', '', null],
  ['an empty list and nothing', [], null],
  ['an empty list and an empty map', [], {}],
  ['the order of a list', [1, 2], [2, 1]],
  ['a list in a list', [[1], 2], [1, [2]]],
  ['a text that looks like a map', '{"x":1}', { x: 1 }],
  ['a key in quotes', { 'a":1,"b': 1 }, { a: 1, b: 1 }],
])('%s: a difference', (_, one, other) => {
  expect(hashOf(one)).not.toBe(hashOf(other));
});

test('null and absent are one value', () => {
  const before = { a: 'old' };
  expect(known({ before, after: { a: null } })).toEqual(known({ before, after: {} }));
  expect(known({ before, after: {} })).toHaveProperty('a');
  expect(only({ actions: ['update'], before: { a: null }, after: {} })?.attributes).toEqual([]);
});

test('one value is another at another address, and under another name', () => {
  const deposed = hashOf('new', { deposed: 'ab12' });
  const elsewhere = hashOf('new', { address: 't.b' });
  const named = known({ before: { b: 'old' }, after: { b: 'new' } })?.b;
  expect(new Set([hashOf('new'), deposed, elsewhere, named]).size).toBe(4);
});

test.each<[string, unknown]>([
  ['as a whole', true],
  ['in part', { x: true }],
  ['deep inside', [{ x: [false, true] }]],
])('a value that is known only later %s changes and has no hash', (_, a) => {
  const change = { before: { a: 'old' }, after: { a: { y: 1 } }, after_unknown: { a } };
  const planned = only({ actions: ['update'], ...change });
  expect(planned?.attributes).toEqual(['a']);
  expect(planned?.known).toEqual({});
});

test('unknown marks that say no are no marks', () => {
  const change = { before: { a: 'old' }, after: { a: ['new'] }, after_unknown: { a: [false] } };
  expect(known(change)).toHaveProperty('a');
});

test.each(['delete', 'forget'])('of a %s there is no value, whatever stands there', (action) => {
  for (const after of [null, undefined]) {
    expect(only({ actions: [action], before: { a: 'old' }, after })?.known).toEqual({});
  }
});

test('of a new resource what is null is no value of its own', () => {
  expect(known({ actions: ['create'], before: null, after: { a: 'new', b: null } })).toEqual({
    a: expect.any(String),
  });
});

test('secrets have hashes like everything else: without the key they say nothing', () => {
  const after_sensitive = { a: true };
  expect(known({ before: { a: 'old' }, after: { a: 'new' }, after_sensitive })).toEqual({
    a: hashOf('new'),
  });
});

test('a hash is made with the key that was given, and of nothing else', () => {
  const seen: string[] = [];
  const plan = planWith({ actions: ['create'], before: null, after: { b: { y: 1, x: 'é' } } });
  const [made] = parsePlan(JSON.stringify(plan), (given) => `keyed ${seen.push(given)}`).plan
    .resources;
  expect(made?.known).toEqual({ b: 'keyed 1' });
  expect(seen).toEqual(['t.a\0b\0{"x":"é","y":1}']);
});

test('any value: its text says what it is, and key order says nothing', () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, entry]) => [key, turned(entry)] as const);
    return Object.fromEntries(entries.reverse());
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(canonical(plain))).toEqual(plain);
      expect(canonical(turned(plain))).toBe(canonical(plain));
    }),
  );
});

const cluster = (change: Record<string, unknown>) =>
  only(
    {
      actions: ['update'],
      before: { version: '1.32', x: 'hidden' },
      after: { version: '1.33', x: 'shown?' },
      ...change,
    },
    { type: 'aws_eks_cluster' },
  )?.values;

test('values come from the reviewed list alone', () => {
  expect(cluster({})).toEqual([{ attribute: 'version', before: '1.32', after: '1.33' }]);
});

test.each([
  ['after', { after_sensitive: { version: true } }],
  ['before', { before_sensitive: { version: true } }],
  ['deep inside', { after_sensitive: { version: [{ a: true }] } }],
  ['as a whole', { after_sensitive: true }],
  ['as a whole, before', { before_sensitive: true }],
])('a listed attribute that is marked sensitive %s is not shown', (_, marks) => {
  expect(cluster(marks)).toEqual([]);
});

test('a listed value that is known later says so', () => {
  expect(cluster({ after: {}, after_unknown: { version: true } })).toEqual([
    { attribute: 'version', before: '1.32', after: '(known later)' },
  ]);
});

test.each([
  ['a text', 'x', 'x'],
  ['a number', 8, '8'],
  ['a list', ['g5.xlarge'], '["g5.xlarge"]'],
  ['nothing', null, '(none)'],
  ['what is absent', undefined, '(none)'],
])('a listed value is shown as people write it: %s', (_, value, shown) => {
  expect(cluster({ after: { version: value } })?.map(({ after }) => after)).toEqual([shown]);
});

test('a new resource shows no values', () => {
  expect(cluster({ actions: ['create'], before: null })).toEqual([]);
});

test('the verdict that a plan is empty comes from Terraform, not from here', () => {
  expect(parse({ format_version: '1.2' })).toEqual({
    plan: {
      isEmpty: false,
      resources: [],
      outputs: [],
      knownOutputs: {},
      isNew: true,
      failedChecks: [],
    },
    outputs: {},
  });
});

test.each([
  ['not JSON', 'Killed', 'answered what is not JSON'],
  ['nothing', '', 'answered what is not JSON'],
  ['of an unknown format', '{"format_version":"2.0"}', 'unknown format "2.0"'],
  ['of a format like 10.0', '{"format_version":"10.0"}', 'unknown format "10.0"'],
  ['errored', '{"format_version":"1.2","errored":true}', 'marked as errored'],
  [
    'with an action nobody knows',
    JSON.stringify(planWith({ actions: ['defer'] })),
    'unknown shape',
  ],
  ['without a format', '{}', 'unknown shape: format_version'],
])('a plan that is %s is an error of the tool', (_, text, what) => {
  let thrown: unknown;
  try {
    parsePlan(text, hash);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ToolError);
  expect((thrown as ToolError).problem.what).toContain(what);
});

test('show is asked for JSON of exactly that file', () => {
  expect(showPlanArgs('/r/plan.tfplan')).toEqual(['show', '-json', '-no-color', '/r/plan.tfplan']);
});
