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
      { name: 'd0', mocked: true, mocksAllowedFor: ['plan', 'validate'] },
    ]);
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
