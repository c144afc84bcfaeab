import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeForeignTree } from '../support/foreign-tree.ts';
import { platform, startPlatform, waitForLine } from '../support/platform.ts';

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

test('an install that is interrupted ends with 130 and leaves nothing half done', async () => {
  const install = startPlatform(['tools', 'install', 'terragrunt'], { env: withoutTerragrunt() });
  await waitForLine(install, /^terragrunt \S+: /);
  process.kill(install.pid ?? 0, 'SIGINT');
  const { exitCode, stderr } = await install;
  expect(stderr).toContain('stopped by SIGINT before a run began');
  expect(exitCode).toBe(130);
  expect(await readdir(join(cache, 'tools'))).toEqual([]);
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
