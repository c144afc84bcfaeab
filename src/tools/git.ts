import type { ChangedFile } from '../domain/file-claims.ts';

/*
 * Names are asked for with -z: without it git quotes what is not ASCII, and a name may hold a line
 * end. Paths in answers are from the top folder, where these commands are to be run. Only
 * `commitArgs` takes what a person typed; the others take the ids that it answered with.
 */

export function headArgs(): string[] {
  return ['rev-parse', '--verify', '--quiet', 'HEAD'];
}

/** The id of what HEAD holds: the same for two commits with the same files. */
export function treeArgs(): string[] {
  return ['rev-parse', '--verify', '--quiet', 'HEAD^{tree}'];
}

/** Exit code 128 outside of a repository. */
export function topFolderArgs(): string[] {
  return ['rev-parse', '--show-toplevel'];
}

/** One line end is git's; any other belongs to the name. */
export function parseTopFolder(text: string): string {
  return text.replace(/\n$/, '');
}

/** A ref that would be read as an option, or as `^ref`, which leaves a commit out instead of naming it. */
export function isSafeRef(ref: string): boolean {
  return ref !== '' && !/^[-^]|\p{Cc}/u.test(ref);
}

/** @param ref one that `isSafeRef` lets through */
export function commitArgs(ref: string): string[] {
  return ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`];
}

/** Undefined for anything but one id, of either length that git has. */
export function parseCommit(text: string): string | undefined {
  return /^([0-9a-f]{40}|[0-9a-f]{64})\n?$/.exec(text)?.[1];
}

/** What the remote calls its default branch, as far as the clone noted it. */
export function defaultBranchArgs(): string[] {
  return ['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD'];
}

/** `origin/main` for `refs/remotes/origin/main`. */
export function parseDefaultBranch(text: string): string | undefined {
  return /^refs\/remotes\/(.+)\n?$/.exec(text)?.[1];
}

/** Branches, remote branches and tags, without what stands before their names. */
export function refNamesArgs(): string[] {
  return [
    'for-each-ref',
    '--format=%(refname:lstrip=2)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  ];
}

export function parseRefNames(text: string): string[] {
  return text.split('\n').filter((name) => name !== '');
}

/** Exit code 1 without a word when there is none. */
export function mergeBaseArgs(commit: string): string[] {
  return ['merge-base', commit, 'HEAD'];
}

export function isShallowArgs(): string[] {
  return ['rev-parse', '--is-shallow-repository'];
}

export function parseIsShallow(text: string): boolean {
  return text.trim() === 'true';
}

/**
 * From a commit to the working tree, uncommitted changes included, files that git does not track not.
 * What a person's configuration could turn round is given.
 */
export function diffArgs(commit: string): string[] {
  return [
    'diff',
    '--name-status',
    '-z',
    '--no-renames',
    '--ignore-submodules=untracked',
    commit,
    '--',
  ];
}

export function parseDiff(text: string): ChangedFile[] {
  const fields = text.split('\0');
  const files = new Map<string, boolean>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const path = fields[index + 1] ?? '';
    // A file in conflict comes twice; it is gone only if it is never there.
    files.set(path, fields[index] === 'D' && files.get(path) !== false);
  }
  return [...files].map(([path, isGone]) => ({ path, isGone }));
}

export function untrackedArgs(): string[] {
  return ['ls-files', '--others', '--exclude-standard', '-z'];
}

/** A repository within the repository is one name that ends with a slash. */
export function parseUntracked(text: string): string[] {
  return text
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => path.replace(/\/$/, ''));
}

/** @param folder from the top folder; empty for all of the commit */
export function listTreeArgs(commit: string, folder: string): string[] {
  const options = ['--literal-pathspecs', 'ls-tree', '-r', '-z', commit];
  return folder === '' ? options : [...options, '--', folder];
}

export interface TreeEntry {
  readonly path: string;
  /** The same for the same content. */
  readonly blob: string;
}

/** Files alone: a submodule is not one. */
export function parseTree(text: string): TreeEntry[] {
  return text.split('\0').flatMap((entry) => {
    const found = /^\d+ blob ([0-9a-f]+)\t([\s\S]+)$/.exec(entry);
    return found === null ? [] : [{ blob: found[1] ?? '', path: found[2] ?? '' }];
  });
}

/** The ids that files would have when committed, one line each; nothing is stored. */
export function hashArgs(paths: readonly string[]): string[] {
  return ['hash-object', '--', ...paths];
}

export function parseHashes(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** @param folder absolute; the commit is checked out there. Hooks of the repository do not run: nobody works there. */
export function addWorktreeArgs(folder: string, commit: string): string[] {
  return ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', folder, commit];
}

/** With whatever was made in it since. */
export function removeWorktreeArgs(folder: string): string[] {
  return ['worktree', 'remove', '--force', folder];
}

/** Forgets every worktree whose folder is not there. */
export function pruneWorktreesArgs(): string[] {
  return ['worktree', 'prune'];
}
