import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { digestFiles } from '../../../src/actions/files/files-digest.ts';
import { gatherUnitFiles } from '../../../src/actions/files/unit-files.ts';
import type { UnitConfig } from '../../../src/domain/unit-config.ts';
import { nodeFiles } from '../../../src/host/node/files.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { temporary } from '../support/temporary.ts';

const config = (unit: string, readsFiles: readonly string[]): UnitConfig => ({
  unit,
  dependencies: [],
  readsFiles,
});

async function gather(
  content: Readonly<Record<string, string>>,
  reads: Readonly<Record<string, readonly string[]>>,
) {
  const files = memoryFiles(content);
  const configs = new Map(Object.entries(reads).map(([unit, list]) => [unit, config(unit, list)]));
  return gatherUnitFiles({ files }, configs, '/r/live', Object.keys(reads));
}

test('a unit has its folder, without nested units and what tools leave behind', async () => {
  const found = await gather(
    {
      '/r/live/a/terragrunt.hcl': '',
      '/r/live/a/.terraform.lock.hcl': '',
      '/r/live/a/policies/x.json': '',
      '/r/live/a/b/terragrunt.hcl': '',
      '/r/live/a/b/x.json': '',
      '/r/live/a/.terragrunt-cache/1/main.tf': '',
      '/r/live/a/.terraform/modules.json': '',
      '/r/live/a/.platform/runs/1': '',
      '/r/live/a/.git/HEAD': '',
      '/r/live/a/terraform.tfstate': '',
      '/r/live/a/terraform.tfstate.backup': '',
      '/r/live/a/.terraform.tfstate.lock.info': '',
      '/r/live/a/terragrunt.rendered.json': '',
      '/r/live/a2/terragrunt.hcl': '',
    },
    { a: [], 'a/b': [] },
  );
  expect(found.get('a')).toEqual([
    '/r/live/a/.terraform.lock.hcl',
    '/r/live/a/policies/x.json',
    '/r/live/a/terragrunt.hcl',
  ]);
  expect(found.get('a/b')).toEqual(['/r/live/a/b/terragrunt.hcl', '/r/live/a/b/x.json']);
});

test('a unit has what was read for it, as far as it is there', async () => {
  const found = await gather(
    { '/r/live/root.hcl': '', '/r/live/other.hcl': '', '/r/live/a/terragrunt.hcl': '' },
    { a: ['/r/live/root.hcl', '/r/live/gone.hcl'] },
  );
  expect(found.get('a')).toEqual(['/r/live/a/terragrunt.hcl', '/r/live/root.hcl']);
});

test('modules come whole, with the modules that they call, in circles too', async () => {
  const found = await gather(
    {
      '/r/live/a/terragrunt.hcl': '',
      '/r/infra/m/main.tf': 'module "n" {\n  source = "../n"\n}\n',
      '/r/infra/m/templates/user-data.sh': '',
      '/r/infra/n/main.tf.json': '{"module":{"o":{"source":"../o/inner"}}}',
      '/r/infra/n/policy.json': '',
      '/r/infra/o/inner/main.tf': 'module "m" { source="../../m/" }',
      '/r/infra/o/README.md': '',
      '/r/infra/not-used/main.tf': '',
    },
    { a: ['/r/infra/m/main.tf'] },
  );
  expect(found.get('a')).toEqual([
    '/r/infra/m/main.tf',
    '/r/infra/m/templates/user-data.sh',
    '/r/infra/n/main.tf.json',
    '/r/infra/n/policy.json',
    '/r/infra/o/inner/main.tf',
    '/r/live/a/terragrunt.hcl',
  ]);
});

test('a unit with code of its own has the modules that it calls', async () => {
  const found = await gather(
    {
      '/r/live/a/terragrunt.hcl': '',
      '/r/live/a/main.tf': 'module "m" {\n  source = "../../infra/m"\n  x = "../../infra/n"\n}',
      '/r/infra/m/main.tf': 'module "x" { source = "../missing" }',
      '/r/infra/n/main.tf': '',
    },
    { a: [] },
  );
  expect(found.get('a')).toEqual([
    '/r/infra/m/main.tf',
    '/r/live/a/main.tf',
    '/r/live/a/terragrunt.hcl',
  ]);
});

test('a generated unit has its stacks and their local sources; another unit has not', async () => {
  const found = await gather(
    {
      '/r/live/jobs/terragrunt.stack.hcl': 'stack "s" {\n  source = "../../catalog/s"\n}',
      '/r/live/jobs/.terragrunt-stack/s/terragrunt.stack.hcl': '',
      '/r/live/jobs/.terragrunt-stack/s/.terragrunt-stack/q/terragrunt.hcl': '',
      '/r/live/jobs/.terragrunt-stack/s/.terragrunt-stack/q/.terragrunt-stack-manifest': '',
      '/r/catalog/s/terragrunt.stack.hcl': 'unit "q" { source = "../q" }',
      '/r/catalog/q/terragrunt.hcl': '',
      '/r/live/jobs/by-hand/terragrunt.hcl': '',
    },
    { 'jobs/.terragrunt-stack/s/.terragrunt-stack/q': [], 'jobs/by-hand': [] },
  );
  expect([...found.values()]).toEqual([
    [
      '/r/catalog/q/terragrunt.hcl',
      '/r/catalog/s/terragrunt.stack.hcl',
      '/r/live/jobs/.terragrunt-stack/s/.terragrunt-stack/q/terragrunt.hcl',
      '/r/live/jobs/.terragrunt-stack/s/terragrunt.stack.hcl',
      '/r/live/jobs/terragrunt.stack.hcl',
    ],
    ['/r/live/jobs/by-hand/terragrunt.hcl'],
  ]);
});

test('a folder that a thousand units share is listed once', async () => {
  const units = Array.from({ length: 1000 }, (_, index) => `u${index}`);
  const files = memoryFiles({ '/r/infra/m/main.tf': '', '/r/infra/m/sub/x.tf': '' });
  const listed: string[] = [];
  const list = async (path: string) => {
    listed.push(path);
    return path.startsWith('/r/infra') ? files.list(path) : [];
  };
  const reads = ['/r/infra/m/main.tf', '/r/infra/m/sub/x.tf'];
  const configs = new Map(units.map((unit) => [unit, config(unit, reads)]));
  const found = await gatherUnitFiles({ files: { ...files, list } }, configs, '/r/live', units);
  expect(found.get('u999')).toEqual(reads);
  expect(listed.filter((path) => path.startsWith('/r/infra'))).toEqual([
    '/r/infra/m',
    '/r/infra/m/sub',
  ]);
});

test('links come with what they lead to, also in a circle; dangling ones do not', async () => {
  const root = temporary();
  const write = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  };
  for (const path of ['live/a/terragrunt.hcl', 'shared/one.json', 'shared/all/two.json']) {
    write(path);
  }
  symlinkSync('../../shared/one.json', join(root, 'live/a/one.json'));
  symlinkSync('../../shared/all', join(root, 'live/a/all'));
  symlinkSync('..', join(root, 'shared/all/up'));
  symlinkSync('nowhere', join(root, 'live/a/dangling'));
  const found = await gatherUnitFiles({ files: nodeFiles }, new Map(), join(root, 'live'), ['a']);
  expect(found.get('a')?.map((path) => path.slice(root.length + 1))).toEqual([
    'live/a/all',
    'live/a/one.json',
    'live/a/terragrunt.hcl',
    'shared/all/two.json',
    'shared/all/up',
    'shared/one.json',
  ]);
  const digest = await digestFiles({ files: nodeFiles }, found.get('a') ?? [], root);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

const A = { '/r/a': '1', '/r/b': '2' };

test.each([
  ['the same files elsewhere', { '/s/a': '1', '/s/b': '2' }, '/s', true],
  ['another content', { '/r/a': '1', '/r/b': '3' }, '/r', false],
  ['contents the other way round', { '/r/a': '2', '/r/b': '1' }, '/r', false],
  ['another name', { '/r/a': '1', '/r/c': '2' }, '/r', false],
  ['one file less', { '/r/a': '1' }, '/r', false],
  ['one file more', { ...A, '/r/c': '' }, '/r', false],
  ['a lock file of providers', { ...A, '/r/x/.terraform.lock.hcl': '' }, '/r', true],
])('the digest of %s is the same: %o', async (_, content, root, isSame) => {
  const digest = (given: Readonly<Record<string, string>>, folder: string) =>
    digestFiles({ files: memoryFiles(given) }, Object.keys(given), folder);
  expect((await digest(content, root)) === (await digest(A, '/r'))).toBe(isSame);
});

test('the digest does not look at the order, and says that a file is missing', async () => {
  const host = { files: memoryFiles(A) };
  const digest = await digestFiles(host, ['/r/a', '/r/b'], '/r');
  expect(await digestFiles(host, ['/r/b', '/r/a'], '/r')).toBe(digest);
  expect(
    await digestFiles({ files: memoryFiles({ '/r/a': '1' }) }, ['/r/a', '/r/b'], '/r'),
  ).not.toBe(digest);
});

test('with a cache each file is read once', async () => {
  const files = memoryFiles(A);
  const hashed: string[] = [];
  const sha256 = (path: string) => {
    hashed.push(path);
    return files.sha256(path);
  };
  const cache = new Map<string, Promise<string>>();
  const digest = () => digestFiles({ files: { ...files, sha256 } }, ['/r/a', '/r/b'], '/r', cache);
  expect(new Set(await Promise.all([digest(), digest(), digest()])).size).toBe(1);
  expect(hashed.sort()).toEqual(['/r/a', '/r/b']);
});
