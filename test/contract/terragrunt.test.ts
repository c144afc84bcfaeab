import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  findArgs,
  hclValidateArgs,
  parseCycle,
  parseFind,
  parseHclValidate,
  stackGenerateArgs,
} from '../../src/tools/terragrunt/discovery.ts';
import { parseRender, renderArgs } from '../../src/tools/terragrunt/render.ts';
import { mockedDependencies, parseLog, runArgs } from '../../src/tools/terragrunt/run.ts';
import { type ForeignTree, makeForeignTree, unitHcl } from '../support/foreign-tree.ts';
import { REPOSITORY } from '../support/platform.ts';
import { toolPath } from '../support/terraform.ts';

/** What we rely on, asked of the real binary, so that a new minor is tested and not trusted. */
describe('terragrunt', () => {
  let terragrunt: string;
  let terraform: string;
  let tree: ForeignTree;

  beforeAll(async () => {
    [terragrunt, terraform] = await Promise.all([toolPath('terragrunt'), toolPath('terraform')]);
  });
  beforeEach(async () => {
    tree = await makeForeignTree({ 'live/a': {}, 'live/b': { from: ['live/a'] }, 'live/c': {} });
  });
  afterEach(() => tree.remove());

  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    execa(terragrunt, args, {
      cwd: tree.root,
      env: { TG_TF_PATH: terraform, ...env },
      reject: false,
    });
  const live = () => join(tree.root, 'live');
  const found = async (dependencies: boolean) =>
    parseFind((await run(findArgs(live(), { dependencies }))).stdout);

  test('find tells units and their dependencies', async () => {
    expect(await found(true)).toContainEqual(
      expect.objectContaining({ path: 'b', dependencies: ['a'] }),
    );
  });

  test('find exits 0 on a cycle and drops its units; hcl validate names it', async () => {
    await tree.write('live/a/terragrunt.hcl', unitHcl('live/a', { from: ['live/b'] }));
    const result = await run(findArgs(live(), { dependencies: true }));
    expect(result.exitCode).toBe(0);
    expect(parseFind(result.stdout).map(({ path }) => path)).toEqual(['c']);
    expect(await found(false)).toHaveLength(3);
    const validated = await run(hclValidateArgs(live()));
    expect(validated.exitCode).toBe(1);
    expect(parseCycle(validated.stderr)).toHaveLength(3);
  });

  test('find exits 0 on broken HCL; hcl validate says file and line', async () => {
    await tree.write('live/c/terragrunt.hcl', 'inputs = {\n');
    expect((await run(findArgs(live(), { dependencies: true }))).exitCode).toBe(0);
    const validated = await run(hclValidateArgs(live()));
    expect(validated.exitCode).toBe(1);
    const [problem] = parseHclValidate(validated.stdout);
    expect(problem).toMatchObject({ file: join(live(), 'c/terragrunt.hcl'), line: 2 });
  });

  test('find exits 0 where a dependency does not exist, and so does hcl validate', async () => {
    await tree.write('live/b/terragrunt.hcl', unitHcl('live/b', { from: ['live/nowhere'] }));
    expect((await run(hclValidateArgs(live()))).exitCode).toBe(0);
    expect(await found(true)).toContainEqual(
      expect.objectContaining({ path: 'b', dependencies: ['nowhere'] }),
    );
  });

  test('render gives each unit a state of its own and asks for no outputs', async () => {
    const { stdout } = await run(renderArgs(live(), { all: true }));
    const keys = parseRender(stdout).map(({ stateKey }) => stateKey);
    expect(new Set(keys).size).toBe(3);
    expect(parseRender(stdout).flatMap(({ dependencies }) => dependencies)).toMatchObject([
      { name: 'd0', mocks: { id: 'mock-live/a' }, mocksAllowedFor: ['plan', 'validate'] },
    ]);
  });

  describe('what a unit is made of', () => {
    const unit = (blocks: string) =>
      tree.write('live/c/terragrunt.hcl', `${unitHcl('live/c', {})}${blocks}`);
    const foundUnit = async () => (await found(true)).find(({ path }) => path === 'c');
    const renderedUnit = async (file?: string) => {
      const folder = file === undefined ? join(live(), 'c') : tree.root;
      const args = renderArgs(folder, { all: false, ...(file === undefined ? {} : { file }) });
      return parseRender((await run(args)).stdout)[0];
    };
    const deps = `dependency "a" {
  config_path  = "\${get_terragrunt_dir()}/live/a"
  mock_outputs = { id = "mock" }
}
`;

    test('find lists what it includes and reads, relative to the folder that is searched', async () => {
      await tree.write('module/main.tf', '');
      await tree.write('common.hcl', 'locals {}\n');
      await unit(`
terraform {
  source = "../..//module"
}
locals {
  common = read_terragrunt_config(find_in_parent_folders("common.hcl"))
}
`);
      expect(await foundUnit()).toMatchObject({
        includes: ['../root.hcl'],
        reads: ['../common.hcl', '../module/main.tf', '../root.hcl'],
      });
    });

    test('find leaves out what is switched off; render says so, and how mocks are merged', async () => {
      await unit(`
dependency "off" {
  config_path  = "../a"
  enabled      = false
  mock_outputs = { id = "mock" }
}
dependency "deep" {
  config_path                            = "../b"
  mock_outputs                           = { id = { x = "mock" } }
  mock_outputs_merge_strategy_with_state = "deep_map_only"
}
dependency "shallow" {
  config_path                            = "../b"
  mock_outputs_merge_strategy_with_state = "shallow"
}
dependency "old" {
  config_path                   = "../b"
  mock_outputs_merge_with_state = true
}
dependency "no" {
  config_path                            = "../b"
  mock_outputs_merge_strategy_with_state = "no_merge"
}
`);
      expect(await foundUnit()).toMatchObject({ dependencies: ['b'] });
      expect((await renderedUnit())?.dependencies).toMatchObject([
        { name: 'deep', mergesMocks: 'deep', mocks: { id: { x: 'mock' } } },
        { name: 'no', mergesMocks: 'no' },
        { name: 'off', mergesMocks: 'no', enabled: false },
        { name: 'old', mergesMocks: 'shallow' },
        { name: 'shallow', mergesMocks: 'shallow' },
      ]);
    });

    test('a dependency of a configuration that it reads is in neither; that file tells', async () => {
      await tree.write('deps.hcl', deps);
      await unit(
        '\nlocals {\n  deps = read_terragrunt_config(find_in_parent_folders("deps.hcl"))\n}\n',
      );
      expect(await foundUnit()).toMatchObject({ dependencies: [] });
      expect((await renderedUnit())?.dependencies).toEqual([]);
      expect((await renderedUnit(join(tree.root, 'deps.hcl')))?.dependencies).toMatchObject([
        { name: 'a', configPath: join(live(), 'a') },
      ]);
    });

    test('find does not list the file that a stack lays beside it, but what that depends on', async () => {
      await tree.write('live/c/terragrunt.autoinclude.hcl', deps.replace('/live/a', '/../a'));
      const { dependencies, reads } = (await foundUnit()) ?? {};
      expect({ dependencies, reads }).toEqual({ dependencies: ['a'], reads: ['../root.hcl'] });
    });

    test('a dependency on a stack is one on its units', async () => {
      await tree.write('unit/terragrunt.hcl', '');
      await tree.write(
        'live/s/terragrunt.stack.hcl',
        'unit "u" {\n  source = "../../unit"\n  path   = "u"\n}\n',
      );
      expect((await run(stackGenerateArgs(live()))).exitCode).toBe(0);
      await unit('\ndependency "s" {\n  config_path = "../s"\n}\n');
      expect(await foundUnit()).toMatchObject({ dependencies: ['s/.terragrunt-stack/u'] });
      expect((await renderedUnit())?.dependencies).toMatchObject([{ configPath: '../s' }]);
    });
  });

  describe('run behind the shim', () => {
    let unitFolder: string;
    let shim: string;

    const inUnit = (
      unit: string,
      phase: string,
      command: readonly string[],
      env: Record<string, string> = {},
    ) =>
      run(
        runArgs({
          unitFolder: join(live(), unit),
          reportFile: join(unitFolder, `${phase}.report.json`),
          outputsFromState: true,
          terraform: command,
        }),
        {
          TG_TF_PATH: shim,
          PLATFORM_TERRAFORM: terraform,
          PLATFORM_UNIT_DIR: unitFolder,
          PLATFORM_STOP_FILE: join(unitFolder, 'stop'),
          PLATFORM_PHASE: phase,
          PLATFORM_INPUTS: '',
          ...env,
        },
      );
    const plan = (unit: string, phase = 'plan') =>
      inUnit(unit, phase, [
        'plan',
        '-input=false',
        '-json',
        '-detailed-exitcode',
        `-out=${join(unitFolder, `${phase}.tfplan`)}`,
      ]);
    const apply = (phase: string, env: Record<string, string> = {}) =>
      inUnit(
        'b',
        'apply',
        ['apply', '-input=false', '-json', join(unitFolder, `${phase}.tfplan`)],
        env,
      );
    const read = (name: string) => readFile(join(unitFolder, name), 'utf8');

    beforeEach(async () => {
      unitFolder = join(tree.root, 'record');
      shim = join(tree.root, 'terraform-shim');
      await mkdir(unitFolder);
      await copyFile(join(REPOSITORY, 'tools/terraform-shim.sh'), shim);
    });

    test('passes on exit code 2 of a plan with changes; Terraform writes to our file', async () => {
      const result = await plan('a');
      expect(result.exitCode).toBe(2);
      expect(result.stdout).toBe('');
      expect(await read('plan.jsonl')).toContain('"type":"change_summary"');
      expect(await read('plan.pids')).toMatch(/^\d+\n/);
    });

    test('says when it answers with mocks, and by whose', async () => {
      const { stderr } = await plan('b');
      expect(mockedDependencies(parseLog(stderr))).toEqual([join(live(), 'a/terragrunt.hcl')]);
    });

    test('refuses to apply while a dependency has no outputs', async () => {
      await plan('b');
      const result = await apply('plan');
      expect(result.exitCode).toBe(1);
      await expect(read('apply.jsonl')).rejects.toThrow('ENOENT');
    });

    test('the same inputs have the same digest; others are refused with exit code 3', async () => {
      await plan('b', 'plan');
      await plan('b', 'again');
      const [first, again] = await Promise.all([read('plan.inputs'), read('again.inputs')]);
      expect(first).toMatch(/^[0-9a-f]{64}\n$/);
      expect(again).toBe(first);
      await inUnit('a', 'upstream', ['apply', '-input=false', '-json', '-auto-approve']);
      const refused = await apply('plan', { PLATFORM_INPUTS: first.trim() });
      expect(refused.exitCode).toBe(3);
      await expect(read('apply.jsonl')).rejects.toThrow('ENOENT');
      await plan('b', 'real');
      const inputs = (await read('real.inputs')).trim();
      expect((await apply('real', { PLATFORM_INPUTS: inputs })).exitCode).toBe(0);
    });

    test('starts nothing while the stop file is there', async () => {
      await writeFile(join(unitFolder, 'stop'), '');
      const result = await plan('a');
      expect(result.exitCode).not.toBe(0);
      expect(result.stderr).toContain('platform: stopped before terraform');
      await expect(read('plan.jsonl')).rejects.toThrow('ENOENT');
    });
  });
});
