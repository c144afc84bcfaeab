import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/domain/run-record.ts';
import { type ForeignTree, makeEstate, makeForeignTree, unitHcl } from '../support/foreign-tree.ts';
import { platform } from '../support/platform.ts';

function results(record: RunRecord): Record<string, string> {
  return Object.fromEntries(record.units.map(({ unit, result }) => [unit, result]));
}

/** Nothing that Terraform leaves behind, and no record: no Terraform was started. */
async function startedTerraform(root: string): Promise<boolean> {
  const names = await readdir(root, { recursive: true });
  return names.some((name) => /\.terragrunt-cache|tfstate|runs\/./.test(name));
}

describe('an estate of twelve units with no file of ours', () => {
  let tree: ForeignTree;
  const run = (...args: string[]) => platform(args, { cwd: tree.root });
  const json = async (...args: string[]) => {
    const { stdout, exitCode } = await run('--json', ...args);
    return { record: JSON.parse(stdout) as RunRecord, exitCode };
  };

  beforeAll(async () => {
    tree = await makeEstate();
  });
  afterAll(() => tree.remove());

  test('graph shows every unit, the generated one of the stack too', async () => {
    const { stdout, exitCode } = await run('graph', 'prod', '--format', 'json');
    const { units } = JSON.parse(stdout) as { units: { unit: string; dependencies: string[] }[] };
    expect(exitCode).toBe(0);
    expect(units.map(({ unit }) => unit)).toHaveLength(12);
    expect(units.map(({ unit }) => unit)).toContain('jobs/.terragrunt-stack/queue');
    expect(units.find(({ unit }) => unit === 'apps/web')?.dependencies).toEqual([
      'apps/api',
      'net/certificates',
    ]);
  });

  test('plan is green, says what is new and what stands on mocks', async () => {
    const { record, exitCode } = await json('plan', 'prod');
    expect(exitCode).toBe(0);
    const labels = Object.fromEntries(record.units.map(({ unit, label }) => [unit, label]));
    expect(labels['net/vpc']).toBe('exact');
    expect(labels['apps/web']).toBe('mocked');
    expect(record.units.every(({ isNew }) => isNew)).toBe(true);
  });

  test('a unit that fails blocks its dependents and nobody else', async () => {
    const { record, exitCode } = await json('apply', 'prod', '--yes');
    expect(exitCode).toBe(1);
    expect(results(record)).toEqual({
      'net/vpc': 'applied',
      'net/dns': 'applied',
      'net/certificates': 'applied',
      'data/db': 'applied',
      'data/cache': 'applied',
      'data/search': 'failed',
      'apps/api': 'applied',
      'apps/finder': 'skipped',
      'apps/finder-ui': 'skipped',
      'apps/web': 'applied',
      audit: 'applied',
      'jobs/.terragrunt-stack/queue': 'applied',
    });
    const blocked = record.units.filter(({ result }) => result === 'skipped');
    expect(blocked.map(({ blockedBy }) => blockedBy)).toEqual([['data/search'], ['data/search']]);
  });

  test('the summary of that run says which unit blocked which', async () => {
    const { stdout } = await run('runs', 'show');
    expect(stdout).toMatch(/FAILED {3}1 failed, 2 blocked, 9 applied/);
    expect(stdout).toMatch(/1 FAILED {3}data\/search/);
    expect(stdout).toMatch(/blocks apps\/finder, apps\/finder-ui/);
    expect(stdout).toMatch(/- apps\/finder +.*blocked by\s+data\/search/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('values of mocks are in no state', async () => {
    const { stdout } = await run('--json', 'output', 'prod', 'apps/web');
    expect(stdout).toContain('one');
    expect(stdout).not.toContain('mock-');
  });

  test('once mended, apply does what is left and no more', async () => {
    await tree.write('fixed', '');
    const { record, exitCode } = await json('apply', 'prod', '--yes');
    expect(exitCode).toBe(0);
    const done = record.units.filter(({ result }) => result === 'applied').map(({ unit }) => unit);
    expect(done.sort()).toEqual(['apps/finder', 'apps/finder-ui', 'data/search']);
  });

  test('then a plan has no changes', async () => {
    const { exitCode } = await run('plan', 'prod', '--detailed-exitcode');
    expect(exitCode).toBe(0);
  });

  test('an upstream change reaches its dependents in one apply', async () => {
    const vpc = unitHcl('prod/net/vpc', { value: 'two' });
    await tree.write('prod/net/vpc/terragrunt.hcl', vpc);
    const planned = await json('plan', 'prod', '--detailed-exitcode');
    expect(planned.exitCode).toBe(2);
    const labels = Object.fromEntries(planned.record.units.map(({ unit, label }) => [unit, label]));
    expect(labels).toMatchObject({
      'net/vpc': 'exact',
      'apps/web': 'provisional',
      audit: 'no-changes',
    });
    const applied = await run('apply', 'prod', 'net/vpc', '--yes');
    expect(applied.exitCode).toBe(0);
  });

  test('destroy asks for the name and then leaves nothing', async () => {
    expect((await run('destroy', 'prod')).exitCode).toBe(64);
    expect((await run('destroy', 'prod', '--confirm', 'dev')).exitCode).toBe(64);
    const { record, exitCode } = await json('destroy', 'prod', '--confirm', 'prod');
    expect(record.units.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    expect(exitCode).toBe(0);
    const { stdout } = await run('--json', 'status', 'prod');
    const status = JSON.parse(stdout) as { units: { state: { kind: string } }[] };
    expect(status.units.map(({ state }) => state.kind)).toEqual(Array(12).fill('empty'));
  });
});

describe('what is refused before any Terraform starts', () => {
  const cases: readonly {
    readonly name: string;
    readonly args: readonly string[];
    readonly exitCode: number;
    readonly says: RegExp;
    readonly files?: Readonly<Record<string, string>>;
  }[] = [
    {
      name: 'an unknown environment, with the nearest name',
      args: ['plan', 'porduction'],
      exitCode: 64,
      says: /there is no environment "porduction"[\s\S]*did you mean "production"\?/,
    },
    {
      name: 'an unknown unit, with the nearest name',
      args: ['plan', 'production', 'vcp'],
      exitCode: 64,
      says: /there is no unit "vcp"[\s\S]*did you mean "vpc"\?/,
    },
    {
      name: 'no environment',
      args: ['plan'],
      exitCode: 64,
      says: /no environment was named[\s\S]*production/,
    },
    {
      name: 'a path upwards',
      args: ['plan', '../production'],
      exitCode: 64,
      says: /not the name of an environment/,
    },
    {
      name: 'an absolute path',
      args: ['plan', '/'],
      exitCode: 64,
      says: /not the name of an environment/,
    },
    { name: 'an empty name', args: ['plan', ''], exitCode: 64, says: /"" is not the name/ },
    {
      name: 'a shell line',
      args: ['plan', 'production', ';id'],
      exitCode: 64,
      says: /there is no unit ";id"/,
    },
    {
      name: 'an unknown flag',
      args: ['plan', '--nope'],
      exitCode: 64,
      says: /unknown option '--nope'/,
    },
    { name: 'an unknown command', args: ['aply'], exitCode: 64, says: /Did you mean apply\?/ },
    {
      name: 'an apply that nobody can confirm',
      args: ['apply', 'production'],
      exitCode: 64,
      says: /say --yes/,
    },
    {
      name: 'a circle',
      args: ['plan', 'production'],
      exitCode: 64,
      says: /depend on each other in a circle: vpc -> web -> vpc|circle: web -> vpc -> web/,
      files: {
        'production/vpc/terragrunt.hcl': unitHcl('production/vpc', { from: ['production/web'] }),
      },
    },
    {
      name: 'a circle of order alone',
      args: ['plan', 'production'],
      exitCode: 64,
      says: /circle: (vpc -> web -> vpc|web -> vpc -> web)/,
      files: {
        'production/vpc/terragrunt.hcl': 'dependencies {\n  paths = ["../web"]\n}\n',
        'production/web/terragrunt.hcl': 'dependencies {\n  paths = ["../vpc"]\n}\n',
      },
    },
    {
      name: 'broken HCL, with file and line',
      args: ['plan', 'production'],
      exitCode: 64,
      says: /invalid expression[\s\S]*production\/vpc\/terragrunt\.hcl:2/,
      files: { 'production/vpc/terragrunt.hcl': 'inputs = {\n  a = \n}\n' },
    },
    {
      name: 'a dependency that is not there',
      args: ['plan', 'production'],
      exitCode: 64,
      says: /unit "web" depends on "nowhere", which is not a unit/,
      files: {
        'production/web/terragrunt.hcl': unitHcl('production/web', {
          from: ['production/nowhere'],
        }),
      },
    },
    {
      name: 'two units on one state',
      args: ['plan', 'production'],
      exitCode: 64,
      says: /units "vpc" and "web" write the same state/,
      files: {
        'root.hcl': `remote_state {
  backend = "local"
  config  = { path = "\${get_parent_terragrunt_dir()}/same.tfstate" }
}
`,
      },
    },
    {
      name: 'a folder without units',
      args: ['plan', 'docs'],
      exitCode: 64,
      says: /"docs" holds no units/,
      files: { 'docs/readme.md': '' },
    },
  ];

  test.each(cases)('$name', async ({ args, exitCode, says, files = {} }) => {
    const tree = await makeForeignTree({
      'production/vpc': {},
      'production/web': { from: ['production/vpc'] },
    });
    for (const [path, content] of Object.entries(files)) await tree.write(path, content);
    const result = await platform(['-C', tree.root, ...args]);
    expect(result.stderr).toMatch(says);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stdout).toBe('');
    expect(await startedTerraform(tree.root)).toBe(false);
    await tree.remove();
  });

  test('a tool that is missing is 69', async () => {
    const tree = await makeForeignTree({ 'production/vpc': {} });
    const empty = await mkdtemp(join(tree.root, 'empty-'));
    // Versions that nobody released: there is nothing to download, with a network or without.
    await tree.write('.tool-versions', 'terraform 1.99.99\nterragrunt 1.1.99\n');
    const result = await platform(['-C', tree.root, 'plan', 'production'], {
      env: { PATH: empty, PLATFORM_CACHE_DIR: empty },
    });
    expect(result.stderr).toMatch(
      /terra(form|grunt) 1\.\d+\.99 is missing[\s\S]*install it yourself: https:/,
    );
    expect(result.exitCode).toBe(69);
    await tree.remove();
  });
});

describe('dependencies without mocks', () => {
  let tree: ForeignTree;
  const run = (...args: string[]) => platform(['--json', ...args], { cwd: tree.root });

  beforeAll(async () => {
    tree = await makeForeignTree({
      'prod/a': {},
      'prod/b': { from: ['prod/a'] },
      'prod/c': { from: ['prod/b'] },
    });
    for (const unit of ['b', 'c']) {
      const path = `prod/${unit}`;
      const hcl = unitHcl(path, { from: [unit === 'b' ? 'prod/a' : 'prod/b'] });
      await tree.write(`${path}/terragrunt.hcl`, hcl.replaceAll(/^ *mock_outputs.*\n/gm, ''));
    }
  });
  afterAll(() => tree.remove());

  test('cannot be planned before they are applied; plan says so and is no failure', async () => {
    const { stdout, exitCode } = await run('plan', 'prod');
    const { units } = JSON.parse(stdout) as RunRecord;
    expect(exitCode).toBe(0);
    expect(
      units.map(({ unit, label, reason, changes }) => ({ unit, label, reason, changes })),
    ).toMatchObject([
      { unit: 'a', label: 'exact', changes: { add: 1 } },
      { unit: 'b', label: 'unknown', reason: 'waits for outputs of a', changes: null },
      { unit: 'c', label: 'unknown', reason: 'waits for outputs of b', changes: null },
    ]);
  });

  test('one apply plans each at its turn and applies all three', async () => {
    const { stdout, exitCode } = await run('apply', 'prod', '--yes');
    expect(exitCode).toBe(0);
    expect(results(JSON.parse(stdout) as RunRecord)).toEqual({
      a: 'applied',
      b: 'applied',
      c: 'applied',
    });
  });
});
