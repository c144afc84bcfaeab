import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withBaseWorktree } from '../../src/actions/files/base-worktree.ts';
import { findChanged } from '../../src/actions/files/changed-selection.ts';
import { PlatformError, type Problem } from '../../src/domain/errors.ts';
import { buildGraph } from '../../src/domain/graph.ts';
import type { UnitConfig } from '../../src/domain/unit-config.ts';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import { parseCommit, treeArgs } from '../../src/tools/git.ts';
import { GIT_ENV } from '../support/git.ts';

const ENV = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...GIT_ENV };

const ODD = 'odd ü\nname';

/** What each unit reads beside its own folder, from the top folder. */
const READS: Readonly<Record<string, readonly string[]>> = {
  vpc: ['live/root.hcl', 'infra/vpc/main.tf'],
  eks: ['live/root.hcl', 'infra/eks/main.tf'],
  apps: ['live/root.hcl'],
  [ODD]: [],
};
const NEEDS: Readonly<Record<string, readonly string[]>> = { eks: ['vpc'], apps: ['eks'] };

class Repository {
  readonly top: string;

  constructor(top: string) {
    this.top = top;
  }

  async git(...args: readonly string[]): Promise<string> {
    const { stdout } = await execa('git', args, { cwd: this.top, env: ENV, extendEnv: false });
    return stdout;
  }

  async write(path: string, content: string): Promise<void> {
    mkdirSync(dirname(join(this.top, path)), { recursive: true });
    await writeFile(join(this.top, path), content);
  }

  async commit(files: Readonly<Record<string, string>> = {}): Promise<void> {
    for (const [path, content] of Object.entries(files)) await this.write(path, content);
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '--message', 'x');
  }

  session(env: Readonly<Record<string, string>> = {}) {
    const folder = join(this.top, 'live/dev');
    return {
      host: { ...createNodeHost(), env: { ...ENV, ...env } },
      environment: { name: 'dev', folder, file: undefined },
    };
  }

  changed(base?: string, options: Options = {}) {
    const { units = Object.keys(READS), env = {} } = options;
    const built = buildGraph(
      units.map((unit) => ({ path: unit, dependencies: NEEDS[unit] ?? [] })),
    );
    if (built.kind === 'cycle') throw new Error('a circle');
    const configs = new Map(
      units.map((unit): [string, UnitConfig] => {
        const readsFiles = (READS[unit] ?? []).map((path) => join(this.top, path));
        return [unit, { unit, dependencies: [], readsFiles }];
      }),
    );
    return findChanged(this.session(env), { graph: built.graph, configs }, base);
  }
}

interface Options {
  readonly units?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'platform-git-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A branch `work` that left `main`, which then moved on. */
async function makeRepository(): Promise<Repository> {
  const repository = new Repository(folder());
  await repository.git('init', '--quiet', '--initial-branch=main');
  await repository.commit({
    'live/root.hcl': 'env = find_in_parent_folders("env.yaml")\n',
    'live/dev/env.yaml': 'a: 1\n',
    'live/dev/region.hcl': '\n',
    ...Object.fromEntries(
      Object.keys(READS).map((unit) => [`live/dev/${unit}/terragrunt.hcl`, `# ${unit}\n`]),
    ),
    'live/dev/vpc/old.tfstate': '{}',
    'live/prod/vpc/terragrunt.hcl': '\n',
    'infra/vpc/main.tf': 'module "net" {\n  source = "../net"\n}\n',
    'infra/vpc/templates/a.tpl': '\n',
    'infra/net/main.tf': '\n',
    'infra/eks/main.tf': '\n',
    'infra/eks/extra.tf': '\n',
    '.gitignore': '.terragrunt-cache/\n',
  });
  await repository.git('checkout', '--quiet', '-b', 'work');
  await repository.git('checkout', '--quiet', 'main');
  await repository.commit({ 'infra/eks/main.tf': '# moved on\n' });
  await repository.git('checkout', '--quiet', 'work');
  return repository;
}

const problemOf = async (asked: Promise<unknown>): Promise<Problem & { exitCode: number }> => {
  try {
    await asked;
  } catch (error) {
    if (error instanceof PlatformError) return { ...error.problem, exitCode: error.exitCode };
    throw error;
  }
  throw new Error('nothing was wrong');
};

describe('what changed', () => {
  test('nothing, although main moved on', async () => {
    const repository = await makeRepository();
    const selection = await repository.changed();
    expect(selection).toMatchObject({ changed: [], dependents: [], deleted: [], base: 'main' });
    expect(selection.commit).toBe(await repository.git('rev-parse', 'main~1'));
    expect(selection.top).toBe(repository.top);
  });

  test('committed, staged, unstaged and untracked files count', async () => {
    const repository = await makeRepository();
    await repository.commit({ 'live/dev/apps/a.json': '{}' });
    await repository.write('infra/eks/main.tf', '# staged\n');
    await repository.git('add', '--all');
    await repository.write('infra/vpc/main.tf', '# unstaged\n');
    await repository.write(`live/dev/${ODD}/new\nfile é.json`, '{}');
    const { changed, dependents } = await repository.changed('main');
    expect(changed).toEqual([
      { unit: ODD, file: `live/dev/${ODD}/new\nfile é.json` },
      { unit: 'vpc', file: 'infra/vpc/main.tf' },
      { unit: 'eks', file: 'infra/eks/main.tf' },
      { unit: 'apps', file: 'live/dev/apps/a.json' },
    ]);
    expect(dependents).toEqual([]);
  });

  test('a called module selects the units of its callers, and what depends on them', async () => {
    const repository = await makeRepository();
    await repository.commit({ 'infra/net/policy.json': '{}' });
    const { changed, dependents } = await repository.changed();
    expect(changed).toEqual([{ unit: 'vpc', file: 'infra/net/policy.json' }]);
    expect(dependents).toEqual([
      { unit: 'eks', of: 'vpc' },
      { unit: 'apps', of: 'vpc' },
    ]);
  });

  test('a file that went counts, and one that only a text names', async () => {
    const repository = await makeRepository();
    await repository.git('rm', '--quiet', 'infra/vpc/templates/a.tpl');
    await rm(join(repository.top, 'infra/eks/extra.tf'));
    await repository.write('live/dev/env.yaml', 'a: 2\n');
    const { changed } = await repository.changed();
    expect(changed).toEqual([
      { unit: 'vpc', file: 'infra/vpc/templates/a.tpl' },
      { unit: 'eks', file: 'infra/eks/extra.tf' },
      { unit: 'apps', file: 'live/dev/env.yaml' },
    ]);
  });

  test('what is written back to as it was, and what tools leave behind, does not', async () => {
    const repository = await makeRepository();
    await repository.commit({ 'infra/eks/main.tf': '# changed\n' });
    await repository.commit({ 'infra/eks/main.tf': '\n' });
    await repository.write('live/dev/vpc/terragrunt.hcl', '# vpc\n');
    await repository.write('live/dev/vpc/.terraform.lock.hcl', '# by init\n');
    await repository.write('live/dev/vpc/.terragrunt-cache/x/main.tf', '\n');
    await repository.write('live/dev/vpc/terraform.tfstate', '{}');
    await rm(join(repository.top, 'live/dev/vpc/old.tfstate'));
    expect((await repository.changed()).changed).toEqual([]);
    await repository.git('add', '--force', 'live/dev/vpc/.terraform.lock.hcl');
    expect((await repository.changed()).changed).toEqual([
      { unit: 'vpc', file: 'live/dev/vpc/.terraform.lock.hcl' },
    ]);
  });

  test('on the base itself only what is not committed counts', async () => {
    const repository = await makeRepository();
    await repository.git('checkout', '--quiet', 'main');
    expect((await repository.changed()).changed).toEqual([]);
    await repository.write('infra/eks/main.tf', '# here\n');
    expect((await repository.changed()).changed).toEqual([
      { unit: 'eks', file: 'infra/eks/main.tf' },
    ]);
  });

  test('a deleted unit and a renamed one', async () => {
    const repository = await makeRepository();
    await repository.git('rm', '--quiet', '-r', 'live/dev/apps', 'live/prod');
    await rename(join(repository.top, 'live/dev/vpc'), join(repository.top, 'live/dev/network'));
    const { changed, deleted } = await repository.changed(undefined, {
      units: ['eks', ODD, 'network'],
    });
    expect(changed).toEqual([{ unit: 'network', file: 'live/dev/network/terragrunt.hcl' }]);
    expect(deleted).toEqual([
      { unit: 'apps', renamedTo: undefined },
      { unit: 'vpc', renamedTo: 'network' },
    ]);
  });

  test('a configuration of the person turns nothing round', async () => {
    const repository = await makeRepository();
    for (const setting of ['diff.relative=true', 'diff.renames=copies', 'diff.external=false']) {
      const [name = '', value = ''] = setting.split('=');
      await repository.git('config', name, value);
    }
    await repository.git('mv', 'infra/eks/extra.tf', 'infra/eks/other.tf');
    expect((await repository.changed()).changed).toEqual([
      { unit: 'eks', file: 'infra/eks/extra.tf' },
    ]);
  });

  test('the settings of a hook are not ours', async () => {
    const repository = await makeRepository();
    await repository.write('infra/eks/main.tf', '# here\n');
    const env = { GIT_DIR: '/nonexistent', GIT_INDEX_FILE: '/nonexistent/index' };
    expect((await repository.changed(undefined, { env })).changed).toHaveLength(1);
  });

  test('a submodule that a module lies in', async () => {
    const modules = new Repository(folder());
    await modules.git('init', '--quiet', '--initial-branch=main');
    await modules.commit({ 'main.tf': '\n' });
    const repository = await makeRepository();
    await repository.git('rm', '--quiet', '-r', 'infra/eks');
    const args = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add'];
    await repository.git(...args, modules.top, 'infra/eks');
    await repository.commit();
    const inner = new Repository(join(repository.top, 'infra/eks'));
    await inner.commit({ 'main.tf': '# newer\n' });
    await repository.git('config', 'diff.ignoreSubmodules', 'all');
    expect((await repository.changed('HEAD')).changed).toEqual([
      { unit: 'eks', file: 'infra/eks' },
    ]);
  });
});

describe('the base', () => {
  test('is the branch that a pull request goes to', async () => {
    const repository = await makeRepository();
    await repository.commit({ 'infra/eks/main.tf': '# ours\n' });
    await repository.git('update-ref', 'refs/remotes/origin/release', 'HEAD');
    const env = { GITHUB_BASE_REF: 'release' };
    const selection = await repository.changed(undefined, { env });
    expect(selection).toMatchObject({ base: 'origin/release', changed: [] });
    expect((await repository.changed('main', { env })).base).toBe('main');
    expect((await repository.changed(undefined, { env: { GITHUB_BASE_REF: '' } })).base).toBe(
      'main',
    );
  });

  test('is the default branch of the remote, as far as that is there, then main, then master', async () => {
    const repository = await makeRepository();
    await repository.git('update-ref', 'refs/remotes/origin/trunk', 'main');
    const head = 'refs/remotes/origin/HEAD';
    await repository.git('symbolic-ref', head, 'refs/remotes/origin/trunk');
    expect((await repository.changed()).base).toBe('origin/trunk');
    await repository.git('symbolic-ref', head, 'refs/remotes/origin/old');
    expect((await repository.changed()).base).toBe('main');
    await repository.git('branch', '--quiet', '--move', 'main', 'master');
    expect((await repository.changed()).base).toBe('master');
    await repository.git('branch', '--quiet', '--move', 'master', 'develop');
    expect(await problemOf(repository.changed())).toEqual({
      what: 'no base to compare with',
      next: 'name one: --base <ref>',
      exitCode: 64,
    });
  });

  test.each([
    ['mian', 'did you mean "main"?'],
    ['nothing-like-it', 'name a branch, a tag or a commit: --base <ref>'],
    ['--output=x', 'name a branch, a tag or a commit: --base <ref>'],
    ['^main', 'did you mean "main"?'],
    ['', 'name a branch, a tag or a commit: --base <ref>'],
  ])('that is not there: %j', async (base, next) => {
    const repository = await makeRepository();
    expect(await problemOf(repository.changed(base))).toEqual({
      what: `there is no commit "${base}"`,
      next,
      exitCode: 64,
    });
  });

  test('with another history', async () => {
    const repository = await makeRepository();
    await repository.git('checkout', '--quiet', '--orphan', 'alone');
    await repository.commit({ 'infra/eks/main.tf': '# alone\n' });
    expect(await problemOf(repository.changed('main'))).toMatchObject({
      what: '"main" and HEAD have no commit in common',
      exitCode: 64,
    });
  });

  test('of a shallow clone', async () => {
    const origin = await makeRepository();
    await origin.commit({ 'infra/eks/main.tf': '# ours\n' });
    const clone = new Repository(join(folder(), 'clone'));
    const from = `file://${origin.top}`;
    const args = ['clone', '--quiet', '--depth=1', '--no-single-branch', '--branch=work'];
    await origin.git(...args, from, clone.top);
    const next =
      'fetch the whole history: git fetch --unshallow, or fetch-depth: 0 in actions/checkout';
    const shallow = (base: string) => ({
      what: `this is a shallow clone: the merge base of "${base}" and HEAD is not in it`,
      next,
      exitCode: 64,
    });
    expect(await problemOf(clone.changed('origin/main'))).toEqual(shallow('origin/main'));
    // What actions/checkout does not fetch cannot be told from what is misspelt.
    const env = { GITHUB_BASE_REF: 'release/2027' };
    const missing = problemOf(clone.changed(undefined, { env }));
    expect(await missing).toEqual(shallow('origin/release/2027'));
    await clone.git('fetch', '--quiet', '--unshallow');
    expect((await clone.changed('origin/main')).changed).toEqual([
      { unit: 'eks', file: 'infra/eks/main.tf' },
    ]);
  });

  test('of a folder that is no repository', async () => {
    const repository = new Repository(folder());
    await repository.write('live/dev/vpc/terragrunt.hcl', '');
    expect(await problemOf(repository.changed())).toEqual({
      what: 'this is not a git repository, so nothing tells what changed',
      where: join(repository.top, 'live/dev'),
      next: 'name the units instead',
      exitCode: 64,
    });
  });
});

describe('the worktree of the base', () => {
  const worktrees = async (repository: Repository) =>
    (await repository.git('worktree', 'list', '--porcelain')).match(/^worktree /gm)?.length;

  test('holds the old files, for us alone, while it is used', async () => {
    const repository = await makeRepository();
    const commit = await repository.git('rev-parse', 'HEAD');
    await repository.write('.git/hooks/post-checkout', '#!/bin/sh\ntouch hook-ran\n');
    await repository.git('rm', '--quiet', '-r', 'live/dev/apps');
    await execa('chmod', ['+x', join(repository.top, '.git/hooks/post-checkout')]);
    const used = await withBaseWorktree(repository.session(), commit, async (worktree) => {
      expect(existsSync(join(worktree.environmentFolder, 'apps/terragrunt.hcl'))).toBe(true);
      expect(existsSync(join(worktree.top, 'hook-ran'))).toBe(false);
      expect(statSync(dirname(worktree.top)).mode & 0o777).toBe(0o700);
      cpSync(join(worktree.top, 'live'), join(worktree.top, 'made since'), { recursive: true });
      expect(await worktrees(repository)).toBe(2);
      return worktree;
    });
    expect(existsSync(dirname(used.top))).toBe(false);
    expect(await worktrees(repository)).toBe(1);
    expect(await repository.git('status', '--porcelain')).toBe('D  live/dev/apps/terragrunt.hcl');
  });

  test('goes when the action fails, also when its folder was tampered with', async () => {
    const repository = await makeRepository();
    const commit = await repository.git('rev-parse', 'main');
    for (const removed of ['not there', '.', '.git']) {
      const failing = withBaseWorktree(repository.session(), commit, async ({ top }) => {
        await rm(join(top, removed), { recursive: true, force: true });
        throw new Error(top);
      });
      const top = await failing.catch((error: Error) => error.message);
      expect(top).toMatch(/platform-base-/);
      expect(existsSync(dirname(String(top)))).toBe(false);
      expect(await worktrees(repository)).toBe(1);
    }
  });

  test('of a commit that is not there is an error, and leaves nothing', async () => {
    const repository = await makeRepository();
    const problem = problemOf(
      withBaseWorktree(repository.session(), '0'.repeat(40), async () => 'never'),
    );
    expect((await problem).what).toMatch(/^git failed: invalid reference: 0+$/);
    expect(await worktrees(repository)).toBe(1);
  });
});

test('two commits with the same files have the same tree', async () => {
  const repository = await makeRepository();
  const before = parseCommit(await repository.git(...treeArgs()));
  await repository.commit();
  expect(before).toBeDefined();
  expect(parseCommit(await repository.git(...treeArgs()))).toBe(before);
});
