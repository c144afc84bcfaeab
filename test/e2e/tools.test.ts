import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import { readPins } from '../../src/tools/toolchain/locate.ts';
import { makeForeignTree } from '../support/foreign-tree.ts';
import { platform, REPOSITORY, startPlatform, waitForLine } from '../support/platform.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'platform-cache-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

/** As on a machine that never saw Terragrunt. */
function withoutTerragrunt(): Record<string, string> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = folders.filter((folder) => !existsSync(join(folder, 'terragrunt')));
  return { PATH: path.join(delimiter), PLATFORM_CACHE_DIR: cache };
}

/** What was half done is removed by a process that nobody has to wait for. */
function toolsFolderEmpties(): Promise<void> {
  return vi.waitFor(async () => expect(await readdir(join(cache, 'tools'))).toEqual([]), {
    timeout: 120_000,
    interval: 100,
  });
}

test('an install that is interrupted ends with 130 and leaves nothing half done', async () => {
  const install = startPlatform(['tools', 'install', 'terragrunt'], { env: withoutTerragrunt() });
  await waitForLine(install, /^terragrunt \S+: /);
  process.kill(install.pid ?? 0, 'SIGINT');
  const { exitCode, stderr } = await install;
  expect(stderr).toContain('stopped by SIGINT before a run began');
  expect(exitCode).toBe(130);
  await toolsFolderEmpties();
});

test('a build that is interrupted takes its caches along, gigabytes that nobody would look for', async () => {
  const env = { ...withoutTerragrunt(), TMPDIR: cache };
  const install = startPlatform(['tools', 'install', 'helm-provider'], { env });
  await waitForLine(install, /^helm-provider \S+: building from source, /);
  process.kill(install.pid ?? 0, 'SIGINT');
  const { exitCode } = await install;
  expect(exitCode).toBe(130);
  expect(await readdir(cache)).toEqual(['tools']);
  await toolsFolderEmpties();
});

test('prune removes versions that nothing pins and what a killed build left, and keeps the rest', async () => {
  const providers = 'providers/registry.terraform.io/hashicorp/helm';
  const pinned = (await readPins(createNodeHost(), REPOSITORY)).get('helm-provider');
  const folders = [
    'tools/terragrunt/0.1.0',
    'tools/kubernetes/1.0.0_etcd-3.0.0_kwok-0.1.0',
    'tools/kubernetes.incoming/work',
    'tools/kubernetes.incoming.discarded-01ab/work',
    `${providers}/1.0.0`,
    `${providers}/${pinned}`,
  ];
  for (const folder of folders) await mkdir(join(cache, folder), { recursive: true });
  const { stdout } = await platform(['--json', 'tools', 'prune'], { env: withoutTerragrunt() });
  expect(JSON.parse(stdout)).toMatchObject({
    removed: [
      'terragrunt 0.1.0',
      'kubernetes 1.0.0_etcd-3.0.0_kwok-0.1.0',
      'half an install of kubernetes',
      'helm-provider 1.0.0',
      'kubernetes.incoming.discarded-01ab',
    ],
  });
  expect(folders.filter((folder) => existsSync(join(cache, folder)))).toEqual([folders.at(-1)]);
});

test('what cannot be had is 69, with every way that was tried', async () => {
  const tree = await makeForeignTree({ 'live/a': {} });
  // A version that nobody released and that our go.mod does not hold.
  await tree.write('.tool-versions', 'terragrunt 1.1.99\n');
  const { exitCode, stderr } = await platform(['-C', tree.root, 'tools', 'install', 'terragrunt'], {
    env: withoutTerragrunt(),
  });
  expect(stderr).toMatch(
    /terragrunt 1\.1\.99 is missing: .*cannot build terragrunt 1\.1\.99 from Go/s,
  );
  expect(exitCode).toBe(69);
  await tree.remove();
});

test('list tells what is pinned and what is found; path is for scripts', async () => {
  const { stdout } = await platform(['--json', 'tools', 'list']);
  const { tools } = JSON.parse(stdout) as {
    tools: { name: string; found?: { version: string; path: string } }[];
  };
  const terraform = tools.find(({ name }) => name === 'terraform')?.found;
  expect(terraform?.version).toMatch(/^1\.\d+\.\d+$/);
  const path = await platform(['tools', 'path', 'terraform']);
  expect(path.stdout).toBe(`${terraform?.path}\n`);
});
