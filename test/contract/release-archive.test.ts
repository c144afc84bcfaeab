import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import { downloadReleases } from '../../src/tools/toolchain/download-release.ts';
import type { Release } from '../../src/tools/toolchain/recipe.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'platform-archive-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A release as etcd has it: a folder with binaries and documents, packed by the system's tar. */
async function packed(): Promise<string> {
  const content = join(folder, 'content', 'etcd-v3.7.0-linux-amd64');
  await mkdir(content, { recursive: true });
  await writeFile(join(content, 'etcd'), 'etcd itself', { mode: 0o755 });
  await writeFile(join(content, 'etcdctl'), 'another');
  const archive = join(folder, 'etcd.tar.gz');
  await execa('tar', ['-czf', archive, '-C', join(folder, 'content'), 'etcd-v3.7.0-linux-amd64']);
  return archive;
}

async function download(member: string) {
  const archive = await packed();
  const host = createNodeHost();
  const [work, stage] = [join(folder, 'work'), join(folder, 'stage')];
  await Promise.all([mkdir(work), mkdir(stage)]);
  const release: Release = {
    url: 'https://example.invalid/etcd-v3.7.0-linux-amd64.tar.gz',
    checksum: { kind: 'pinned', sha256: await host.files.sha256(archive) },
    archive: { kind: 'tar.gz', member },
    output: 'etcd',
  };
  const http = {
    ...host.http,
    download: async (_: string, file: string) => {
      await copyFile(archive, file);
      return host.files.sha256(file);
    },
  };
  const recipe = { name: 'etcd', version: '3.7.0', outputs: ['etcd'], releases: [release] };
  return downloadReleases({ ...host, http }, recipe, work, stage, () => {});
}

test('of a tar archive the one file that is wanted is taken, by the tar of this machine', async () => {
  expect(await download('etcd-v3.7.0-linux-amd64/etcd')).toEqual({ kind: 'done' });
  expect(await readFile(join(folder, 'stage', 'etcd'), 'utf8')).toBe('etcd itself');
});

test('an archive without the file is told as such', async () => {
  expect(await download('etcd-v3.7.0-linux-amd64/etcdutl')).toEqual({
    kind: 'failed',
    why: expect.stringMatching(/^no "etcd-v3\.7\.0-linux-amd64\/etcdutl" in https:/),
  });
});
