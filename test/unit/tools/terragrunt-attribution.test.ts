import { expect, test } from 'vitest';
import { attributeRenders } from '../../../src/tools/terragrunt/attribution.ts';
import { parseRender } from '../../../src/tools/terragrunt/render.ts';

interface Block {
  readonly to: string;
  readonly mock?: string;
  readonly enabled?: boolean;
}

/** One line, as `render --all` prints it. */
function line(blocks: Readonly<Record<string, Block>>, paths: readonly string[] = []) {
  const dependency = Object.fromEntries(
    Object.entries(blocks).map(([name, { to, mock, enabled }]) => [
      name,
      { config_path: to, enabled, ...(mock === undefined ? {} : { mock_outputs: { id: mock } }) },
    ]),
  );
  const [unit] = parseRender(JSON.stringify({ dependency, dependencies: { paths } }));
  if (unit === undefined) throw new Error('no line');
  return unit;
}

function attributed(
  units: Readonly<Record<string, readonly string[]>>,
  lines: readonly ReturnType<typeof line>[],
) {
  const found = Object.entries(units).map(([path, dependencies]) => ({ path, dependencies }));
  const certain = attributeRenders('/env', found, lines);
  return Object.fromEntries(
    [...certain].map(([unit, facts]) => [unit, facts.map(({ name, unit: to }) => `${name} ${to}`)]),
  );
}

const none = line({});

test('a line is the unit’s whose dependencies it has', () => {
  const lines = [none, line({ v: { to: '../vpc' } }), line({ v: { to: '../net/vpc' } }), none];
  expect(attributed({ vpc: [], app: ['vpc'], web: ['net/vpc'], 'net/vpc': [] }, lines)).toEqual({
    vpc: [],
    app: ['v vpc'],
    web: ['v net/vpc'],
    'net/vpc': [],
  });
});

test.each([
  ['../vpc'],
  ['../vpc/'],
  ['../../env/vpc'],
  ['/env/vpc'],
  ['/env/app/../vpc'],
  ['../vpc/terragrunt.hcl'],
])('a path may be written as %s', (to) => {
  expect(attributed({ vpc: [], app: ['vpc'] }, [none, line({ v: { to } })]).app).toEqual(['v vpc']);
});

test('one outside, and one in the folder above', () => {
  const lines = [line({ o: { to: '../../base' } }), line({ t: { to: '..' } }), none];
  expect(attributed({ app: ['../base'], 'top/app': ['top'], top: [] }, lines)).toEqual({
    app: ['o ../base'],
    'top/app': ['t top'],
    top: [],
  });
});

test('lines that agree are as good as one', () => {
  const same = line({ v: { to: '../vpc', mock: 'm' } });
  expect(attributed({ vpc: [], a: ['vpc'], b: ['vpc'] }, [none, same, same])).toMatchObject({
    a: ['v vpc'],
    b: ['v vpc'],
  });
});

test('lines that differ in what they say of one dependency leave it open', () => {
  const lines = [
    none,
    line({ v: { to: '../vpc', mock: 'm' } }),
    line({ v: { to: '../vpc', mock: 'n' } }),
  ];
  expect(attributed({ vpc: [], a: ['vpc'], b: ['vpc'] }, lines)).toEqual({ vpc: [] });
});

test('a line may name one that is switched off, which find does not; then others may be its too', () => {
  const off = { to: '../old', enabled: false };
  const lines = [none, none, line({ v: { to: '../vpc' }, o: off })];
  expect(attributed({ vpc: [], old: [], a: ['vpc'] }, lines)).toEqual({
    vpc: [],
    old: [],
    a: ['v vpc', 'o old'],
  });
  expect(attributed({ old: [], a: [] }, [none, line({ o: off })])).toEqual({});
});

test('one that is switched off may still give order', () => {
  const lines = [none, line({ o: { to: '../old', enabled: false } }, ['../old'])];
  expect(attributed({ old: [], a: ['old'] }, lines).a).toEqual(['o old']);
});

test('what only gives order counts for telling units apart', () => {
  const lines = [none, none, line({ v: { to: '../vpc' } }, ['../kms']), line({}, ['../kms'])];
  expect(attributed({ vpc: [], kms: [], a: ['vpc', 'kms'], b: ['kms'] }, lines)).toMatchObject({
    a: ['v vpc'],
    b: [],
  });
});

test('a stack stands for its units', () => {
  const units = { a: ['s/u/one', 's/u/two'], 's/u/one': [], 's/u/two': [] };
  expect(attributed(units, [line({ s: { to: '../s' } }), none, none]).a).toEqual(['s s']);
});

test.each([
  ['a line is missing', [none]],
  ['a line is nobody’s', [none, line({ v: { to: '../link-to-vpc' } })]],
])('nothing is certain where %s', (_, lines) => {
  expect(attributed({ vpc: [], app: ['vpc'] }, lines)).toEqual({});
});
