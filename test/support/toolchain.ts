import { execa } from 'execa';
import { REPOSITORY } from './platform.ts';

/** What the sandbox needs, as the product itself finds or installs it: a quarter of an hour on a new machine, once. */
export async function setup(): Promise<void> {
  await execa('node', ['bin/platform.js', 'tools', 'install', '--all'], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
