import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ForeignTree, makeForeignTree, unitHcl } from '../support/foreign-tree.ts';
import { commitIn, GIT_ENV, gitIn } from '../support/git.ts';
import { platform } from '../support/platform.ts';
import { watchedRun } from '../support/watched-run.ts';

/** What GitHub sets for the repository that runs these tests is not about the trees here. */
const ENV = { ...GIT_ENV, GITHUB_BASE_REF: '' };

let tree: ForeignTree;
/** Outside of the tree, where an older checkout of it finds them too. */
let states: string;

const run = (...args: readonly string[]) => watchedRun(tree, args, ENV);
const git = (...args: readonly string[]) => gitIn(tree.root, ...args);
const commit = async (files: Readonly<Record<string, string>> = {}) => {
  for (const [path, content] of Object.entries(files)) await tree.write(path, content);
  await commitIn(tree.root);
};
const stateOf = (unit: string) =>
  readFile(join(states, `prod/${unit}.tfstate`), 'utf8').catch(() => undefined);
const resourcesOf = async (unit: string) => {
  const state = JSON.parse((await stateOf(unit)) ?? '{}') as { resources?: unknown[] };
  return state.resources?.length ?? 0;
};

beforeEach(async () => {
  states = await mkdtemp(join(tmpdir(), 'platform-states-'));
  tree = await makeForeignTree({
    'prod/vpc': {},
    'prod/eks': { from: ['prod/vpc'] },
    'prod/apps': { from: ['prod/eks'] },
    'prod/dns': { value: 'dns' },
    'prod/queue': {},
  });
  const root = await readFile(join(tree.root, 'root.hcl'), 'utf8');
  await tree.write('root.hcl', root.replace(/path = ".*\.states/, `path = "${states}`));
  // One unit of a module that lies elsewhere.
  const main = await readFile(join(tree.root, 'prod/queue/main.tf'), 'utf8');
  await tree.write('modules/queue/main.tf', main);
  await rm(join(tree.root, 'prod/queue/main.tf'));
  const source = 'terraform {\n  source = "../../modules/queue"\n}\n';
  await tree.write('prod/queue/terragrunt.hcl', unitHcl('prod/queue', {}) + source);
  await tree.write('.gitignore', '.terragrunt-cache\n');
  await git('init', '--quiet', '--initial-branch', 'main');
  await commit();
  await git('switch', '--quiet', '--create', 'work');
});
afterEach(async () => {
  await tree.remove();
  await rm(states, { recursive: true });
});

describe('which units a change selects', () => {
  const selected = async (...args: readonly string[]) => {
    const planned = await run('plan', 'prod', '--changed', ...args);
    expect(planned.exitCode).toBe(0);
    expect(await git('worktree', 'list')).toMatch(/^[^\n]+$/);
    return { units: Object.keys(planned.results).sort(), said: planned.stderr };
  };

  test('the changed one and its dependents; not what changed on main since', async () => {
    await git('switch', '--quiet', 'main');
    await commit({ 'prod/dns/terragrunt.hcl': unitHcl('prod/dns', { value: 'two' }) });
    await git('switch', '--quiet', 'work');
    await commit({ 'prod/vpc/terragrunt.hcl': unitHcl('prod/vpc', { value: 'two' }) });
    const base = (await git('rev-parse', '--short=7', 'main~1')).trim();
    const { units, said } = await selected();
    expect(units).toEqual(['apps', 'eks', 'vpc']);
    expect(said).toContain(`against main (${base}): 1 changed, 2 depend on them`);
    // Against another base it is another change.
    expect((await selected('--base', 'HEAD')).units).toEqual([]);
  });

  test('the one whose module changed', async () => {
    await commit({ 'modules/queue/more.tf': 'output "more" { value = "one" }\n' });
    expect((await selected()).units).toEqual(['queue']);
  });

  test('all of them when root.hcl changed', async () => {
    await commit({ 'root.hcl': `${await readFile(join(tree.root, 'root.hcl'), 'utf8')}\n# x\n` });
    expect((await selected()).units).toEqual(['apps', 'dns', 'eks', 'queue', 'vpc']);
  });

  test('what is not committed yet, and a unit that git does not know', async () => {
    await tree.write('prod/dns/terragrunt.hcl', unitHcl('prod/dns', { value: 'two' }));
    await tree.write('prod/new/terragrunt.hcl', unitHcl('prod/new', {}));
    await tree.write('prod/new/main.tf', 'output "id" { value = "one" }\n');
    expect((await selected()).units).toEqual(['dns', 'new']);
  });

  test("a file that is nobody's selects nothing; no child is started", async () => {
    await commit({ 'docs/readme.md': 'words\n' });
    for (const command of [
      ['plan', 'prod', '--changed'],
      ['apply', 'prod', '--changed', '--yes'],
    ]) {
      const { stdout, exitCode } = await platform(command, { cwd: tree.root, env: ENV });
      expect(stdout).toContain('NOTHING   no units selected');
      expect(exitCode).toBe(0);
    }
    const left = await readdir(tree.root, { recursive: true });
    expect(left.filter((path) => /\.terragrunt-cache|tfstate|jsonl/.test(path))).toEqual([]);
    expect(await readdir(states)).toEqual([]);
  });

  test('an apply applies these and leaves the others alone', async () => {
    await commit({ 'prod/dns/terragrunt.hcl': unitHcl('prod/dns', { value: 'two' }) });
    const applied = await run('apply', 'prod', '--changed', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.results).toEqual({ dns: 'applied' });
    expect(await readdir(join(states, 'prod'))).toEqual(['dns.tfstate']);
  });
});

describe('a unit that was deleted', () => {
  beforeEach(async () => {
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
  });

  test('is planned as a destroy from what it was; only --allow-destroy takes it away', async () => {
    await git('rm', '--quiet', '-r', 'prod/apps');
    await commit();
    const planned = await run('plan', 'prod', '--changed', '--detailed-exitcode');
    expect(planned.stderr).toContain('"apps" is gone and is planned as a destroy');
    expect(planned.exitCode).toBe(2);
    expect(planned.results).toEqual({ apps: 'planned' });
    expect(planned.unit('apps').changes).toMatchObject({ add: 0, change: 0, destroy: 1 });
    expect(await git('worktree', 'list')).toMatch(/^[^\n]+$/);

    const left = await run('apply', 'prod', '--changed', '--yes');
    expect(left.exitCode).toBe(0);
    expect(left.results).toEqual({ apps: 'excluded' });
    expect(left.unit('apps').reason).toBe('its files are gone: --allow-destroy apps takes it away');
    const { stdout } = await platform(['runs', 'show'], { cwd: tree.root });
    expect(stdout).toContain('--allow-destroy apps');
    expect(await resourcesOf('apps')).toBe(1);

    const other = await run('apply', 'prod', '--changed', '--yes', '--allow-destroy', 'apps');
    expect(other.exitCode).toBe(0);
    expect(other.results).toEqual({ apps: 'applied' });
    expect(await resourcesOf('apps')).toBe(0);
    expect(await resourcesOf('eks')).toBe(1);
    expect(await git('worktree', 'list')).toMatch(/^[^\n]+$/);
    expect(existsSync(join(tree.root, 'prod/apps/terragrunt.hcl'))).toBe(false);
  });

  test('with its dependency: dependents go first, and what stays is changed before either', async () => {
    await git('rm', '--quiet', '-r', 'prod/apps', 'prod/eks');
    await commit({ 'prod/vpc/terragrunt.hcl': unitHcl('prod/vpc', { value: 'two' }) });
    const allowed = ['--allow-destroy', 'apps', 'eks'];
    const applied = await run('apply', 'prod', '--changed', '--yes', ...allowed);
    expect(applied.record.units.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    expect(applied.exitCode).toBe(0);
    expect(applied.results).toEqual({ vpc: 'applied', apps: 'applied', eks: 'applied' });
    expect([await resourcesOf('vpc'), await resourcesOf('eks'), await resourcesOf('apps')]).toEqual(
      [1, 0, 0],
    );
    const applies = applied.record.units.flatMap(({ unit, phases }) =>
      phases
        .filter(({ phase }) => phase === 'apply')
        .map(({ startedAt, durationMs }) => {
          const start = Date.parse(startedAt);
          return { unit, start, end: start + durationMs };
        }),
    );
    const [vpc, apps, eks] = ['vpc', 'apps', 'eks'].map((name) =>
      applies.find(({ unit }) => unit === name),
    );
    expect(apps?.start).toBeGreaterThanOrEqual(vpc?.end ?? Number.NaN);
    expect(eks?.start).toBeGreaterThanOrEqual(apps?.end ?? Number.NaN);
  });

  test('and was never applied: nothing is made of it', async () => {
    await git('switch', '--quiet', 'main');
    await commit({
      'prod/late/terragrunt.hcl': unitHcl('prod/late', {}),
      'prod/late/main.tf': 'resource "terraform_data" "this" { input = "one" }\n',
    });
    await git('switch', '--quiet', '--create', 'later');
    await git('rm', '--quiet', '-r', 'prod/late');
    await commit();
    const applied = await run('apply', 'prod', '--changed', '--yes', '--allow-destroy', 'late');
    expect(applied.exitCode).toBe(0);
    expect(applied.results).toEqual({ late: 'unchanged' });
    expect(await resourcesOf('late')).toBe(0);
  });

  test('and has a new name: that is said, and neither the old nor its state is touched', async () => {
    await git('mv', 'prod/dns', 'prod/domain');
    await commit();
    const applied = await run('apply', 'prod', '--changed', '--yes');
    expect(applied.stderr).toContain(
      '"dns" is "domain" now: move its state, or it is destroyed there and made anew here',
    );
    expect(applied.results).toEqual({ dns: 'excluded', domain: 'applied' });
    expect(applied.exitCode).toBe(0);
    expect(await resourcesOf('dns')).toBe(1);
  });

  test('and was not reached: --resume does it, or says that it does not', async () => {
    await git('rm', '--quiet', '-r', 'prod/apps');
    const fails = `resource "terraform_data" "fails" {
  provisioner "local-exec" { command = "test -e '${tree.root}/fixed'" }
}
`;
    await commit({ 'prod/dns/fails.tf': fails });
    const failed = await run('apply', 'prod', '--changed', '--yes', '--allow-destroy', 'apps');
    expect(failed.exitCode).toBe(1);
    expect(failed.results).toEqual({ dns: 'failed', apps: 'skipped' });
    expect(await resourcesOf('apps')).toBe(1);
    await tree.write('fixed', '');
    const resumed = await run('apply', 'prod', '--resume', '--yes');
    expect(resumed.results).toMatchObject({ dns: 'applied' });
    expect(Object.keys(resumed.results).join(' ') + resumed.stderr).toContain('apps');
  });

  const planOfBoth = async () => {
    await git('rm', '--quiet', '-r', 'prod/apps');
    await commit({ 'prod/dns/terragrunt.hcl': unitHcl('prod/dns', { value: 'two' }) });
    const planned = await run('plan', 'prod', '--changed');
    expect(planned.results).toEqual({ dns: 'planned', apps: 'planned' });
    return planned.record.run;
  };

  test('is not passed over in silence when a saved plan with it is applied', async () => {
    const id = await planOfBoth();
    const refused = await run('apply', 'prod', '--run', id, '--yes');
    expect(refused.exitCode).toBe(3);
    expect(refused.record.refused).toMatchObject([
      { unit: 'apps', next: 'platform apply prod --changed --allow-destroy apps' },
    ]);
    const named = await run('apply', 'prod', 'dns', '--run', id, '--yes');
    expect(named.exitCode).toBe(0);
    expect(named.results).toEqual({ dns: 'applied' });
    expect(await resourcesOf('apps')).toBe(1);
  });

  test('goes with the approval that was given to its plan elsewhere', async () => {
    const approved = ['--approved', `.platform/runs/${await planOfBoth()}/run.json`];
    const left = await run('apply', 'prod', ...approved, '--yes');
    expect(left.exitCode).toBe(0);
    expect(left.results).toMatchObject({ dns: 'applied' });
    expect(Object.keys(left.results).join(' ') + left.stderr).toContain('apps');
    const flags = ['--changed', '--allow-destroy', 'apps', '--yes'];
    const applied = await run('apply', 'prod', ...approved, ...flags);
    expect(applied.exitCode).toBe(0);
    expect(applied.results).toEqual({ dns: 'unchanged', apps: 'applied' });
    expect(await resourcesOf('apps')).toBe(0);
  });
});

describe('where nothing can be compared: 64, and nothing starts', () => {
  const refused = async (root: string, args: readonly string[], env = {}) => {
    const result = await platform(['plan', 'prod', '--changed', ...args], {
      cwd: root,
      env: { ...ENV, ...env },
    });
    expect(result.exitCode).toBe(64);
    expect(result.stdout).toBe('');
    expect(existsSync(join(root, '.platform/runs'))).toBe(false);
    return result.stderr;
  };

  test.each([
    { name: 'an unknown base, with the nearest name', base: 'mian', says: /did you mean "main"\?/ },
    { name: 'a base that is like nothing', base: 'zzzzzzzz', says: /name a branch, a tag or a/ },
    { name: 'an option', base: '--output=x', says: /there is no commit "--output=x"/ },
    { name: 'a range', base: 'main..work', says: /there is no commit "main\.\.work"/ },
  ])('$name', async ({ base, says }) => {
    const stderr = await refused(tree.root, [`--base=${base}`]);
    expect(stderr).toContain(`there is no commit "${base}"`);
    expect(stderr).toMatch(says);
  });

  test('a history of its own', async () => {
    await git('switch', '--quiet', '--orphan', 'alone');
    await commit({ 'prod/vpc/terragrunt.hcl': unitHcl('prod/vpc', {}), 'root.hcl': '' });
    expect(await refused(tree.root, [])).toMatch(
      /"main" and HEAD have no commit in common[\s\S]*next: +name another base/,
    );
  });

  test.each([
    { name: 'with a base that is not in it', clone: [], args: ['--base', 'main'] },
    { name: 'of a pull request', clone: [], args: [], env: { GITHUB_BASE_REF: 'main' } },
    { name: 'of all branches', clone: ['--no-single-branch'], args: ['--base', 'origin/main'] },
  ])('a shallow clone $name', async ({ clone, args, env = {} }) => {
    await commit({ 'prod/vpc/terragrunt.hcl': unitHcl('prod/vpc', { value: 'two' }) });
    const shallow = join(states, 'clone');
    // What a remote has checked out is what it calls its default branch.
    await git('switch', '--quiet', 'main');
    const from = ['--quiet', '--depth', '1', '--branch', 'work', `file://${tree.root}`, shallow];
    await git('clone', ...clone, ...from);
    expect(await refused(shallow, args, env)).toMatch(
      /this is a shallow clone[\s\S]*git fetch --unshallow, or fetch-depth: 0 in actions\/checkout/,
    );
  });

  test('no repository', async () => {
    await rm(join(tree.root, '.git'), { recursive: true });
    expect(await refused(tree.root, [])).toMatch(
      /this is not a git repository[\s\S]*next: +name the units instead/,
    );
  });
});
