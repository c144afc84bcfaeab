import { expect, test } from 'vitest';
import { ToolError } from '../../../src/domain/errors.ts';
import { parsePlan, showPlanArgs } from '../../../src/tools/terraform/plan-json.ts';
import { fixture } from '../support/fixture.ts';

const recorded = (name: string) => parsePlan(fixture(`terraform/1.11.4/${name}.json`));

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

const parse = (plan: unknown) => parsePlan(JSON.stringify(plan));
const only = (change: RawChange, resource?: Record<string, unknown>) =>
  parse(planWith(change, resource)).resources[0];

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

test('outputs that change are named, others not', () => {
  expect(recorded('change').outputs).toEqual(['input']);
  expect(recorded('create').outputs).toEqual(['id', 'input']);
});

test('checks that do not hold are told', () => {
  expect(recorded('change').failedChecks).toEqual(['check.never: same is not other']);
  expect(recorded('create').failedChecks).toEqual([]);
});

test.each([
  ['create', true, 'known outputs stand in its prior state'],
  ['new-with-data', true, 'only data sources were read'],
  ['change', false, 'there are resources'],
  ['managed-in-child', false, 'the only managed resource lies in a child module'],
])('%s: new is %s, though %s', (name, isNew) => {
  expect(recorded(name).isNew).toBe(isNew);
});

test.each(['create', 'change'])('%s: no value of a variable, attribute or output', (name) => {
  const text = JSON.stringify(recorded(name));
  for (const value of ['canary', '"one"', '"two"', 'moved', 'an-id']) {
    expect(text).not.toContain(value === 'moved' ? '"moved"' : value);
  }
  expect(fixture(`terraform/1.11.4/${name}.json`)).toContain('canary');
});

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

test('a new resource shows no values', () => {
  expect(cluster({ actions: ['create'], before: null })).toEqual([]);
});

test('the verdict that a plan is empty comes from Terraform, not from here', () => {
  expect(parse({ format_version: '1.2' })).toMatchObject({ isEmpty: false, resources: [] });
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
    parsePlan(text);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ToolError);
  expect((thrown as ToolError).problem.what).toContain(what);
});

test('show is asked for JSON of exactly that file', () => {
  expect(showPlanArgs('/r/plan.tfplan')).toEqual(['show', '-json', '-no-color', '/r/plan.tfplan']);
});
