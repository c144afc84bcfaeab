import { join, relative } from 'node:path';
import { addWorktreeArgs, pruneWorktreesArgs, removeWorktreeArgs } from '../../tools/git.ts';
import type { Session } from '../session.ts';
import { askGit, tellGit, topFolder } from './ask-git.ts';

export interface BaseWorktree {
  /** The commit's top folder. */
  readonly top: string;
  /** The environment's folder in it; not there if the commit does not have it. */
  readonly environmentFolder: string;
}

/**
 * The files of a commit, in a private folder that is there while `action` runs: a unit that was
 * deleted can be planned as a destroy from what it was. Files that git does not track and submodules
 * are not in it.
 */
export async function withBaseWorktree<T>(
  { host, environment }: Pick<Session, 'host' | 'environment'>,
  commit: string,
  action: (worktree: BaseWorktree) => Promise<T>,
): Promise<T> {
  const from = await topFolder(host, environment.folder);
  const temporary = await host.files.makeTemporary('platform-base-');
  const real = (await host.files.realPath(temporary)) ?? temporary;
  const top = join(real, 'base');
  try {
    await tellGit(host, from, addWorktreeArgs(top, commit));
    const environmentFolder = join(top, relative(from, environment.folder));
    return await action({ top, environmentFolder });
  } finally {
    const { exitCode } = await askGit(host, from, removeWorktreeArgs(top));
    // What was done stays done when a folder among the temporary ones cannot be removed.
    await host.files.remove(real).catch(() => {});
    // Only then: it forgets the worktrees of others too, on a disk that is not there at the moment.
    if (exitCode !== 0) await askGit(host, from, pruneWorktreesArgs());
  }
}
