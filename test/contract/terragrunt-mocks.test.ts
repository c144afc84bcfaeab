import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mockedDependencies, parseLog, runArgs } from '../../src/tools/terragrunt/run.ts';
import { type ForeignTree, makeForeignTree, unitHcl } from '../support/foreign-tree.ts';
import { toolPath } from '../support/terraform.ts';

/** When mocks reach a plan, and when nothing is said of it: what `mocksOf` proves from files and states. */
describe('mocks of terragrunt', () => {
  let terragrunt: string;
  let terraform: string;
  let tree: ForeignTree;

  beforeAll(async () => {
    [terragrunt, terraform] = await Promise.all([toolPath('terragrunt'), toolPath('terraform')]);
  });
  beforeEach(async () => {
    tree = await makeForeignTree({ 'live/a': {}, 'live/b': {} });
    await tree.write(
      'live/a/main.tf',
      `output "id" {
  value = "real"
}
output "map" {
  value = { none = {}, text = "", null = null, key = "real" }
}
`,
    );
  });
  afterEach(() => tree.remove());

  const inUnit = (unit: string, terraformArgs: readonly string[]) =>
    execa(
      terragrunt,
      runArgs({
        unitFolder: join(tree.root, 'live', unit),
        reportFile: join(tree.root, 'report.json'),
        outputsFromState: true,
        terraform: terraformArgs,
      }),
      { cwd: tree.root, env: { TG_TF_PATH: terraform }, reject: false },
    );
  const applyA = async () => {
    expect((await inUnit('a', ['apply', '-input=false', '-auto-approve'])).exitCode).toBe(0);
  };
  /** Plans a unit with one dependency, into which flows what `value` is. */
  const planWith = async (dependency: string, value: string) => {
    await tree.write(
      'live/b/terragrunt.hcl',
      `${unitHcl('live/b', {}).replace(/^inputs[\s\S]*/m, '')}
dependency "a" {
  config_path = "../a"
  ${dependency}
}
inputs = {
  value = ${value}
}
`,
    );
    const { exitCode, stdout, stderr } = await inUnit('b', ['plan', '-input=false']);
    const [, planned] = /\+ input += \\"(.*?)\\"\\n/.exec(stdout) ?? [];
    return { exitCode, planned, said: mockedDependencies(parseLog(stderr)).length > 0 };
  };
  const merged = (strategy: string, mocks: string) => `
  mock_outputs                            = ${mocks}
  mock_outputs_allowed_terraform_commands = ["plan"]
  mock_outputs_merge_strategy_with_state  = "${strategy}"
`;

  test.each([
    ['shallow', '{ extra = "mock" }', 'dependency.a.outputs.extra', 'mock'],
    ['shallow', '{ id = "mock" }', 'dependency.a.outputs.id', 'real'],
    ['shallow', '{ map = { more = "mock" } }', 'try(dependency.a.outputs.map.more, "no")', 'no'],
    ['deep_map_only', '{ extra = "mock" }', 'dependency.a.outputs.extra', 'mock'],
    ['deep_map_only', '{ map = { more = "mock" } }', 'dependency.a.outputs.map.more', 'mock'],
    [
      'deep_map_only',
      '{ map = { none = { more = "mock" } } }',
      'dependency.a.outputs.map.none.more',
      'mock',
    ],
    [
      'deep_map_only',
      '{ map = { text = { more = "mock" }, null = { more = "mock" }, key = "mock" } }',
      'format("%s|%s|%s", dependency.a.outputs.map.text, try(dependency.a.outputs.map.null.more, "no"), dependency.a.outputs.map.key)',
      '|no|real',
    ],
  ])('merged %s, %s: %s is "%s" and nothing is said', async (strategy, mocks, value, planned) => {
    await applyA();
    expect(await planWith(merged(strategy, mocks), value)).toEqual({
      exitCode: 0,
      planned,
      said: false,
    });
  });

  test('mocks that are not allowed for a plan are not merged into one', async () => {
    await applyA();
    const dependency = merged('shallow', '{ extra = "mock" }').replace('["plan"]', '["validate"]');
    expect(await planWith(dependency, 'try(dependency.a.outputs.extra, "no")')).toMatchObject({
      planned: 'no',
    });
  });

  test.each([
    ['absent', ''],
    ['empty', 'mock_outputs_allowed_terraform_commands = []'],
    ['one with apply', 'mock_outputs_allowed_terraform_commands = ["apply"]'],
  ])('with an allow-list that is %s the real outputs are taken', async (_, list) => {
    await applyA();
    const dependency = `mock_outputs = { id = "mock", extra = "mock" }\n  ${list}`;
    expect(
      await planWith(dependency, 'try(dependency.a.outputs.extra, dependency.a.outputs.id)'),
    ).toEqual({ exitCode: 0, planned: 'real', said: false });
  });

  test('what is switched off gives its mocks, whatever the list allows, and nothing is said', async () => {
    await applyA();
    const dependency = `enabled = false
  mock_outputs                            = { id = "mock" }
  mock_outputs_allowed_terraform_commands = ["validate"]
`;
    expect(await planWith(dependency, 'dependency.a.outputs.id')).toEqual({
      exitCode: 0,
      planned: 'mock',
      said: false,
    });
  });

  test.each([
    ['plan', 'mock'],
    ['validate', 'no'],
  ])('skip_outputs with a list of "%s" gives "%s"', async (command, planned) => {
    await applyA();
    const dependency = `skip_outputs = true
  mock_outputs                            = { id = "mock" }
  mock_outputs_allowed_terraform_commands = ["${command}"]
`;
    expect(await planWith(dependency, 'try(dependency.a.outputs.id, "no")')).toMatchObject({
      exitCode: 0,
      planned,
    });
  });

  test('mocks flow from a configuration that is read, too', async () => {
    await tree.write(
      'deps.hcl',
      `dependency "a" {
  config_path  = "\${get_terragrunt_dir()}/live/a"
  mock_outputs = { id = "mock" }
}
`,
    );
    const { planned } = await planWith(
      'skip_outputs = true',
      'read_terragrunt_config(find_in_parent_folders("deps.hcl")).dependency.a.outputs.id',
    );
    expect(planned).toBe('mock');
  });

  test('without outputs, mocks that are not allowed for a plan fail it', async () => {
    const dependency = `mock_outputs = { id = "mock" }
  mock_outputs_allowed_terraform_commands = ["validate"]
`;
    const { exitCode } = await planWith(dependency, 'dependency.a.outputs.id');
    expect(exitCode).toBe(1);
  });
});
