import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { RunRecord } from '../../src/domain/run-record.ts';
import { type ForeignTree, makeForeignTree, unitHcl } from '../support/foreign-tree.ts';
import { platform } from '../support/platform.ts';

let tree: ForeignTree;
afterEach(() => tree.remove());

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const result = await platform(['--json', ...args], { cwd: tree.root, env });
  if (result.stdout === '') throw new Error(result.stderr);
  const record = JSON.parse(result.stdout) as RunRecord;
  const results = Object.fromEntries(record.units.map(({ unit, result: how }) => [unit, how]));
  return { ...result, record, results };
}

test('an environment that was only partly applied can be destroyed, twice', async () => {
  const fails = `
resource "terraform_data" "fails" {
  provisioner "local-exec" { command = "exit 7" }
}
`;
  tree = await makeForeignTree({
    'prod/a': {},
    'prod/b': { from: ['prod/a'], extra: fails },
    'prod/c': { from: ['prod/b'] },
  });
  expect((await run(['apply', 'prod', '--yes'])).exitCode).toBe(1);
  const first = await run(['destroy', 'prod', '--confirm', 'prod']);
  expect(first.record.units.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  expect(first.exitCode).toBe(0);
  expect(first.results).toEqual({ a: 'applied', b: 'applied', c: 'unchanged' });
  expect((await run(['destroy', 'prod', '--confirm', 'prod'])).exitCode).toBe(0);
});

test('mocks that Terragrunt merges in silence are called mocked, and are not applied', async () => {
  tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': { from: ['prod/a'] } });
  await tree.write(
    'prod/b/terragrunt.hcl',
    `include "root" {
  path = find_in_parent_folders("root.hcl")
}

dependency "a" {
  config_path                            = "../a"
  mock_outputs                           = { extra = "mock-extra" }
  mock_outputs_merge_strategy_with_state = "shallow"
}

inputs = { upstream = [dependency.a.outputs.extra] }
`,
  );
  expect((await run(['apply', 'prod', 'a', '--yes'])).exitCode).toBe(0);
  const planned = await run(['plan', 'prod', 'b']);
  expect(planned.record.units[0]).toMatchObject({
    label: 'mocked',
    reason: 'a lacks "extra" in its state',
  });
  const applied = await run(['apply', 'prod', 'b', '--yes']);
  expect(applied.exitCode).toBe(3);
  const { stdout } = await platform(['output', 'prod', 'b'], { cwd: tree.root });
  expect(stdout).not.toContain('mock');
});

test('a quiet log level in the shell hides no mock', async () => {
  tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': { from: ['prod/a'] } });
  const planned = await run(['plan', 'prod'], { TG_LOG_LEVEL: 'error', TG_FILTER: './a' });
  expect(planned.record.units.map(({ label }) => label)).toEqual(['exact', 'mocked']);
});

test('a state that could not be saved is kept, named, and stops the next plan', async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.method === 'GET' ? 404 : 400;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  tree = await makeForeignTree({ 'prod/a': {} });
  await tree.write(
    'root.hcl',
    `remote_state {
  backend  = "http"
  config   = { address = "http://127.0.0.1:${port}/state", retry_max = 0 }
  generate = { path = "backend.tf", if_exists = "overwrite" }
}
`,
  );
  const applied = await run(['apply', 'prod', '--yes']);
  const [unit] = applied.record.units;
  expect(unit?.failure?.next).toMatch(
    / -- state push .*errored\.tfstate && rm .*errored\.tfstate$/,
  );
  const kept = join(tree.root, '.platform/runs', applied.record.run, 'units/a/errored.tfstate');
  expect(await readFile(kept, 'utf8')).toContain('terraform_data');
  const again = await run(['apply', 'prod', '--yes']);
  expect(again.exitCode).toBe(3);
  expect(again.record.units[0]?.failure?.summary).toContain('waits to be pushed');
  server.close();
});

test('an exclude block keeps a unit out', async () => {
  tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': {} });
  const exclude = 'exclude {\n  if      = true\n  actions = ["all"]\n}\n';
  await tree.write('prod/a/terragrunt.hcl', unitHcl('prod/a', {}) + exclude);
  const { results, stderr } = await run(['apply', 'prod', '--yes']);
  expect(results).toEqual({ b: 'applied' });
  expect(stderr).toContain('excluded by their own files: a');
});

test('where nothing is selected, plan and apply say so, end with 0 and start no Terraform', async () => {
  tree = await makeForeignTree({ 'prod/a': {} });
  const exclude = 'exclude {\n  if      = true\n  actions = ["all"]\n}\n';
  await tree.write('prod/a/terragrunt.hcl', unitHcl('prod/a', {}) + exclude);
  for (const command of [['plan'], ['apply', '--yes']]) {
    const [name = '', ...flags] = command;
    const { stdout, exitCode } = await platform([name, 'prod', ...flags], { cwd: tree.root });
    expect(stdout).toContain('NOTHING   no units selected');
    expect(exitCode).toBe(0);
  }
  const left = await readdir(tree.root, { recursive: true });
  expect(left.filter((path) => /\.terragrunt-cache|tfstate|jsonl/.test(path))).toEqual([]);
});

test('-C means the folder itself, whatever lies beside it', async () => {
  tree = await makeForeignTree({ 'live/prod/a': {}, 'legacy/prod/b': {} });
  const { record } = await run(['-C', 'legacy', 'plan', 'prod']);
  expect(record.units.map(({ unit }) => unit)).toEqual(['b']);
});

test('what a hook prints is in no summary and no record', async () => {
  tree = await makeForeignTree({ 'prod/a': {} });
  const hook = `
terraform {
  before_hook "login" {
    commands = ["plan"]
    execute  = ["sh", "-c", "echo 'Error: login failed for hunter2' >&2; exit 1"]
  }
}
`;
  await tree.write('prod/a/terragrunt.hcl', unitHcl('prod/a', {}) + hook);
  const { stdout, stderr, exitCode, record } = await run(['plan', 'prod']);
  expect(exitCode).toBe(1);
  expect(stdout + stderr).not.toContain('hunter2');
  const folder = join(tree.root, '.platform/runs', record.run);
  for (const file of ['run.json', 'events.ndjson', 'summary.md']) {
    expect(await readFile(join(folder, file), 'utf8')).not.toContain('hunter2');
  }
  const logs = await platform(['logs', 'a'], { cwd: tree.root });
  expect(logs.stdout).toContain('hunter2');
});

test('another binary than terraform is refused, not replaced', async () => {
  tree = await makeForeignTree({ 'prod/a': {} });
  await tree.write('prod/a/terragrunt.hcl', `terraform_binary = "tofu"\n${unitHcl('prod/a', {})}`);
  const { exitCode, stderr } = await platform(['plan', 'prod'], { cwd: tree.root });
  expect(stderr).toContain('units ask for the binary "tofu"');
  expect(exitCode).toBe(69);
});
