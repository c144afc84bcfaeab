import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/domain/run-record.ts';
import type { ForeignTree } from '../support/foreign-tree.ts';
import { gitIn } from '../support/git.ts';
import { platform } from '../support/platform.ts';
import { makeSmallSandbox, type SmallSandbox } from '../support/small-sandbox.ts';
import { terraformEnvironment } from '../support/terraform.ts';
import { watchedRun } from '../support/watched-run.ts';

const ADDRESS = 'aws_s3_bucket.data';

const module = (resources: string) => `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {}

${resources}
resource "terraform_data" "beside" { input = "one" }
`;
const bucket = (name: string) => `resource "aws_s3_bucket" "data" { bucket = "${name}" }\n`;
const FORGET = `removed {
  from = ${ADDRESS}
  lifecycle { destroy = false }
}
`;

/** One story on one emulator, in order; `prod` is protected, `small` is the sandbox itself. */
describe('what holds data in a protected environment', () => {
  let sandbox: SmallSandbox;
  let tree: ForeignTree;
  let env: Readonly<Record<string, string>>;

  const write = (unit: string, resources: string) =>
    tree.write(`${unit}/main.tf`, module(resources));
  const run = (...args: readonly string[]) => watchedRun(tree, args, env);
  const person = (...args: readonly string[]) => platform(args, { cwd: tree.root, env });
  const git = (...args: readonly string[]) => gitIn(tree.root, ...args);
  const states = async () => {
    const keys = ['prod/one', 'prod/two', 'prod/other'];
    return Promise.all(keys.map((key) => sandbox.object(`${key}/terraform.tfstate`)));
  };
  /** Nothing but plans was made, in no unit, and these are the reasons and what to do. */
  const refusedAll = async (
    args: readonly string[],
    expected: readonly { readonly unit: string; readonly why: string; readonly next: string }[],
  ) => {
    const before = await states();
    const { exitCode, stdout } = await person('--json', ...args, '--yes');
    const { refused, units } = JSON.parse(stdout) as RunRecord;
    expect(exitCode).toBe(64);
    expect(refused).toEqual(expected.map((each) => ({ kind: 'guard', ...each })));
    expect(units.map(({ result }) => result)).toEqual(units.map(() => 'planned'));
    expect(units.flatMap(({ phases }) => phases.map(({ phase }) => phase))).not.toContain('apply');
    expect(await states()).toEqual(before);
    return units.map(({ unit }) => unit);
  };

  beforeAll(async () => {
    sandbox = await makeSmallSandbox({
      'small/one': {},
      'prod/one': {},
      'prod/two': {},
      'prod/other': {},
    });
    tree = sandbox.tree;
    env = { ...sandbox.env, ...(await terraformEnvironment()) };
    await tree.write('prod/env.yaml', await sandbox.environmentYaml('prod', { protected: true }));
    for (const unit of ['small/one', 'prod/one', 'prod/two']) {
      await write(unit, bucket(`${unit.replace('/', '-')}-first`));
    }
  });
  afterAll(() => sandbox.remove());

  test('is made without a flag', async () => {
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.results).toEqual({ one: 'applied', other: 'applied', two: 'applied' });
    expect((await run('apply', 'small')).exitCode).toBe(0);
  });

  test('is not replaced: the address and the flag are said, and nothing at all is applied', async () => {
    await write('prod/one', bucket('prod-one-second'));
    await tree.write('prod/other/more.tf', 'resource "terraform_data" "more" { input = "one" }\n');
    const units = await refusedAll(
      ['apply', 'prod'],
      [
        {
          unit: 'one',
          why: `"prod" is protected, and this would replace ${ADDRESS}`,
          next: `if you mean it, add: --allow-destroy 'one:${ADDRESS}'`,
        },
      ],
    );
    expect(units.sort()).toEqual(['one', 'other', 'two']);
    const { stdout } = await person('runs', 'show');
    const flat = stdout.replaceAll(/\s+/g, ' ');
    expect(flat).toContain('REFUSED nothing was applied: 1 reason');
    expect(flat).toContain(`--allow-destroy 'one:${ADDRESS}'`);
    expect(flat).toContain('exit 64');
  });

  test('nor by the plan that was saved before', async () => {
    const { record } = await run('plan', 'prod', 'one');
    await refusedAll(
      ['apply', 'prod', '--run', record.run],
      [
        {
          unit: 'one',
          why: `"prod" is protected, and this would replace ${ADDRESS}`,
          next: `if you mean it, add: --allow-destroy 'one:${ADDRESS}'`,
        },
      ],
    );
  });

  test.each([
    { name: 'of another unit', flag: `two:${ADDRESS}` },
    { name: 'with a typing error', flag: 'one:aws_s3_bucket.dat' },
    { name: 'of the unit alone, whose files are there', flag: 'one' },
  ])('a flag $name does not open it', async ({ flag }) => {
    const before = await states();
    const args = ['--json', 'apply', 'prod', 'one', '--yes', '--allow-destroy', flag];
    const { exitCode, stdout } = await person(...args);
    const { refused, units } = JSON.parse(stdout) as RunRecord;
    expect(exitCode).toBe(64);
    expect(refused.map(({ why }) => why)).toEqual([
      `--allow-destroy names "${flag}", which nothing here takes away`,
      `"prod" is protected, and this would replace ${ADDRESS}`,
    ]);
    expect(units.map(({ result }) => result)).toEqual(['planned']);
    expect(await states()).toEqual(before);
  });

  test('an address that two units would take away allows neither', async () => {
    await write('prod/two', '');
    await refusedAll(
      ['apply', 'prod', '--allow-destroy', ADDRESS],
      ['one', 'two'].map((unit) => ({
        unit,
        why: `"prod" is protected, and this would ${unit === 'one' ? 'replace' : 'delete'} ${ADDRESS}`,
        next: `if you mean it, add: --allow-destroy '${ADDRESS}' 'one:${ADDRESS}' 'two:${ADDRESS}'`,
      })),
    );
  });

  test('goes with the flags that were named, pasted as they are', async () => {
    const { stdout } = await person('--json', 'runs', 'show');
    const { refused } = JSON.parse(stdout) as { refused: { next: string }[] };
    const named = refused[0]?.next.replace('if you mean it, add: ', '') ?? '';
    const { stdout: words } = await execa('sh', ['-c', `printf '%s\\n' ${named}`]);
    const applied = await run('apply', 'prod', '--yes', ...words.split('\n'));
    expect(applied.record.refused).toEqual([]);
    expect(applied.exitCode).toBe(0);
    expect(applied.results).toEqual({ one: 'applied', other: 'applied', two: 'applied' });
    const [one, two] = await states();
    expect(one).toContain('prod-one-second');
    expect(one).not.toContain('prod-one-first');
    expect(two).not.toContain('aws_s3_bucket');
  });

  test('is never destroyed as a whole', async () => {
    const before = await states();
    const { exitCode, stderr } = await person('destroy', 'prod', '--confirm', 'prod');
    expect(stderr).toMatch(/"prod" is protected and is not destroyed[\s\S]*next: +set "protected/);
    expect(exitCode).toBe(64);
    expect(await states()).toEqual(before);
  });

  test('may be forgotten: the thing itself stays', async () => {
    await write('prod/one', FORGET);
    const applied = await run('apply', 'prod', 'one', '--yes');
    expect(applied.unit('one').changes).toMatchObject({ forget: 1, destroy: 0 });
    expect(applied.exitCode).toBe(0);
    expect((await states())[0]).not.toContain('aws_s3_bucket');
  });

  test('asks twice when its unit is deleted: for the unit, and for what it holds', async () => {
    await write('prod/two', bucket('prod-two-third'));
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await tree.write('.gitignore', '.terragrunt-cache\n');
    await git('init', '--quiet', '--initial-branch', 'main');
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'all');
    await git('rm', '--quiet', '-r', 'prod/two');
    await refusedAll(
      ['apply', 'prod', '--changed', '--allow-destroy', 'two'],
      [
        {
          unit: 'two',
          why: `"prod" is protected, and this would delete ${ADDRESS}`,
          next: `if you mean it, add: --allow-destroy 'two' 'two:${ADDRESS}'`,
        },
      ],
    );
    const allowed = ['--allow-destroy', 'two', `two:${ADDRESS}`];
    const applied = await run('apply', 'prod', '--changed', '--yes', ...allowed);
    expect(applied.exitCode).toBe(0);
    expect(applied.results).toEqual({ two: 'applied' });
    expect((await states())[1]).not.toContain('aws_s3_bucket');
  });

  test('in an environment that is not protected the summary says it first, and no flag is asked', async () => {
    await write('small/one', bucket('small-one-second'));
    const planned = await run('plan', 'small');
    expect(planned.exitCode).toBe(0);
    const { stdout } = await person('runs', 'show');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /READ FIRST 1 REPLACE one aws_s3_bucket\.data, destroy before create bucket \(forces it\) what it holds is lost/,
    );
    const applied = await run('apply', 'small');
    expect(applied.exitCode).toBe(0);
    expect(await sandbox.object('small/one/terraform.tfstate')).toContain('small-one-second');
  });
});
