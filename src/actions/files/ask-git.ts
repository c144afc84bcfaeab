import { ToolError, UserError } from '../../domain/errors.ts';
import { EXIT } from '../../domain/exit-code.ts';
import type { ProcessResult } from '../../host/command.ts';
import type { Host } from '../../host/host.ts';
import { headArgs, parseTopFolder, topFolderArgs, treeArgs } from '../../tools/git.ts';

/** Set by git for its hooks and meant for one repository; the folder that we ask in says which is ours. */
const OF_A_HOOK = /^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR)$/;

type Asks = Pick<Host, 'processes' | 'env'>;

function runGit({ processes, env }: Asks, cwd: string, args: readonly string[]) {
  const own = Object.entries(env).filter(([name]) => !OF_A_HOOK.test(name));
  return processes.run({
    argv: ['git', ...args],
    cwd,
    // Messages in English, since one is read; and no lock on the index only to note what we saw.
    env: { ...Object.fromEntries(own), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
  });
}

export interface Head {
  readonly commit: string | null;
  /** Git's name for the content of the commit. */
  readonly tree: string | null;
}

/** What is checked out; nulls without a commit, a repository, or a git. */
export async function readHead(host: Asks, folder: string): Promise<Head> {
  const read = async (args: readonly string[]) => {
    const { exitCode, stdout } = await runGit(host, folder, args);
    return exitCode === 0 ? stdout.trim() : null;
  };
  const [commit, tree] = await Promise.all([read(headArgs()), read(treeArgs())]);
  return { commit, tree };
}

/** Any exit code is an answer; only a git that is not there is an error. */
export async function askGit(
  host: Asks,
  cwd: string,
  args: readonly string[],
): Promise<ProcessResult> {
  const result = await runGit(host, cwd, args);
  if (result.notStarted === undefined || result.notStarted === 'other') return result;
  throw new ToolError(
    { what: 'git could not be started', next: 'install git, or correct PATH' },
    EXIT.tool,
  );
}

/** Standard output of a git that has to succeed. */
export async function tellGit(host: Asks, cwd: string, args: readonly string[]): Promise<string> {
  const result = await askGit(host, cwd, args);
  if (result.exitCode === 0) return result.stdout;
  throw new ToolError({ what: `git failed: ${reasonIn(result.stderr)}`, where: cwd });
}

/** The top folder of the repository that a folder lies in, with symlinks resolved. */
export async function topFolder(host: Asks, folder: string): Promise<string> {
  const { exitCode, stdout, stderr } = await askGit(host, folder, topFolderArgs());
  if (exitCode === 0) return parseTopFolder(stdout);
  if (!stderr.includes('not a git repository')) {
    throw new ToolError({ what: `git failed: ${reasonIn(stderr)}`, where: folder });
  }
  throw new UserError({
    what: 'this is not a git repository, so nothing tells what changed',
    where: folder,
    next: 'name the units instead',
  });
}

/** Advice and progress stand around the one line that says what is wrong. */
function reasonIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const reason = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0] ?? '';
  return reason.replace(/^(fatal|error): /, '');
}
