import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  isPlainPath,
  listEnvironments,
  openEnvironment,
  openWorkspace,
} from '../../../src/config/workspace.ts';
import type { UserError } from '../../../src/domain/errors.ts';
import { createNodeHost } from '../../../src/host/node/create-host.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-')));
const host = { ...createNodeHost(), cwd: base };
afterAll(() => rmSync(base, { recursive: true }));

function write(path: string, text = ''): void {
  const file = join(base, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

beforeAll(() => {
  mkdirSync(join(base, 'ours/.git'), { recursive: true });
  write('ours/live/dev/eks/terragrunt.hcl');
  write('ours/live/dev/istio/ingress/terragrunt.hcl');
  write('ours/live/prod/vpc/terragrunt.hcl');
  write('ours/live/_shared/vpc/terragrunt.hcl');
  write('ours/live/.terragrunt-cache/vpc/terragrunt.hcl');
  write('ours/live/notes/readme.md');
  write('ours/live/stacks/terragrunt.stack.hcl');
  write('outside/vpc/terragrunt.hcl');
  symlinkSync(join(base, 'outside'), join(base, 'ours/live/linked'));
  symlinkSync(join(base, 'ours/live/prod'), join(base, 'ours/live/same-tree'));
  write('foreign/env/app/terragrunt.hcl');
  write('foreign/env/env.yaml', 'region: eu-west-1\nanything: goes\n');
  mkdirSync(join(base, 'mono/.git'), { recursive: true });
  write('mono/infra/platform.yaml', 'live: envs\n');
  write('mono/infra/envs/dev/vpc/terragrunt.hcl');
  write('wrong/live/dev/env.yaml', 'kind: aws\nname: dev\n');
  write('wrong/live/dev/vpc/terragrunt.hcl');
});

const open = (directory: string) => openWorkspace(host, directory);
const refusal = async (name: string, tree = 'ours') => {
  const workspace = await open(tree);
  return openEnvironment(host, workspace, name).then(
    () => undefined,
    (error: UserError) => ({ code: error.exitCode, ...error.problem }),
  );
};

test.each([
  ['the tree itself', 'ours', 'ours', 'ours/live', 'ours/.platform/runs'],
  ['a folder deep inside it', 'ours/live/dev/eks', 'ours', 'ours/live', 'ours/.platform/runs'],
  [
    'a tree inside a bigger repository',
    'mono/infra/envs/dev',
    'mono/infra',
    'mono/infra/envs',
    'mono/.platform/runs',
  ],
  ['a foreign tree without git', 'foreign', 'foreign', 'foreign', 'foreign/.platform/runs'],
  [
    'a foreign folder: its parents are somebody else’s',
    'foreign/env',
    'foreign/env',
    'foreign/env',
    'foreign/env/.platform/runs',
  ],
])('%s', async (_, directory, root, liveRoot, records) => {
  expect(await open(directory)).toMatchObject({
    root: join(base, root),
    liveRoot: join(base, liveRoot),
    recordsDirectory: join(base, records),
  });
});

test('a folder that is not there is refused', async () => {
  await expect(open('nowhere')).rejects.toMatchObject({ exitCode: 64 });
});

test('environments are the folders that hold units or stacks; hidden and shared ones are none', async () => {
  expect(await listEnvironments(host, await open('ours'))).toEqual(['dev', 'prod', 'stacks']);
});

test.each([
  ['../outside'],
  ['dev/../../../outside'],
  [join(base, 'outside')],
  [''],
  ['dev\0'],
  ['de\nv'],
  ['-chdir=/'],
  ['--help'],
  ['a'.repeat(1025)],
])('%j is not the name of an environment: 64', async (name) => {
  expect(await refusal(name)).toMatchObject({
    code: 64,
    what: expect.stringContaining('is not the name of an environment'),
  });
});

test('a hostile name is printed tame and short', async () => {
  const refused = await refusal(`\u001b[2J\n${'x'.repeat(500)}`);
  expect(refused?.what).not.toMatch(/\p{Cc}/u);
  expect(refused?.what.length).toBeLessThan(150);
});

test('a symlink to the outside is refused, one inside the tree is followed', async () => {
  expect(await refusal('linked')).toMatchObject({
    code: 64,
    what: `"linked" leads out of the tree, to "${join(base, 'outside')}"`,
  });
  expect(await refusal('same-tree')).toBeUndefined();
});

test.each([
  ['dve', 'there is no environment "dve"', 'did you mean "dev"?'],
  ['staging', 'there is no environment "staging"', 'one of: dev, prod, stacks'],
  ['de', 'there is no environment "de"', 'did you mean "dev"?'],
  ['notes', '"notes" holds no units', 'one of: dev, prod, stacks'],
  [
    'dev/eks/terragrunt.hcl',
    'there is no environment "dev/eks/terragrunt.hcl"',
    'one of: dev, prod, stacks',
  ],
])('%s: %s; %s', async (name, what, next) => {
  expect(await refusal(name)).toEqual({ code: 64, what, where: join(base, 'ours/live'), next });
});

test('an environment by its name, by its path from the root, or a part of it', async () => {
  const workspace = await open('ours');
  const folder = async (name: string) => (await openEnvironment(host, workspace, name)).folder;
  expect(await folder('dev')).toBe(join(base, 'ours/live/dev'));
  expect(await folder('live/dev')).toBe(join(base, 'ours/live/dev'));
  expect(await folder('dev/istio')).toBe(join(base, 'ours/live/dev/istio'));
});

test('an env.yaml that is not ours is left alone', async () => {
  const workspace = await open('foreign');
  expect(await openEnvironment(host, workspace, 'env')).toEqual({
    name: 'env',
    folder: join(base, 'foreign/env'),
    file: undefined,
  });
});

test('an env.yaml that is ours is checked', async () => {
  expect(await refusal('dev', 'wrong')).toMatchObject({
    code: 64,
    where: join(base, 'wrong/live/dev/env.yaml'),
  });
});

test.each(['eks', 'istio/ingress', 'a b', 'Ünïcode', '.'])('%s is a plain path', (path) => {
  expect(isPlainPath(path)).toBe(true);
});

test.each(['a\u007fb', '..', 'a/..', '/a', '-a', 'a\tb'])('%j is not', (path) => {
  expect(isPlainPath(path)).toBe(false);
});
