import { copyFile, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { REPOSITORY } from './platform.ts';

export interface Checkout {
  readonly root: string;
  remove(): Promise<void>;
}

/** The estate of this repository as it is in the working tree, in a repository of its own. */
export async function makeCheckout(): Promise<Checkout> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'platform-checkout-')));
  const { stdout } = await execa(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', 'live', 'infra'],
    { cwd: REPOSITORY },
  );
  for (const path of stdout.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(join(REPOSITORY, path), join(root, path));
  }
  await execa('git', ['init', '--quiet'], { cwd: root });
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
