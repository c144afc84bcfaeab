import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChangeFacts, findChangedUnits } from '../../../src/domain/changed-units.ts';
import { dependentsOf } from '../../../src/domain/graph.ts';
import { anyGraph, graphOf } from '../support/graphs.ts';

const graph = graphOf({ vpc: [], eks: ['vpc'], apps: ['eks'], dns: [] });
const shared = ['/r/live/root.hcl', '/r/live/dev/env.yaml'];

/** Each unit has its file, the shared ones and a module of its own. */
const files = new Map(
  graph.order.map((unit) => [
    unit,
    [...shared, `/r/live/dev/${unit}/terragrunt.hcl`, `/r/infra/${unit}/main.tf`],
  ]),
);

function decide(
  changed: Readonly<Record<string, 'there' | 'gone'>>,
  given: Partial<ChangeFacts> = {},
) {
  return findChangedUnits({
    graph,
    environmentFolder: '/r/live/dev',
    files,
    texts: new Map(),
    changed: Object.entries(changed).map(([path, is]) => ({ path, isGone: is === 'gone' })),
    before: new Map(graph.order.map((unit) => [unit, `id of ${unit}`])),
    added: new Map(),
    ...given,
  });
}

const unitsOf = (selection: { readonly changed: readonly { readonly unit: string }[] }) =>
  selection.changed.map(({ unit }) => unit);

test('a unit whose file changed is selected with the file, and what depends on it with the unit', () => {
  const path = '/r/infra/eks/main.tf';
  expect(decide({ [path]: 'there' })).toEqual({
    changed: [{ unit: 'eks', file: path }],
    dependents: [{ unit: 'apps', of: 'eks' }],
    deleted: [],
  });
});

test('the reason is the first file; a dependent that changed itself is no dependent', () => {
  const selection = decide({
    '/r/live/dev/vpc/terragrunt.hcl': 'there',
    '/r/infra/vpc/main.tf': 'there',
    '/r/infra/apps/main.tf': 'there',
  });
  expect(selection.changed).toEqual([
    { unit: 'vpc', file: '/r/infra/vpc/main.tf' },
    { unit: 'apps', file: '/r/infra/apps/main.tf' },
  ]);
  expect(selection.dependents).toEqual([{ unit: 'eks', of: 'vpc' }]);
});

test('a file that no unit claims selects nothing', () => {
  expect(decide({ '/r/.tool-versions': 'there', '/r/package.json': 'gone' })).toEqual({
    changed: [],
    dependents: [],
    deleted: [],
  });
});

test('no change selects nothing', () => {
  expect(decide({})).toEqual({ changed: [], dependents: [], deleted: [] });
});

test.each([
  ['a submodule that files of it lie in', '/r/infra/vpc', 'there', ['vpc']],
  ['a file whose name only begins like it', '/r/infra/vp', 'there', []],
  ['a new file of the module that it is not made of', '/r/infra/vpc/x.tf', 'there', []],
  ['a file that went from its own folder', '/r/live/dev/vpc/sub/policy.json', 'gone', ['vpc']],
  ['a file that went from its module', '/r/infra/vpc/templates/a.tpl', 'gone', ['vpc']],
  ['a file that went beside its module', '/r/infra/vpc-old/main.tf', 'gone', []],
  ['one of several files of a kind that went', '/r/live/dev/b.yaml', 'gone', [...graph.order]],
  ['configuration that went and nothing names', '/r/live/old.hcl', 'gone', []],
] as const)('%s', (_, path, is, expected) => {
  expect(unitsOf(decide({ [path]: is }))).toEqual(expected);
});

test('what went with a nested unit is not of the unit around it', () => {
  const before = new Map([...graph.order, 'vpc/peering'].map((unit) => [unit, `id of ${unit}`]));
  const selection = decide({ '/r/live/dev/vpc/peering/terragrunt.hcl': 'gone' }, { before });
  expect(unitsOf(selection)).toEqual([]);
  expect(selection.deleted).toEqual([{ unit: 'vpc/peering', renamedTo: undefined }]);
});

test('a unit at the top of the environment has what lies in no other', () => {
  const around = graphOf({ '.': [], vpc: [] });
  const given = {
    graph: around,
    files: new Map([['.', ['/r/live/dev/terragrunt.hcl']]]),
    before: new Map(),
  };
  expect(unitsOf(decide({ '/r/live/dev/a.json': 'gone' }, given))).toEqual(['.']);
  expect(unitsOf(decide({ '/r/live/dev/vpc/a.json': 'gone' }, given))).toEqual(['vpc']);
});

test.each([
  ['"env.yaml"', '/r/live/dev/env.yaml', true],
  ['"env.yaml"', '/r/env.yaml', true],
  ['"env.yaml"', '/r/live/prod/env.yaml', false],
  ['"env.yaml"', '/r/live/dev/my-env.yaml', false],
  ['"../b/env.yaml"', '/r/live/dev/b/env.yaml', true],
  ['"../../env/env.yaml"', '/r/live/prod/env/env.yaml', false],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terragrunt's own
  ['"${get_repo_root()}/flags/my flag.yaml"', '/r/flags/my flag.yaml', true],
  // From a text in another place: a module reads beside itself.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
  ['"${path.module}/../shared/a.json"', '/r/infra/shared/a.json', true],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
  ['"${path.module}/../shared/a.json"', '/elsewhere/shared/a.json', false],
])('a text that holds %s names %s: %s', (text, path, isNamed) => {
  const texts = new Map([['/r/infra/dns/main.tf', `x = file(${text})\n`]]);
  for (const is of ['there', 'gone'] as const) {
    const selection = decide(
      { [path]: is },
      { texts, files: new Map([['dns', [...texts.keys()]]]) },
    );
    expect(unitsOf(selection)).toEqual(isNamed ? ['dns'] : []);
  }
});

test('configuration that went is found by the text that looks for it', () => {
  const texts = new Map([['/r/live/root.hcl', 'x = find_in_parent_folders("region.hcl")']]);
  expect(unitsOf(decide({ '/r/live/dev/region.hcl': 'gone' }, { texts }))).toEqual(graph.order);
  expect(unitsOf(decide({ '/r/live/prod/region.hcl': 'gone' }, { texts }))).toEqual([]);
});

test.each([
  {
    name: 'the one new unit with the same file',
    before: { old: 'a' },
    added: { new: 'a', other: 'b' },
    to: { old: 'new' },
  },
  { name: 'none with the same file', before: { old: 'a' }, added: { new: 'b' }, to: {} },
  { name: 'two that could be it', before: { old: 'a' }, added: { n1: 'a', n2: 'a' }, to: {} },
  {
    name: 'files that are all alike: the same last part',
    before: { 'eu/vpc': 'a', 'eu/dns': 'a', 'ap/vpc': 'a' },
    added: { 'us/vpc': 'a', 'us/dns': 'a' },
    there: ['ap/vpc'],
    to: { 'eu/vpc': 'us/vpc', 'eu/dns': 'us/dns' },
  },
  {
    name: 'files that are all alike, another last part',
    before: { vpc: 'a', dns: 'a' },
    added: { eks: 'a' },
    there: ['dns'],
    to: {},
  },
  {
    name: 'two of one last part that went',
    before: { 'eu/vpc': 'a', 'ap/vpc': 'a' },
    added: { 'us/vpc': 'a' },
    to: {},
  },
])('renamed to: $name', ({ before, added, there = [], to }) => {
  const now = graphOf(Object.fromEntries([...Object.keys(added), ...there].map((u) => [u, []])));
  const { deleted } = decide(
    {},
    {
      graph: now,
      files: new Map(),
      before: new Map(Object.entries(before)),
      added: new Map(Object.entries(added).flatMap(([u, id]) => (id ? [[u, id] as const] : []))),
    },
  );
  const found = deleted.flatMap(({ unit, renamedTo }) => (renamedTo ? [[unit, renamedTo]] : []));
  expect(Object.fromEntries(found)).toEqual(to);
  expect(deleted.map(({ unit }) => unit)).toEqual(
    Object.keys(before)
      .filter((unit) => !there.some((other) => other === unit))
      .sort(),
  );
});

test('selected are the changed units and all that depends on them, each once', () => {
  fc.assert(
    fc.property(anyGraph, fc.array(fc.nat(11)), (any, picks) => {
      const units = new Set(picks.flatMap((index) => any.order[index] ?? []));
      const own = (unit: string) => `/r/live/dev/${unit}/terragrunt.hcl`;
      const selection = decide(Object.fromEntries([...units].map((unit) => [own(unit), 'there'])), {
        graph: any,
        files: new Map(any.order.map((unit) => [unit, [own(unit)]])),
        before: new Map(),
      });
      const selected = [
        ...unitsOf(selection),
        ...selection.dependents.map(({ unit }) => unit),
      ].sort();
      expect(selected).toEqual([...new Set([...units, ...dependentsOf(any, [...units])])].sort());
      for (const { unit, of } of selection.dependents) {
        expect(units.has(of) && dependentsOf(any, [of]).has(unit)).toBe(true);
      }
    }),
  );
});
