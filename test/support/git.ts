import { execa } from 'execa';

/** A person's configuration must not decide what tests see. */
export const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
};

/** Resolves to standard output. */
export async function gitIn(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execa('git', args, { cwd: folder, env: GIT_ENV });
  return stdout;
}

/** Commits all there is. */
export async function commitIn(folder: string, message = 'x'): Promise<void> {
  await gitIn(folder, 'add', '--all');
  await gitIn(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
}
