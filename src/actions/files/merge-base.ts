import { nearest, suggestion } from '../../config/user-yaml.ts';
import { printable } from '../../config/workspace.ts';
import { UserError } from '../../domain/errors.ts';
import type { Host } from '../../host/host.ts';
import {
  commitArgs,
  defaultBranchArgs,
  isSafeRef,
  isShallowArgs,
  mergeBaseArgs,
  parseCommit,
  parseDefaultBranch,
  parseIsShallow,
  parseRefNames,
  refNamesArgs,
} from '../../tools/git.ts';
import { askGit, tellGit } from './ask-git.ts';

type Asks = Pick<Host, 'processes' | 'env'>;

export interface MergeBase {
  /** What was compared with, as it was named or found. */
  readonly base: string;
  readonly commit: string;
}

/**
 * Where HEAD's history left that of the base: what was done on the base since is not a change of
 * ours. Without a name the base is the branch that a pull request goes to (GITHUB_BASE_REF), then the
 * remote's default branch, then `main`, then `master`.
 *
 * @param top the repository's top folder
 */
export async function findMergeBase(
  host: Asks,
  top: string,
  named: string | undefined,
): Promise<MergeBase> {
  const target = host.env.GITHUB_BASE_REF ?? '';
  const asked = named ?? (target === '' ? undefined : `origin/${target}`);
  const { base, commit } =
    asked === undefined ? await findBase(host, top) : await openBase(host, top, asked);
  const { exitCode, stdout } = await askGit(host, top, mergeBaseArgs(commit));
  const mergeBase = exitCode === 0 ? parseCommit(stdout) : undefined;
  if (mergeBase !== undefined) return { base, commit: mergeBase };
  if (await isShallow(host, top)) throw shallow(base);
  throw new UserError({
    what: `"${printable(base)}" and HEAD have no commit in common`,
    next: 'name another base: --base <ref>',
  });
}

async function openBase(host: Asks, top: string, base: string) {
  const commit = await commitOf(host, top, base);
  if (commit !== undefined) return { base, commit };
  const names = parseRefNames(await tellGit(host, top, refNamesArgs()));
  const isNear = nearest(base, names).length > 0;
  if (!isNear && (await isShallow(host, top))) throw shallow(base);
  throw new UserError({
    what: `there is no commit "${printable(base)}"`,
    next: isNear ? suggestion(base, names) : 'name a branch, a tag or a commit: --base <ref>',
  });
}

async function findBase(host: Asks, top: string) {
  const { exitCode, stdout } = await askGit(host, top, defaultBranchArgs());
  const remote = exitCode === 0 ? parseDefaultBranch(stdout) : undefined;
  for (const base of [...(remote === undefined ? [] : [remote]), 'main', 'master']) {
    const commit = await commitOf(host, top, base);
    if (commit !== undefined) return { base, commit };
  }
  throw new UserError({ what: 'no base to compare with', next: 'name one: --base <ref>' });
}

async function commitOf(host: Asks, top: string, ref: string): Promise<string | undefined> {
  if (!isSafeRef(ref)) return undefined;
  const { exitCode, stdout } = await askGit(host, top, commitArgs(ref));
  return exitCode === 0 ? parseCommit(stdout) : undefined;
}

async function isShallow(host: Asks, top: string): Promise<boolean> {
  return parseIsShallow((await askGit(host, top, isShallowArgs())).stdout);
}

function shallow(base: string): UserError {
  return new UserError({
    what: `this is a shallow clone: the merge base of "${printable(base)}" and HEAD is not in it`,
    next: 'fetch the whole history: git fetch --unshallow, or fetch-depth: 0 in actions/checkout',
  });
}
