import { expect, test } from 'vitest';
import { gatherConfigs } from '../../../src/actions/configs/gather-configs.ts';
import type { Found } from '../../../src/tools/terragrunt/discovery.ts';
import { parseRender, type RenderedUnit } from '../../../src/tools/terragrunt/render.ts';
import { memoryFiles } from '../support/memory-files.ts';

type Blocks = Readonly<Record<string, object>>;

function rendered(dependency: Blocks, paths: readonly string[] = []): RenderedUnit {
  const [unit] = parseRender(JSON.stringify({ dependency, dependencies: { paths } }));
  if (unit === undefined) throw new Error('no line');
  return unit;
}

function found(path: string, given: Partial<Found> = {}): Found {
  const nothing = { dependencies: [], includes: [], reads: [], excludedFrom: [] };
  return { type: 'unit', path, ...nothing, ...given };
}

const block = (name: string) => `dependency "${name}" {\n}\n`;
const reads = (...names: readonly string[]) =>
  `inputs = {\n${names.map((name, i) => `  i${i} = dependency.${name}\n`).join('')}}\n`;

/**
 * Files are below `/estate`, the environment is `/estate/env`. `alone` says what rendering one folder
 * or file by itself gives; what is not there fails.
 */
async function gather(given: {
  readonly units: readonly Found[];
  readonly files: Readonly<Record<string, string>>;
  readonly lines?: readonly RenderedUnit[];
  readonly alone?: Readonly<Record<string, RenderedUnit>>;
}) {
  const asked: string[] = [];
  const paths = Object.entries(given.files).map(([path, text]) => [`/estate/${path}`, text]);
  const configs = await gatherConfigs({
    files: memoryFiles(Object.fromEntries(paths)),
    folder: '/estate/env',
    units: given.units,
    rendered: given.lines ?? [],
    render: async (folder, file) => {
      const path = (file ?? folder).slice('/estate/'.length);
      asked.push(path);
      return given.alone?.[path];
    },
  });
  const dependenciesOf = (unit: string) => configs.get(unit)?.dependencies ?? [];
  return { configs, asked, dependenciesOf };
}

const toVpc = { vpc: { config_path: '../vpc', mock_outputs: { id: 'mock' } } };

test('what files say: from the line, the texts and the list of what was read', async () => {
  const { configs, asked } = await gather({
    units: [
      found('app', {
        dependencies: ['vpc'],
        includes: ['root.hcl'],
        reads: ['../modules/app/main.tf', 'root.hcl'],
      }),
      found('vpc'),
    ],
    files: {
      'env/app/terragrunt.hcl': block('vpc') + reads('vpc.outputs.id'),
      'env/root.hcl': reads('vpc.outputs.cidr'),
      'env/vpc/terragrunt.hcl': '',
    },
    lines: [rendered(toVpc), rendered({})],
  });
  expect([...configs.keys()]).toEqual(['app', 'vpc']);
  expect(configs.get('app')).toEqual({
    unit: 'app',
    dependencies: [
      {
        name: 'vpc',
        unit: 'vpc',
        reads: ['cidr', 'id'],
        enabled: true,
        skipped: false,
        mocks: { id: 'mock' },
        mocksAllowedFor: undefined,
        mergesMocks: 'no',
      },
    ],
    readsFiles: ['/estate/modules/app/main.tf', '/estate/env/root.hcl'],
  });
  expect(asked).toEqual([]);
});

test('a dependency that no text mentions is read nothing of; one that cannot be told, all', async () => {
  const lines = [
    rendered({ vpc: { config_path: '../vpc' }, kms: { config_path: '../kms' } }),
    rendered({}),
    rendered({}),
  ];
  const units = [found('app', { dependencies: ['vpc', 'kms'] }), found('kms'), found('vpc')];
  const readsWith = async (text: string) => {
    const files = { 'env/app/terragrunt.hcl': block('vpc') + block('kms') + text };
    const { dependenciesOf } = await gather({ units, files, lines });
    return dependenciesOf('app').map(({ name, reads: names }) => [name, names]);
  };
  expect(await readsWith(reads('vpc.outputs.id'))).toEqual([
    ['vpc', ['id']],
    ['kms', []],
  ]);
  expect(await readsWith('inputs = values(dependency)\n')).toEqual([
    ['vpc', 'all'],
    ['kms', 'all'],
  ]);
});

test('only a unit whose line is not certain is rendered alone', async () => {
  const other = { vpc: { config_path: '../vpc' } };
  const { asked, dependenciesOf } = await gather({
    units: [
      found('a', { dependencies: ['vpc'] }),
      found('b', { dependencies: ['vpc'] }),
      found('c', { dependencies: ['a'] }),
      found('order', { dependencies: ['vpc'] }),
      found('vpc'),
    ],
    files: {
      'env/a/terragrunt.hcl': block('vpc'),
      'env/b/terragrunt.hcl': block('vpc'),
      'env/c/terragrunt.hcl': block('a'),
      'env/order/terragrunt.hcl': 'dependencies {\n  paths = ["../vpc"]\n}\n',
    },
    lines: [
      rendered(toVpc),
      rendered(other),
      rendered({ a: { config_path: '../a' } }),
      rendered({}, ['../vpc']),
      rendered({}),
    ],
    alone: { 'env/a': rendered(other), 'env/b': rendered(toVpc) },
  });
  expect(asked).toEqual(['env/a', 'env/b']);
  expect(dependenciesOf('a')).toMatchObject([{ mocks: undefined }]);
  expect(dependenciesOf('b')).toMatchObject([{ mocks: { id: 'mock' } }]);
  expect(dependenciesOf('c')).toMatchObject([{ unit: 'a' }]);
  expect(dependenciesOf('order')).toEqual([]);
});

test('a line that names what no text declares is not believed', async () => {
  const { asked } = await gather({
    units: [found('app', { dependencies: ['vpc'] }), found('vpc')],
    files: { 'env/app/terragrunt.hcl': block('network') },
    lines: [rendered(toVpc), rendered({})],
    alone: { 'env/app': rendered({ network: { config_path: '../vpc' } }) },
  });
  expect(asked).toEqual(['env/app']);
});

test('where all could not be rendered each is, at most four at once', async () => {
  const units = ['a', 'b', 'c', 'd', 'e', 'f'].map((path) => found(path));
  let [now, most] = [0, 0];
  const configs = await gatherConfigs({
    files: memoryFiles(
      Object.fromEntries(units.map(({ path }) => [`/env/${path}/terragrunt.hcl`, block('vpc')])),
    ),
    folder: '/env',
    units,
    rendered: [],
    render: async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return rendered(toVpc);
    },
  });
  expect(most).toBe(4);
  expect([...configs.values()].map(({ dependencies }) => dependencies[0]?.unit)).toEqual(
    units.map(() => 'vpc'),
  );
});

test('a unit that cannot be rendered: all that its texts do not rule out', async () => {
  const { dependenciesOf } = await gather({
    units: [found('app', { dependencies: ['vpc'], includes: ['deps.hcl'], reads: ['deps.hcl'] })],
    files: {
      'env/app/terragrunt.hcl': block('vpc') + reads('vpc.outputs.id'),
      'env/deps.hcl': 'dependency "vpc" {\n  mock_outputs_merge_with_state = true\n}\n',
    },
  });
  expect(dependenciesOf('app')).toMatchObject([
    { unit: 'vpc', reads: 'all', mergesMocks: 'deep', mocks: expect.anything() },
  ]);
});

test('what a stack lays beside the unit’s file is a part of it', async () => {
  const { dependenciesOf } = await gather({
    units: [found('app', { dependencies: ['vpc'] }), found('vpc')],
    files: {
      'env/app/terragrunt.hcl': '',
      'env/app/terragrunt.autoinclude.hcl': block('vpc') + reads('vpc.outputs.id'),
    },
    lines: [rendered(toVpc), rendered({})],
  });
  expect(dependenciesOf('app')).toMatchObject([{ unit: 'vpc', reads: ['id'] }]);
});

test('a dependency on a stack is one on each of its units, with all they have', async () => {
  const { dependenciesOf } = await gather({
    units: [found('app', { dependencies: ['net/a', 'net/b'] }), found('net/a'), found('net/b')],
    files: { 'env/app/terragrunt.hcl': block('net') + reads('net.outputs.a.id') },
    lines: [rendered({ net: { config_path: '../net' } }), rendered({}), rendered({})],
  });
  expect(dependenciesOf('app')).toMatchObject([
    { unit: 'net/a', reads: 'all' },
    { unit: 'net/b', reads: 'all' },
  ]);
});

const borrower = (file: string) => found('app', { reads: [file] });
const takes = 'inputs = {\n  id = local.common.dependency.vpc.outputs.id\n}\n';
const deps = (path = '/estate/env/vpc') =>
  `dependency "vpc" {\n  config_path = "${path}"\n  mock_outputs = {}\n}\n`;

test('dependencies of a configuration that is read are the reader’s too', async () => {
  const { asked, dependenciesOf } = await gather({
    units: [borrower('../deps.hcl'), found('other', { reads: ['../deps.hcl'] }), found('vpc')],
    files: {
      'deps.hcl': deps(),
      'env/app/terragrunt.hcl': takes,
      'env/other/terragrunt.hcl': '',
      'env/vpc/terragrunt.hcl': '',
    },
    lines: [rendered({}), rendered({}), rendered({})],
    alone: { 'deps.hcl': rendered({ vpc: { config_path: '/estate/env/vpc' } }) },
  });
  expect(dependenciesOf('app')).toMatchObject([{ unit: 'vpc', reads: ['id'] }]);
  expect(dependenciesOf('other')).toMatchObject([{ unit: 'vpc', reads: [] }]);
  expect(asked).toEqual(['deps.hcl']);
});

test('of another unit that is read: what that unit has, without rendering it again', async () => {
  const { asked, dependenciesOf } = await gather({
    units: [
      found('app', { reads: ['db/terragrunt.hcl', 'deps.hcl'] }),
      found('db', { dependencies: ['vpc'], includes: ['deps.hcl'], reads: ['deps.hcl'] }),
      found('vpc'),
    ],
    files: {
      'env/app/terragrunt.hcl': 'inputs = local.db.inputs\n',
      'env/db/terragrunt.hcl': reads('vpc.outputs.id'),
      'env/deps.hcl': deps('../vpc'),
    },
    lines: [rendered({}), rendered(toVpc), rendered({})],
  });
  expect(dependenciesOf('app')).toMatchObject([{ unit: 'vpc', reads: ['id'] }]);
  expect(asked).toEqual([]);
});

test.each([
  ['depends on who reads it', deps(`\${get_original_terragrunt_dir()}/../vpc`), '/estate/env/vpc'],
  ['leads nowhere', deps(), '../nowhere'],
  ['cannot be rendered', deps(), undefined],
])('a configuration that is read and %s proves nothing', async (_, text, to) => {
  const { dependenciesOf } = await gather({
    units: [borrower('../deps.hcl'), found('vpc')],
    files: { 'deps.hcl': text, 'env/app/terragrunt.hcl': takes, 'env/vpc/terragrunt.hcl': '' },
    lines: [rendered({}), rendered({})],
    alone: to === undefined ? {} : { 'deps.hcl': rendered({ vpc: { config_path: to } }) },
  });
  expect(dependenciesOf('app')).toMatchObject([
    { unit: '../deps.hcl', reads: 'all', mergesMocks: 'deep', mocks: expect.anything() },
  ]);
});

test('a configuration that is read and declares nothing costs nothing', async () => {
  const { asked, dependenciesOf } = await gather({
    units: [borrower('../region.hcl')],
    files: { 'region.hcl': 'locals {\n  dependency = 1\n}\n', 'env/app/terragrunt.hcl': '' },
    lines: [rendered({})],
  });
  expect(dependenciesOf('app')).toEqual([]);
  expect(asked).toEqual([]);
});
