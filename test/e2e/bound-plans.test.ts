import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { strToU8, zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ForeignTree, makeForeignTree } from '../support/foreign-tree.ts';
import { commitIn, gitIn } from '../support/git.ts';
import { plainTerragrunt } from '../support/plain-terragrunt.ts';
import { platform } from '../support/platform.ts';
import { terraformEnvironment, toolPath } from '../support/terraform.ts';
import { unitFile } from '../support/unit-file.ts';
import { allStates, outputsOf, stateText, watchedRun } from '../support/watched-run.ts';

let tree: ForeignTree;

const run = (...args: string[]) => watchedRun(tree, args);

const git = (...args: readonly string[]) => gitIn(tree.root, ...args);
const commit = (message: string) => commitIn(tree.root, message);

async function startGit(): Promise<void> {
  await tree.write('.gitignore', '.states/\n.terragrunt-cache/\n');
  await git('init', '--quiet', '--initial-branch=main');
  await commit('everything');
}

const recordFile = (id: string, name = 'run.json') => join(tree.root, '.platform/runs', id, name);
const savedPlan = (id: string, unit: string, phase = 'plan') =>
  recordFile(id, `units/${unit}/${phase}.tfplan`);

async function savedPlans(id: string): Promise<string[]> {
  const names = await readdir(recordFile(id, 'units'), { recursive: true });
  return names.filter((name) => name.endsWith('.tfplan')).sort();
}

const setValue = (unit: string, value: string, more: readonly string[] = []) =>
  tree.write(`prod/${unit}/terragrunt.hcl`, unitFile({}, [`value = "${value}"`], more));

const behind = (unit: string) => `dependencies {\n  paths = ["../${unit}"]\n}`;

const MOCKS = [
  'mock_outputs = { id = "canary-mock", identity = "canary-mock" }',
  'mock_outputs_allowed_terraform_commands = ["plan"]',
];
const reads = (on: string, output = 'id') =>
  unitFile({ [on]: MOCKS }, [`upstream = [dependency.${on}.outputs.${output}]`]);

/** Every reason by itself, without the unit that it is of. */
const whys = ({ record }: Awaited<ReturnType<typeof run>>) =>
  record.refused.flatMap(({ why }) => why.split('; '));

describe('the saved plans of a run', () => {
  afterEach(() => tree.remove());

  test('are applied as they are, once, and then they are gone', async () => {
    tree = await makeForeignTree({
      'prod/a': { value: 'canary-a' },
      'prod/b': { value: 'canary-b' },
    });
    const planned = await run('plan', 'prod');
    const id = planned.record.run;
    expect(await savedPlans(id)).toEqual(['a/plan.tfplan', 'b/plan.tfplan']);
    const unasked = await platform(['apply', 'prod', '--run', id], { cwd: tree.root });
    expect(unasked.exitCode).toBe(64);
    expect(unasked.stderr).toContain('say --yes');
    expect(await allStates(tree)).toBe('');

    const applied = await run('apply', 'prod', '--run', id, '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.record.from).toBe(id);
    expect(applied.phases).toEqual({ a: ['apply'], b: ['apply'] });
    expect(await outputsOf(tree, 'prod/b')).toEqual({ id: 'canary-b' });
    expect(await savedPlans(id)).toEqual([]);

    const again = await run('apply', 'prod', '--run', id, '--yes');
    expect(again.exitCode).toBe(3);
    expect(again.phases).toEqual({ a: [], b: [] });
    expect(whys(again)).toContain(`run ${applied.record.run} has applied it since`);
    expect(whys(again)).toContain('its plan file is gone: a plan is applied once');
    const told = await platform(['runs', 'show'], { cwd: tree.root });
    expect(told.stdout).toMatch(/REFUSED[\s\S]*plan again: platform plan prod/);
  });

  test('can be applied in parts, by name; units that were not named are not started', async () => {
    tree = await makeForeignTree({
      'prod/a': { value: 'canary-a' },
      'prod/b': { value: 'canary-b' },
    });
    const id = (await run('plan', 'prod')).record.run;
    const first = await run('apply', 'prod', 'a', '--run', id, '--yes');
    expect(first.results).toEqual({ a: 'applied' });
    expect(await stateText(tree, 'prod/b')).toBeUndefined();
    const second = await run('apply', 'prod', 'b', '--run', id, '--yes');
    expect(second.results).toEqual({ b: 'applied' });
    expect(second.exitCode).toBe(0);
  });

  test('that are provisional are made again at their turn, inside of what was shown', async () => {
    const identity = `
resource "terraform_data" "identity" {
  triggers_replace = var.value
}

output "identity" {
  value = terraform_data.identity.id
}
`;
    tree = await makeForeignTree({
      'prod/a': { value: 'canary-1', extra: identity },
      'prod/b': { from: ['prod/a'] },
      'prod/c': { from: ['prod/b'] },
    });
    await tree.write('prod/b/terragrunt.hcl', reads('a', 'identity'));
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await setValue('a', 'canary-2');
    const planned = await run('plan', 'prod');
    expect(planned.labels).toEqual({ a: 'exact', b: 'provisional', c: 'provisional' });
    const applied = await run('apply', 'prod', '--run', planned.record.run, '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.phases).toEqual({
      a: ['apply'],
      b: ['replan', 'apply'],
      c: ['replan', 'apply'],
    });
    const { identity: made } = await outputsOf(tree, 'prod/a');
    expect(await outputsOf(tree, 'prod/c')).toEqual({ id: `${made} one one` });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });

  test('are not applied a second time when the state is deleted, even if the plan file is put back', async () => {
    tree = await makeForeignTree({ 'prod/a': { value: 'canary-a' } });
    const id = (await run('plan', 'prod')).record.run;
    const kept = await readFile(savedPlan(id, 'a'));
    const applied = await run('apply', 'prod', '--run', id, '--yes');
    expect(applied.exitCode).toBe(0);
    await rm(join(tree.root, '.states'), { recursive: true });
    const replayed = await run('apply', 'prod', '--run', id, '--yes');
    expect(replayed.exitCode).toBe(3);
    await writeFile(savedPlan(id, 'a'), kept);
    const putBack = await run('apply', 'prod', '--run', id, '--yes');
    expect(putBack.exitCode).toBe(3);
    expect(whys(putBack)).toEqual([`run ${applied.record.run} has applied it since`]);
    expect(await stateText(tree, 'prod/a')).toBeUndefined();
  });

  test('are old when another run has applied the unit, also where no state tells of it any more', async () => {
    tree = await makeForeignTree({ 'prod/a': { value: 'canary-a' } });
    const id = (await run('plan', 'prod')).record.run;
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    const old = await run('apply', 'prod', '--run', id, '--yes');
    expect(old.exitCode).toBe(3);
    expect(whys(old)).toContain('it has a state now');
    await rm(join(tree.root, '.states'), { recursive: true });
    const replayed = await run('apply', 'prod', '--run', id, '--yes');
    expect(replayed.exitCode).toBe(3);
    expect(whys(replayed)).toEqual([`run ${applied.record.run} has applied it since`]);
    expect(await stateText(tree, 'prod/a')).toBeUndefined();
  });

  test('of a unit whose plan failed block that unit and what waits for it, and nothing else', async () => {
    const fails = 'output "never" {\n  value = file("nowhere")\n}\n';
    tree = await makeForeignTree({
      'prod/a': { value: 'canary-a' },
      'prod/b': { extra: fails },
      'prod/c': {},
    });
    await tree.write('prod/c/terragrunt.hcl', unitFile({}, [], [behind('b')]));
    const planned = await run('plan', 'prod');
    expect(planned.exitCode).toBe(1);
    const applied = await run('apply', 'prod', '--run', planned.record.run, '--yes');
    expect(applied.exitCode).toBe(1);
    expect(applied.results).toEqual({ a: 'applied', b: 'failed', c: 'skipped' });
    expect(await stateText(tree, 'prod/c')).toBeUndefined();
  });

  test('of a unit that is gone are not passed over in silence', async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': {}, 'prod/c': {} });
    await setValue('c', 'canary-c', [behind('a')]);
    const id = (await run('plan', 'prod')).record.run;
    await rm(join(tree.root, 'prod/b/terragrunt.hcl'));
    const refused = await run('apply', 'prod', '--run', id, '--yes');
    expect(refused.exitCode).toBe(3);
    expect(refused.record.refused).toMatchObject([
      { unit: 'b', why: 'it does not exist any more' },
    ]);
    expect(await allStates(tree)).toBe('');
  });

  test.each([
    ['--run', ''],
    ['--approved', ''],
    ['--approved', 'prod'],
  ])(
    'are not those of the newest run, and it is no bug of ours, with %s "%s"',
    async (...flags) => {
      tree = await makeForeignTree({ 'prod/a': {} });
      expect((await run('plan', 'prod')).exitCode).toBe(0);
      const { exitCode, stderr } = await platform(['apply', 'prod', ...flags, '--yes'], {
        cwd: tree.root,
      });
      expect(await allStates(tree)).toBe('');
      expect(stderr).toContain('next:');
      expect([3, 64]).toContain(exitCode);
    },
  );

  test('leave no file that holds a state in clear, also where a plan was made again', async () => {
    tree = await makeForeignTree({ 'prod/a': { value: 'canary' }, 'prod/b': { from: ['prod/a'] } });
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.phases.b).toContain('replan');
    expect(await savedPlans(applied.record.run)).toEqual([]);
  });

  test('are found out at their turn when the shell gives other inputs', async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': {} });
    await tree.write('prod/b/terragrunt.hcl', unitFile({}, [], [behind('a')]));
    const planned = await watchedRun(tree, ['plan', 'prod'], { TF_VAR_value: 'canary-then' });
    const id = planned.record.run;
    const applied = await watchedRun(tree, ['apply', 'prod', '--run', id, '--yes'], {
      TF_VAR_value: 'canary-now',
    });
    expect(applied.exitCode).toBe(3);
    expect(applied.results).toEqual({ a: 'failed', b: 'skipped' });
    expect(applied.unit('a').failure?.summary).toBe(
      'the inputs are not the ones that were planned',
    );
    expect(await allStates(tree)).toBe('');
  });
});

describe('a state that moves', () => {
  afterEach(() => tree.remove());

  test('between plan and apply stops everything before the first unit', async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': {}, 'prod/c': {} });
    const makeOrder = async (value: string) => {
      await setValue('a', value);
      await setValue('b', value, [behind('a')]);
      await setValue('c', value, [behind('b')]);
    };
    await makeOrder('canary-1');
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await makeOrder('canary-2');
    const id = (await run('plan', 'prod')).record.run;
    const between = await plainTerragrunt(tree, [
      ...['--working-dir', 'prod/b', '--'],
      ...['apply', '-auto-approve', '-replace=terraform_data.this'],
    ]);
    expect(between.exitCode).toBe(0);
    const before = await allStates(tree);
    const refused = await run('apply', 'prod', '--run', id, '--yes');
    expect(refused.exitCode).toBe(3);
    expect(refused.phases).toEqual({ a: [], b: [], c: [] });
    expect(refused.record.refused).toMatchObject([
      { unit: 'b', why: expect.stringMatching(/^its state was at serial \d+ and is at \d+$/) },
    ]);
    expect(await allStates(tree)).toBe(before);
  });

  test('while others are applied stops the unit and what waits for it, and nothing else', async () => {
    const moves = `
resource "terraform_data" "moves" {
  triggers_replace = var.value
  provisioner "local-exec" {
    working_dir = "\${path.root}/../../../../.."
    command     = "test ! -e moved.tfstate || cp moved.tfstate .states/prod/b.tfstate"
  }
}
`;
    tree = await makeForeignTree({
      'prod/a': { extra: moves },
      'prod/b': {},
      'prod/c': {},
      'prod/d': {},
    });
    const makeOrder = async (value: string) => {
      await setValue('a', value);
      await setValue('b', value, [behind('a')]);
      await setValue('c', value, [behind('b')]);
      await setValue('d', value, [behind('a')]);
    };
    await makeOrder('canary-1');
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    const state = JSON.parse((await stateText(tree, 'prod/b')) ?? '') as { serial: number };
    await tree.write('moved.tfstate', JSON.stringify({ ...state, serial: state.serial + 1 }));
    await makeOrder('canary-2');
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.labels).toMatchObject({ b: 'exact' });
    expect(applied.exitCode).toBe(3);
    expect(applied.results).toEqual({ a: 'applied', b: 'failed', c: 'skipped', d: 'applied' });
    expect(applied.unit('b').failure).toMatchObject({
      kind: 'refused',
      summary: 'Saved plan is stale',
      next: 'plan again: platform plan prod b',
    });
    expect(await outputsOf(tree, 'prod/c')).toEqual({ id: 'canary-1' });
  });
});

/** Puts things back as they were. */
type Undo = () => Promise<unknown>;

describe('what a saved plan is bound to', () => {
  let id: string;
  let states: string;
  let undo: Undo;

  beforeAll(async () => {
    tree = await makeForeignTree({
      'prod/a': { value: 'canary-a' },
      'prod/b': {},
      'dev/a': { value: 'canary-dev' },
    });
    await tree.write('modules/part/main.tf', 'output "part" {\n  value = "canary-part"\n}\n');
    const called = 'module "part" {\n  source = "../part"\n}\n';
    await tree.write('modules/app/main.tf', await read('prod/a/main.tf'));
    await tree.write('modules/app/part.tf', called);
    await rm(join(tree.root, 'prod/b/main.tf'));
    await tree.write(
      'prod/b/terragrunt.hcl',
      unitFile(
        {},
        [],
        [`terraform {\n  source = "\${get_parent_terragrunt_dir("root")}/modules//app"\n}`],
      ),
    );
    await startGit();
    // It has a state, so that one that is not its own can be told.
    expect((await run('apply', 'prod', 'a', '--yes')).exitCode).toBe(0);
    await setValue('a', 'canary-a2');
    const planned = await run('plan', 'prod');
    expect(planned.labels).toEqual({ a: 'exact', b: 'exact' });
    id = planned.record.run;
    states = await allStates(tree);
  });
  afterEach(() => undo());
  afterAll(() => tree.remove());

  const read = (path: string) => readFile(join(tree.root, path), 'utf8');

  async function edited(path: string, edit: (text: string) => string): Promise<Undo> {
    const text = await readFile(join(tree.root, path), 'utf8').catch(() => undefined);
    await tree.write(path, edit(text ?? ''));
    return () =>
      text === undefined ? rm(join(tree.root, path)) : writeFile(join(tree.root, path), text);
  }

  /** The plan file of `b` as other bytes. */
  async function damaged(
    change: (bytes: Buffer) => Uint8Array | Promise<Uint8Array>,
  ): Promise<Undo> {
    const bytes = await readFile(savedPlan(id, 'b'));
    await writeFile(savedPlan(id, 'b'), await change(Buffer.from(bytes)));
    return () => writeFile(savedPlan(id, 'b'), bytes);
  }

  const notTheFile = /^the plan file is not the one that was planned$/;
  const cases: readonly {
    readonly name: string;
    readonly change: () => Promise<Undo>;
    readonly why: RegExp;
    readonly environment?: string;
  }[] = [
    {
      name: 'a byte of a plan file is another',
      change: () =>
        damaged((bytes) => {
          const at = bytes.length >> 1;
          bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
          return bytes;
        }),
      why: notTheFile,
    },
    {
      name: 'a plan file is cut short',
      change: () => damaged((bytes) => bytes.subarray(0, bytes.length - 1)),
      why: notTheFile,
    },
    {
      name: 'a plan file is empty',
      change: () => damaged(() => new Uint8Array()),
      why: notTheFile,
    },
    {
      name: 'a plan file is some other zip',
      change: () => damaged(() => zipSync({ tfplan: strToU8('canary') })),
      why: notTheFile,
    },
    {
      name: 'a plan file is that of another unit',
      change: () => damaged(() => readFile(savedPlan(id, 'a'))),
      why: notTheFile,
    },
    {
      name: 'a plan file is gone',
      change: async () => {
        const back = await damaged((bytes) => bytes);
        await rm(savedPlan(id, 'b'));
        return back;
      },
      why: /^its plan file is gone/,
    },
    {
      name: "a unit's file is edited",
      change: () => edited('prod/a/main.tf', (text) => `${text}# edited\n`),
      why: /^its files were changed$/,
    },
    {
      name: 'a unit gets a file more',
      change: () => edited('prod/a/more.tf', () => '# nothing\n'),
      why: /^its files were changed$/,
    },
    {
      name: 'the file that all units include is edited',
      change: () => edited('root.hcl', (text) => `${text}# edited\n`),
      why: /^its files were changed$/,
    },
    {
      name: 'a module is edited',
      change: () => edited('modules/app/main.tf', (text) => `${text}# edited\n`),
      why: /^its files were changed$/,
    },
    {
      name: 'a module that is called by a module is edited',
      change: () => edited('modules/part/main.tf', (text) => `${text}# edited\n`),
      why: /^its files were changed$/,
    },
    {
      name: 'the commit is another one, though no file of a unit is',
      change: async () => {
        const head = await git('rev-parse', 'HEAD');
        await git('commit', '--quiet', '--allow-empty', '--message', 'nothing');
        return () => git('reset', '--soft', head);
      },
      why: /^the commit was [0-9a-f]{40} and is [0-9a-f]{40}$/,
    },
    {
      name: 'the state is at another serial',
      change: () =>
        edited('.states/prod/a.tfstate', (text) => text.replace(/"serial": \d+/, '"serial": 7531')),
      why: /^its state was at serial \d+ and is at 7531$/,
    },
    {
      name: 'the state is another one',
      change: () =>
        edited('.states/prod/a.tfstate', (text) =>
          text.replace(/"lineage": "[^"]+"/, '"lineage": "0e0f4b4a-1111-2222-3333-444455556666"'),
        ),
      why: /^its state is another one$/,
    },
    {
      name: 'the state is gone',
      change: async () => {
        const back = await edited('.states/prod/a.tfstate', (text) => text);
        await rm(join(tree.root, '.states/prod/a.tfstate'));
        return back;
      },
      why: /^its state is gone$/,
    },
    {
      name: 'a state is there that was not',
      change: () =>
        edited(
          '.states/prod/b.tfstate',
          () =>
            `${JSON.stringify({ version: 4, serial: 1, lineage: 'x', outputs: {}, resources: [] })}\n`,
        ),
      why: /^it has a state now$/,
    },
    {
      name: 'it is meant for another environment',
      environment: 'dev',
      change: async () => async () => {},
      why: /^it is a plan of "prod"$/,
    },
  ];

  test.each(cases.map((one) => [one.name, one] as const))(
    'refused before anything is applied: %s',
    async (_, { change, why, environment = 'prod' }) => {
      undo = await change();
      const refused = await run('apply', environment, '--run', id, '--yes');
      await undo();
      undo = async () => {};
      expect(refused.exitCode).toBe(3);
      expect(whys(refused)).toContainEqual(expect.stringMatching(why));
      expect(Object.values(refused.phases).flat()).toEqual([]);
      expect(await allStates(tree)).toBe(states);
    },
  );

  test('refused before anything is applied: it was made by another Terraform, or in another region', async () => {
    const terraform = await toolPath('terraform');
    const wrapper = [
      '#!/bin/sh',
      'case " $* " in',
      '  *" version "* | *" -version "*) echo "Terraform v1.99.0" ;;',
      `  *) exec '${terraform}' "$@" ;;`,
      'esac',
      '',
    ];
    await tree.write('bin/terraform', wrapper.join('\n'));
    await execa('chmod', ['+x', join(tree.root, 'bin/terraform')]);
    undo = () => rm(join(tree.root, 'bin'), { recursive: true });
    const args = ['apply', 'prod', '--run', id, '--yes'];
    const path = [join(tree.root, 'bin'), process.env.PATH].join(delimiter);
    const refused = await watchedRun(tree, args, { PATH: path });
    expect(refused.exitCode).toBe(3);
    expect(whys(refused)).toEqual([
      expect.stringMatching(/^it was made with terraform 1\.[\d.]+, and this is 1\.99\.0$/),
    ]);
    const elsewhere = await watchedRun(tree, args, { AWS_REGION: 'eu-north-1' });
    expect(elsewhere.exitCode).toBe(3);
    expect(whys(elsewhere)).toEqual([
      expect.stringMatching(/^the region was .+ and is eu-north-1$/),
    ]);
    expect(await allStates(tree)).toBe(states);
  });

  test('with all of that undone, the same plans are applied', async () => {
    undo = async () => {};
    const applied = await run('apply', 'prod', '--run', id, '--yes');
    expect(whys(applied)).toEqual([]);
    expect(applied.exitCode).toBe(0);
    expect(await outputsOf(tree, 'prod/a')).toEqual({ id: 'canary-a2' });
  });
});

describe('plans made with one lock file of providers are not applied with another', () => {
  afterEach(() => tree.remove());

  test.each([
    ['in a fresh checkout', true],
    ["where Terragrunt's cache has the old one", false],
  ])('%s', async (_, isFresh) => {
    const requires =
      'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n';
    tree = await makeForeignTree({ 'prod/a': { extra: requires }, 'prod/b': {} });
    await tree.write('prod/b/terragrunt.hcl', unitFile({}, [], [behind('a')]));
    const env = await terraformEnvironment();
    const planned = await watchedRun(tree, ['plan', 'prod'], env);
    expect(planned.labels).toEqual({ a: 'exact', b: 'exact' });
    const lock = join(tree.root, 'prod/a/.terraform.lock.hcl');
    const text = await readFile(lock, 'utf8');
    await writeFile(lock, text.replace('hashes = [', `hashes = [\n    "zh:${'0'.repeat(64)}",`));
    expect(await readFile(lock, 'utf8')).not.toBe(text);
    if (isFresh) await rm(join(tree.root, 'prod/a/.terragrunt-cache'), { recursive: true });
    const args = ['apply', 'prod', '--run', planned.record.run, '--yes'];
    const refused = await watchedRun(tree, args, env);
    expect(refused.exitCode).toBe(3);
    expect(await allStates(tree)).toBe('');
  });
});

describe('a plan that was approved elsewhere', () => {
  afterEach(() => tree.remove());

  const approve = (file: string, ...more: string[]) =>
    run('apply', 'prod', '--approved', file, '--yes', ...more);

  test('holds for the same content, whatever the commit is called, and for no other', async () => {
    tree = await makeForeignTree({ 'prod/a': { value: 'canary-1' }, 'prod/b': {} });
    await startGit();
    await git('switch', '--quiet', '--create', 'feature');
    await setValue('a', 'canary-2');
    await commit('feature');
    const planned = await run('plan', 'prod');
    const file = recordFile(planned.record.run);

    await tree.write('README.md', 'head moved\n');
    await commit('head moved');
    const headMoved = await approve(file);
    expect(headMoved.exitCode).toBe(3);
    expect(whys(headMoved)).toEqual([
      'the content is not what was planned: head or base has moved since',
    ]);

    await git('reset', '--quiet', '--hard', 'HEAD~1');
    await git('switch', '--quiet', 'main');
    await tree.write('CHANGELOG.md', 'base moved\n');
    await commit('base moved');
    await git('merge', '--quiet', '--no-edit', 'feature');
    const baseMoved = await approve(file);
    expect(baseMoved.exitCode).toBe(3);
    expect(whys(baseMoved)).toEqual(whys(headMoved));
    expect(Object.values(baseMoved.phases).flat()).not.toContain('apply');
    expect(await allStates(tree)).toBe('');
    const told = await platform(['runs', 'show'], { cwd: tree.root });
    expect(told.stdout).toMatch(/plan again and have it approved: platform plan\s+prod/);

    await git('reset', '--quiet', '--hard', 'HEAD~2');
    await git('merge', '--quiet', '--squash', 'feature');
    await commit('the same content');
    const applied = await approve(file);
    expect(applied.record.commit).not.toBe(planned.record.commit);
    expect(applied.exitCode).toBe(0);
    expect(applied.record.from).toBe(planned.record.run);
    expect(applied.results).toEqual({ a: 'applied', b: 'applied' });
    expect(await outputsOf(tree, 'prod/a')).toEqual({ id: 'canary-2' });
  });

  test('does not hold for files that were edited and not committed', async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': {} });
    await startGit();
    const file = recordFile((await run('plan', 'prod')).record.run);
    await setValue('b', 'canary-other');
    const refused = await approve(file);
    expect(refused.exitCode).toBe(3);
    expect(refused.record.refused).toMatchObject([
      { unit: 'b', why: 'its files are not those that were planned' },
    ]);
    expect(await allStates(tree)).toBe('');
  });

  test('covers only what it shows: what else a drifted state makes of it is refused, with the difference', async () => {
    const second = 'resource "terraform_data" "second" {\n  input = "canary"\n}\n';
    tree = await makeForeignTree({
      'prod/a': { extra: second },
      'prod/b': {},
      'prod/c': { extra: second },
      'prod/d': {},
    });
    await setValue('b', 'one', [behind('a')]);
    await startGit();
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await setValue('a', 'canary-2');
    await setValue('b', 'canary-2', [behind('a')]);
    await setValue('d', 'canary-2');
    await commit('changes');
    const planned = await run('plan', 'prod');
    expect(planned.labels).toEqual({ a: 'exact', b: 'exact', c: 'no-changes', d: 'exact' });
    for (const unit of ['a', 'c']) {
      const lost = ['--working-dir', `prod/${unit}`, '--', 'state', 'rm', 'terraform_data.second'];
      expect((await plainTerragrunt(tree, lost)).exitCode).toBe(0);
    }
    const applied = await approve(recordFile(planned.record.run));
    expect(applied.exitCode).toBe(3);
    expect(applied.results).toEqual({ a: 'failed', b: 'skipped', c: 'failed', d: 'applied' });
    for (const unit of ['a', 'c']) {
      expect(applied.unit(unit).failure).toMatchObject({
        kind: 'refused',
        summary: 'not approved: create terraform_data.second was not shown',
      });
      expect(applied.phases[unit]).not.toContain('replan');
    }
    expect(await outputsOf(tree, 'prod/b')).toEqual({ id: 'one' });
  });

  describe('and the values in it', () => {
    const VALUE = 'PLATFORM_TEST_VALUE';

    async function planOn(value: string, env: Readonly<Record<string, string>>) {
      tree = await makeForeignTree({ 'prod/a': {} });
      await tree.write('prod/a/terragrunt.hcl', unitFile({}, [`value = get_env("${VALUE}")`]));
      await startGit();
      const planned = await watchedRun(tree, ['plan', 'prod'], { ...env, [VALUE]: value });
      return planned.record.run;
    }

    const applyOn = (value: string, file: string, env: Readonly<Record<string, string>>) =>
      watchedRun(tree, ['apply', 'prod', '--approved', file, '--yes'], { ...env, [VALUE]: value });

    test('are compared where the record of the run lies', async () => {
      const file = recordFile(await planOn('canary-1', {}));
      const other = await applyOn('canary-2', file, {});
      expect(other.exitCode).toBe(3);
      expect(other.unit('a').failure?.summary).toBe(
        'not approved: terraform_data.this gets another "input" than was shown',
      );
      expect(await allStates(tree)).toBe('');
      expect((await applyOn('canary-1', file, {})).exitCode).toBe(0);
    });

    test('are compared elsewhere with the key that both were given, and without one they are not', async () => {
      const key = { PLATFORM_APPROVAL_KEY: 'canary-key' };
      const id = await planOn('canary-1', key);
      await tree.write('carried/run.json', await readFile(recordFile(id), 'utf8'));
      const file = join(tree.root, 'carried/run.json');
      const other = await applyOn('canary-2', file, key);
      expect(other.exitCode).toBe(3);
      expect(other.unit('a').failure?.summary).toContain('gets another "input" than was shown');
      expect((await applyOn('canary-2', file, {})).exitCode).toBe(0);
    });
  });

  test('of a new tree reaches as far as creates where it stood on mocks', async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': { from: ['prod/a'] } });
    await startGit();
    const planned = await run('plan', 'prod');
    expect(planned.labels).toEqual({ a: 'exact', b: 'mocked' });
    const applied = await approve(recordFile(planned.record.run));
    expect(applied.exitCode).toBe(0);
    expect(applied.results).toEqual({ a: 'applied', b: 'applied' });
    expect(await allStates(tree)).not.toContain('mock-');
  });

  test('of a new tree reaches as far as creates where nothing could be planned yet', async () => {
    tree = await makeForeignTree({ 'prod/a': { value: 'canary-a' }, 'prod/b': {} });
    const file = unitFile({ a: [] }, ['upstream = [dependency.a.outputs.id]']);
    await tree.write('prod/b/terragrunt.hcl', file);
    await startGit();
    const planned = await run('plan', 'prod');
    expect(planned.labels).toEqual({ a: 'exact', b: 'unknown' });
    const refused = await run('apply', 'prod', '--run', planned.record.run, '--yes');
    expect(refused.exitCode).toBe(3);
    expect(whys(refused)).toEqual(['it could not be planned: waits for outputs of a']);
    const applied = await approve(recordFile(planned.record.run));
    expect(applied.exitCode).toBe(0);
    expect(await outputsOf(tree, 'prod/b')).toEqual({ id: 'canary-a one' });
  });

  test('of some units starts no other', async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': {} });
    await startGit();
    const planned = await run('plan', 'prod', 'a');
    const applied = await approve(recordFile(planned.record.run));
    expect(applied.exitCode).toBe(0);
    expect(applied.results).toEqual({ a: 'applied' });
    expect(await stateText(tree, 'prod/b')).toBeUndefined();
  });

  test('says so where it has a deleted unit that is left as it is', async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': {} });
    // The old files lie somewhere else while they are planned, and their state does not.
    const rootHcl = await readFile(join(tree.root, 'root.hcl'), 'utf8');
    await tree.write('root.hcl', rootHcl.replace(/\$\{get_parent_terragrunt_dir\(\)\}/, tree.root));
    await startGit();
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await git('switch', '--quiet', '--create', 'feature');
    await rm(join(tree.root, 'prod/b'), { recursive: true });
    await setValue('a', 'canary-2');
    await commit('feature');
    const planned = await run('plan', 'prod', '--changed', '--base', 'main');
    expect(planned.unit('b').resources.map(({ actions }) => actions)).toEqual([['delete']]);
    const before = await stateText(tree, 'prod/b');
    const applied = await approve(recordFile(planned.record.run));
    expect(await stateText(tree, 'prod/b')).toBe(before);
    expect(applied.results).toMatchObject({ a: 'applied' });
    expect(applied.stderr).toMatch(/deleted.*\bb\b.*--allow-destroy b/);
  });

  test('is a plan of changes to this environment, and a record at all', async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'dev/a': {} });
    await startGit();
    const planned = await run('plan', 'dev');
    const other = await approve(recordFile(planned.record.run));
    expect(other.exitCode).toBe(3);
    expect(whys(other)).toEqual(['what was approved is a plan of "dev"']);

    const toDestroy = await run('plan', 'prod', '--destroy');
    const destroys = await approve(recordFile(toDestroy.record.run));
    expect(destroys.exitCode).toBe(3);
    expect(whys(destroys)).toEqual([`run ${toDestroy.record.run} is no plan of changes`]);
    const replayed = await run('apply', 'prod', '--run', toDestroy.record.run, '--yes');
    expect(replayed.exitCode).toBe(3);

    const mine = JSON.parse(await readFile(recordFile(planned.record.run), 'utf8')) as object;
    const noRecords = {
      'text.json': 'canary\n',
      'empty.json': '',
      'other.json': '{"units": []}\n',
      'newer.json': JSON.stringify({ ...mine, schema: 2 }),
      'plan.json': await readFile(savedPlan(planned.record.run, 'a'), 'latin1'),
    };
    for (const [name, text] of Object.entries(noRecords)) {
      await tree.write(name, text);
      const result = await platform(['apply', 'prod', '--approved', name, '--yes'], {
        cwd: tree.root,
      });
      expect(result.stderr).toContain(`"${join(tree.root, name)}" is not the record of a run`);
      expect(result.stderr).toContain('give the run.json of a plan');
      expect(result.exitCode).toBe(3);
    }
    for (const flags of [
      ['--approved', 'nowhere.json'],
      ['--run', 'nothing'],
      ['--run', planned.record.run, '--approved', 'text.json'],
    ]) {
      const result = await platform(['apply', 'prod', '--yes', ...flags], { cwd: tree.root });
      expect(result.exitCode).toBe(64);
    }
    expect(await allStates(tree)).toBe('');
  });
});

describe('--only ready', () => {
  afterEach(() => tree.remove());

  test('applies what is exact, leaves the rest out and says so', async () => {
    const known = 'output "known" {\n  value = terraform_data.this.input\n}\n';
    tree = await makeForeignTree({
      'prod/a': { value: 'canary-1', extra: known },
      'prod/b': {},
      'prod/c': { from: ['prod/b'] },
      'prod/d': { value: 'canary-1' },
      'prod/e': { from: ['prod/d'] },
      'prod/f': {},
    });
    await setValue('f', 'canary-f', [behind('e')]);
    expect((await run('apply', 'prod', 'a', '--yes')).exitCode).toBe(0);
    await tree.write('prod/b/terragrunt.hcl', reads('a', 'known'));
    expect((await run('apply', 'prod', 'b', 'c', '--yes')).exitCode).toBe(0);
    await setValue('a', 'canary-2');
    const before = await stateText(tree, 'prod/c');

    const applied = await run('apply', 'prod', '--only', 'ready', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.labels).toEqual({
      a: 'exact',
      b: 'provisional',
      c: 'provisional',
      d: 'exact',
      e: 'mocked',
      f: 'exact',
    });
    expect(applied.results).toEqual({
      a: 'applied',
      b: 'excluded',
      c: 'excluded',
      d: 'applied',
      e: 'excluded',
      f: 'excluded',
    });
    expect(applied.stderr).toContain('b: left out: is not ready');
    expect(applied.stderr).toContain('e: left out: is not ready');
    expect(applied.stderr).toContain('f: left out: waits for e');
    expect(await outputsOf(tree, 'prod/b')).toEqual({ id: 'canary-1 one' });
    expect(await stateText(tree, 'prod/c')).toBe(before);
    expect(await stateText(tree, 'prod/e')).toBeUndefined();
    const told = await platform(['runs', 'show'], { cwd: tree.root });
    expect(told.stdout).toMatch(/e .*left out: is not ready/);

    const rest = await run('apply', 'prod', '--yes');
    expect(rest.exitCode).toBe(0);
    expect(rest.results).toMatchObject({ b: 'applied', c: 'applied', e: 'applied', f: 'applied' });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });
});
