import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/domain/run-record.ts';
import { type ForeignTree, makeForeignTree, unitHcl } from '../support/foreign-tree.ts';
import { plainTerragrunt } from '../support/plain-terragrunt.ts';
import { platform, startPlatform, waitForLine } from '../support/platform.ts';
import { filesBelow, livingTerraforms, unitRecordFolder } from '../support/record-files.ts';
import { makeSmallSandbox, type SmallSandbox } from '../support/small-sandbox.ts';
import { type StateServer, startStateServer } from '../support/state-server.ts';
import { toolPath } from '../support/terraform.ts';
import { CANARY, stateText, type WatchedRun, watchedRun } from '../support/watched-run.ts';
import { wrapTerraform } from '../support/wrapped-terraform.ts';

/** Top folder of the tree, from the working folder of a unit two folders below it. */
const TOP = `\${path.root}/../../../../..`;

/** Fails while nobody has made the file `fixed`. */
const FAILS_UNTIL_FIXED = `
resource "terraform_data" "fragile" {
  input = "one"
  provisioner "local-exec" { command = "test -e '${TOP}/fixed'" }
}
`;

/** Says that it has begun, and waits for the file `go`; gives up with the tree. */
const WAITS_TO_GO = `
resource "terraform_data" "slow" {
  input = "one"
  provisioner "local-exec" {
    command = "touch '${TOP}/begun'; while [ -e '${TOP}/begun' ] && [ ! -e '${TOP}/go' ]; do sleep 0.1; done"
  }
}
`;

let tree: ForeignTree;
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  watchedRun(tree, args, env);
const start = (...args: readonly string[]) => startPlatform(args, { cwd: tree.root });
const untilFile = (name: string) =>
  expect.poll(() => existsSync(join(tree.root, name)), { timeout: 60_000 }).toBe(true);
const planFile = ({ record }: WatchedRun, unit: string) =>
  join(unitRecordFolder(tree, record, unit), 'plan.tfplan');

describe('a plan that cannot be relied on', () => {
  beforeEach(async () => {
    tree = await makeForeignTree({
      'prod/a': {},
      'prod/b': { from: ['prod/a'] },
      'prod/c': {},
    });
  });
  afterEach(() => tree.remove());

  test('on a full disk Terraform is content with an empty plan; we say so, and apply the rest', async () => {
    // A write to /dev/full ends as on a full disk; what such a disk leaves is a file without content.
    const env = await wrapTerraform(
      tree.root,
      `case $out in
  */units/a/*)
    ln -s /dev/full "$out"
    "$TERRAFORM" "$@"
    code=$?
    rm "$out"
    : >"$out"
    echo "$code" >"$(dirname "$0")/said"
    exit "$code"
    ;;
esac
exec "$TERRAFORM" "$@"`,
    );
    const planned = await run(['plan', 'prod', 'a'], env);
    expect(await readFile(join(tree.root, 'bin/said'), 'utf8')).toBe('2\n');
    expect(planned.exitCode).toBe(1);
    expect(planned.unit('a').failure).toEqual({
      kind: 'unreadable',
      summary: 'the plan file is empty: is the disk full?',
      next: 'plan again',
    });
    expect(existsSync(planFile(planned, 'a'))).toBe(false);

    const applied = await run(['apply', 'prod', '--yes'], env);
    expect(applied.exitCode).toBe(1);
    expect(applied.results).toEqual({ a: 'failed', b: 'skipped', c: 'applied' });
    expect(applied.unit('b').blockedBy).toEqual(['a']);
    expect(await stateText(tree, 'prod/a')).toBeUndefined();
    expect(await stateText(tree, 'prod/b')).toBeUndefined();
  });

  test('a plan that failed half way leaves no plan file behind', async () => {
    await tree.write(
      'prod/a/extra.tf',
      `resource "terraform_data" "refuses" {
  input = "one"
  lifecycle {
    precondition {
      condition     = terraform_data.this.input == "two"
      error_message = "not yet"
    }
  }
}
`,
    );
    const env = await wrapTerraform(
      tree.root,
      `"$TERRAFORM" "$@"
code=$?
[ -z "$out" ] || [ ! -s "$out" ] || echo "$out" >>"$(dirname "$0")/made"
exit "$code"`,
    );
    const planned = await run(['plan', 'prod', 'a'], env);
    const file = planFile(planned, 'a');
    expect(await readFile(join(tree.root, 'bin/made'), 'utf8')).toBe(`${file}\n`);
    expect(existsSync(file)).toBe(false);
    expect(planned.exitCode).toBe(1);
    expect(planned.unit('a').failure).toMatchObject({
      kind: 'failed',
      summary: 'Resource precondition failed',
      next: 'read it all: platform logs a',
    });
  });

  test('a plan in a format that nobody knows yet is not applied', async () => {
    const env = await wrapTerraform(
      tree.root,
      `[ "$1" = show ] || exec "$TERRAFORM" "$@"
"$TERRAFORM" "$@" | sed 's/"format_version":"1\\.[0-9]*"/"format_version":"2.0"/'`,
    );
    const applied = await run(['apply', 'prod', 'a', '--yes'], env);
    expect(applied.exitCode).toBe(1);
    expect(applied.unit('a').failure).toMatchObject({
      kind: 'unreadable',
      summary: 'terraform wrote a plan of the unknown format "2.0"',
      next: expect.any(String),
    });
    expect(await stateText(tree, 'prod/a')).toBeUndefined();
  });
});

describe('what a plan is said to do', () => {
  const first: Readonly<Record<string, string>> = {
    forget: 'resource "terraform_data" "old" { input = "one" }\n',
    adopt: '',
    'move-update': 'resource "terraform_data" "old" { input = "one" }\n',
    'move-replace': 'resource "terraform_data" "old" { triggers_replace = "one" }\n',
    replace: 'resource "terraform_data" "it" { triggers_replace = "one" }\n',
    outputs: 'output "more" { value = "one" }\n',
  };
  const then: typeof first = {
    forget: `removed {
  from = terraform_data.old
  lifecycle { destroy = false }
}
`,
    adopt: `import {
  to = terraform_data.found
  id = "somewhere"
}
resource "terraform_data" "found" {}
`,
    'move-update': `moved {
  from = terraform_data.old
  to   = terraform_data.new
}
resource "terraform_data" "new" { input = "two" }
`,
    'move-replace': `moved {
  from = terraform_data.old
  to   = terraform_data.new
}
resource "terraform_data" "new" { triggers_replace = "two" }
`,
    replace: 'resource "terraform_data" "it" { triggers_replace = "two" }\n',
    outputs: 'output "more" { value = "two" }\n',
  };
  /** Makes the new one first; where that fails, Terraform keeps both. */
  const twice = (trigger: string, command: string) => `resource "terraform_data" "it" {
  triggers_replace = "${trigger}"
  lifecycle { create_before_destroy = true }
  provisioner "local-exec" { command = "${command}" }
}
`;
  let planned: WatchedRun;

  beforeAll(async () => {
    const names = [...Object.keys(first), 'deposed'].map((unit) => [`prod/${unit}`, {}] as const);
    tree = await makeForeignTree(Object.fromEntries(names));
    for (const [unit, text] of Object.entries(first))
      await tree.write(`prod/${unit}/extra.tf`, text);
    await tree.write('prod/deposed/extra.tf', twice('one', 'true'));
    expect((await run(['apply', 'prod', '--yes'])).exitCode).toBe(0);
    await tree.write('prod/deposed/extra.tf', twice('two', `test -e '${TOP}/fixed'`));
    expect((await run(['apply', 'prod', 'deposed', '--yes'])).exitCode).toBe(1);
    for (const [unit, text] of Object.entries(then))
      await tree.write(`prod/${unit}/extra.tf`, text);
    planned = await run(['plan', 'prod', '--detailed-exitcode']);
  });
  afterAll(() => tree.remove());

  const none = { add: 0, change: 0, destroy: 0, replace: 0, import: 0, move: 0, forget: 0 };
  test.each([
    { unit: 'forget', does: 'terraform_data.old forget', counts: { forget: 1 } },
    { unit: 'adopt', does: 'terraform_data.found import', counts: { import: 1 } },
    { unit: 'move-update', does: 'terraform_data.new update+move', counts: { change: 1, move: 1 } },
    {
      unit: 'move-replace',
      does: 'terraform_data.new replace+move',
      counts: { replace: 1, move: 1 },
    },
    { unit: 'replace', does: 'terraform_data.it replace', counts: { replace: 1 } },
    {
      unit: 'deposed',
      does: expect.stringMatching(
        /^terraform_data\.it replace,terraform_data\.it \(deposed [0-9a-f]{8}\) delete$/,
      ),
      counts: { replace: 1, destroy: 1 },
    },
    { unit: 'outputs', does: '', counts: { outputs: 1 } },
  ])('$unit: counted as it is', ({ unit, does, counts }) => {
    const { changes, resources, label } = planned.unit(unit);
    expect(label).toBe('exact');
    expect(changes).toEqual({ ...none, outputs: 0, ...counts });
    expect(
      resources.map(({ address, actions }) => `${address} ${actions.join('+')}`).join(),
    ).toEqual(does);
  });

  test('what takes something away stands first in the summary, each with its reason', async () => {
    expect(planned.exitCode).toBe(2);
    const { stdout } = await platform(['runs', 'show'], { cwd: tree.root });
    const flat = stdout.replaceAll(/\s+/g, ' ');
    expect(flat).toMatch(
      /REPLACE move-replace terraform_data\.new, destroy before create triggers_replace \(forces it\)/,
    );
    expect(flat).toMatch(/DELETE deposed terraform_data\.it \(deposed [0-9a-f]{8}\)/);
    expect(flat).toMatch(
      /DELETE forget terraform_data\.old, only from the state: the thing itself stays/,
    );
  });

  test('then one apply does all of it, and the next plan has no changes', async () => {
    await tree.write('fixed', '');
    const applied = await run(['apply', 'prod', '--yes']);
    expect(applied.record.units.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    expect(applied.exitCode).toBe(0);
    expect((await run(['plan', 'prod', '--detailed-exitcode'])).exitCode).toBe(0);
  });
});

describe('secrets', () => {
  const OLD = `${CANARY}-4f1c-old`;
  const NEW = `${CANARY}-4f1c-new`;
  const TOKEN = `${CANARY}-4f1c-token`;
  const module = `variable "secret" {
  type      = string
  sensitive = true
}

variable "token" {
  type      = string
  ephemeral = true
}

resource "terraform_data" "copy" {
  input = var.secret
  provisioner "local-exec" {
    environment = { TOKEN = var.token }
    command     = "test -n \\"$TOKEN\\""
  }
}

# Nothing marks a computed copy as sensitive.
resource "terraform_data" "second" {
  input = terraform_data.copy.output
}

output "secret" {
  value     = var.secret
  sensitive = true
}

output "copy" {
  value = terraform_data.second.output
}
`;
  const seen: { readonly what: string; readonly text: string }[] = [];
  const watched = async (...args: readonly string[]) => {
    const secret = seen.length === 0 ? OLD : NEW;
    const observed = await run(['--verbose', ...args], { SECRET: secret, TOKEN });
    seen.push({ what: args.join(' '), text: observed.stderr });
    return observed;
  };

  beforeAll(async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': { from: ['prod/a'] } });
    await tree.write('prod/a/main.tf', module);
    const include = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n';
    const inputs = `inputs = {
  secret = get_env("SECRET")
  token  = get_env("TOKEN")
}
`;
    await tree.write('prod/a/terragrunt.hcl', include + inputs);
    const reader = unitHcl('prod/b', { from: ['prod/a'] }).replaceAll(
      'outputs.id',
      'outputs.secret',
    );
    await tree.write('prod/b/terragrunt.hcl', reader.replace('{ id =', '{ secret ='));
    expect((await watched('apply', 'prod', '--yes')).exitCode).toBe(0);
  });
  afterAll(() => tree.remove());

  test('a new secret flows through the plans and the applies of both units', async () => {
    const planned = await watched('plan', 'prod');
    expect(planned.exitCode).toBe(0);
    expect(planned.unit('b').plannedThrough).toEqual(['a.secret']);
    expect(planned.unit('b').changes).toMatchObject({ change: 1 });
    const applied = await watched('apply', 'prod', '--yes');
    expect(applied.results).toEqual({ a: 'applied', b: 'applied' });
    expect(await stateText(tree, 'prod/b')).toContain(NEW);
  });

  test('and is in nothing that was printed', async () => {
    for (const command of [
      ['runs', 'show'],
      ['logs', 'a'],
      ['logs', 'b'],
      ['status', 'prod'],
    ]) {
      const { stdout, stderr } = await platform(command, { cwd: tree.root });
      seen.push({ what: command.join(' '), text: stdout + stderr });
    }
    expect(seen.length).toBe(7);
    expect(seen.filter(({ text }) => text.includes(CANARY)).map(({ what }) => what)).toEqual([]);
  });

  test('nor in a record, and no file of ours is for others to read', async () => {
    const files = await filesBelow(join(tree.root, '.platform'));
    const open = files.filter(({ mode }) => (mode & 0o077) !== 0).map(({ path }) => path);
    expect(open).toEqual([join(tree.root, '.platform/.gitignore')]);
    const isRecord = /(run|approved)\.json$|events\.ndjson$|summary\.md$|\.terragrunt\.log$/;
    const records = files.filter(({ path }) => isRecord.test(path));
    expect(records.length).toBeGreaterThan(12);
    expect(records.filter(({ text }) => text.includes(CANARY)).map(({ path }) => path)).toEqual([]);
    // Answers that dependents were planned with, and states that plans were made on, are gone.
    expect(files.filter(({ path }) => /ahead\.\d+\.json$|\.state$/.test(path))).toEqual([]);
  });
});

describe('a check that does not hold', () => {
  const check = (name: string, attribute: string) => `check "${name}" {
  assert {
    condition     = terraform_data.this.${attribute} == "two"
    error_message = "it says \${terraform_data.this.output}"
  }
}
`;
  beforeAll(async () => {
    tree = await makeForeignTree({
      'prod/early': { value: `${CANARY}-early`, extra: check('early', 'input') },
      'prod/late': { value: `${CANARY}-late`, extra: check('late', 'output') },
    });
  });
  afterAll(() => tree.remove());

  test.each([
    { name: 'known before the apply, in a plan', args: ['plan', 'prod'], warns: ['early'] },
    { name: 'in an apply', args: ['apply', 'prod', '--yes'], warns: ['early', 'late'] },
    { name: 'in a plan without changes', args: ['plan', 'prod'], warns: ['early', 'late'] },
  ])(
    'is a warning and no failure, and its words stay in the log: $name',
    async ({ args, warns }) => {
      const checked = await run(args);
      expect(checked.exitCode).toBe(0);
      const { stdout } = await platform(['runs', 'show'], { cwd: tree.root });
      for (const name of warns) {
        expect(checked.unit(name).warnings).toEqual([`check.${name} does not hold`]);
        expect(stdout).toMatch(new RegExp(`\\d CHECK +${name} +check\\.${name} does not hold`));
      }
    },
  );
});

describe('going on after a failure', () => {
  afterEach(() => tree.remove());

  test('the second of four fails; --resume does what is left of it, and no more', async () => {
    tree = await makeForeignTree({
      'prod/one': {},
      'prod/two': { from: ['prod/one'], extra: FAILS_UNTIL_FIXED },
      'prod/three': { from: ['prod/two'] },
      'prod/four': {},
      'prod/other': {},
    });
    const wanted = ['one', 'two', 'three', 'four'];
    const failed = await run(['apply', 'prod', ...wanted, '--yes']);
    expect(failed.exitCode).toBe(1);
    expect(failed.results).toEqual({
      one: 'applied',
      two: 'failed',
      three: 'skipped',
      four: 'applied',
    });
    expect(failed.unit('three').blockedBy).toEqual(['two']);
    expect(failed.unit('two').failure?.next).toBe('read it all: platform logs two');
    const { stdout } = await platform(['runs', 'show'], { cwd: tree.root });
    expect(stdout).toMatch(/NEXT[\s\S]*platform apply prod --resume/);

    await tree.write('fixed', '');
    const resumed = await run(['apply', 'prod', '--resume', '--yes']);
    expect(resumed.exitCode).toBe(0);
    expect(resumed.results).toEqual({ two: 'applied', three: 'applied' });
    expect(resumed.record.from).toBe(failed.record.run);
    expect(await stateText(tree, 'prod/other')).toBeUndefined();
    // Then nothing is left of either.
    const again = await run(['apply', 'prod', '--resume', '--yes']);
    expect(again.exitCode).toBe(0);
    expect(again.results).toEqual({});
  });

  const MAY_WAIT = `
resource "terraform_data" "slow" {
  input = "one"
  provisioner "local-exec" {
    command = "touch '${TOP}/begun'; while [ -e '${TOP}/begun' ] && [ ! -e '${TOP}/fixed' ]; do sleep 0.1; done"
  }
}
`;
  const interruptedApply = async () => {
    const apply = start('apply', 'prod', '--yes', '--parallelism', '1');
    await untilFile('begun');
    process.kill(apply.pid ?? 0, 'SIGINT');
    const { exitCode } = await apply;
    expect(exitCode).toBe(130);
    expect(await livingTerraforms(tree)).toEqual([]);
  };

  test('after an interrupt, what was left half made is made anew though that was not shown', async () => {
    tree = await makeForeignTree({
      'prod/a': { extra: MAY_WAIT },
      'prod/b': { from: ['prod/a'] },
      'prod/c': {},
    });
    await interruptedApply();
    await tree.write('fixed', '');
    const resumed = await run(['apply', 'prod', '--resume', '--yes']);
    expect(resumed.exitCode).toBe(0);
    expect(resumed.results).toEqual({ a: 'applied', b: 'applied', c: 'applied' });
    expect(resumed.unit('a').resources).toMatchObject([
      {
        address: 'terraform_data.slow',
        actions: ['replace'],
        reason: 'replace_because_tainted',
      },
    ]);
  });

  test.each([
    {
      name: 'a resource more',
      change: 'resource "terraform_data" "more" { input = "one" }\n',
      says: 'not approved: create terraform_data.more was not shown',
    },
    {
      name: 'an output more',
      change: 'output "more" { value = "one" }\n',
      says: 'not approved: output "more" changes too',
    },
  ])('--resume --yes does not do what was never shown: $name', async ({ change, says }) => {
    tree = await makeForeignTree({ 'prod/a': { extra: MAY_WAIT }, 'prod/b': { from: ['prod/a'] } });
    await interruptedApply();
    const before = await stateText(tree, 'prod/a');
    await tree.write('fixed', '');
    await tree.write('prod/a/more.tf', change);
    const resumed = await run(['apply', 'prod', '--resume', '--yes']);
    expect(resumed.exitCode).toBe(3);
    expect(resumed.results).toEqual({ a: 'failed', b: 'skipped' });
    expect(resumed.unit('a').failure).toMatchObject({
      kind: 'refused',
      summary: says,
      next: 'see what is new and approve it: platform apply prod a',
    });
    expect(await stateText(tree, 'prod/a')).toBe(before);
  });

  test('what --resume refused is not approved by having been refused', async () => {
    tree = await makeForeignTree({ 'prod/a': { extra: MAY_WAIT } });
    await interruptedApply();
    await tree.write('fixed', '');
    await tree.write('prod/a/more.tf', 'resource "terraform_data" "more" { input = "one" }\n');
    expect((await run(['apply', 'prod', '--resume', '--yes'])).exitCode).toBe(3);
    const again = await run(['apply', 'prod', '--resume', '--yes']);
    expect(again.exitCode).toBe(3);
    expect(again.results).toEqual({ a: 'failed' });
    expect(await stateText(tree, 'prod/a')).not.toContain('"more"');
  });

  test('nor is what --approved refused, when that run is resumed', async () => {
    tree = await makeForeignTree({ 'prod/a': {} });
    expect((await run(['apply', 'prod', '--yes'])).exitCode).toBe(0);
    await tree.write('prod/a/terragrunt.hcl', unitHcl('prod/a', { value: 'two' }));
    const { record } = await run(['plan', 'prod']);
    expect(record.units[0]?.resources).toMatchObject([{ actions: ['update'] }]);
    const remove = ['--working-dir', 'prod/a', '--', 'state', 'rm', 'terraform_data.this'];
    expect((await plainTerragrunt(tree, remove)).exitCode).toBe(0);
    const approved = join('.platform/runs', record.run, 'run.json');
    const refused = await run(['apply', 'prod', '--approved', approved, '--yes']);
    expect(refused.exitCode).toBe(3);
    expect(refused.unit('a').failure?.summary).toBe(
      'not approved: create terraform_data.this was not shown',
    );
    const resumed = await run(['apply', 'prod', '--resume', '--yes']);
    expect(resumed.exitCode).toBe(3);
    expect(await stateText(tree, 'prod/a')).not.toContain('terraform_data');
  });

  test('--resume --yes does not replace what somebody else marked to be replaced', async () => {
    tree = await makeForeignTree({
      'prod/a': { extra: MAY_WAIT },
      'prod/b': { from: ['prod/a'] },
      'prod/c': {},
    });
    expect((await run(['apply', 'prod', 'c', '--yes'])).exitCode).toBe(0);
    await tree.write('prod/c/terragrunt.hcl', unitHcl('prod/c', { value: 'two' }));
    await interruptedApply();
    const taint = ['--working-dir', 'prod/c', '--', 'taint', 'terraform_data.this'];
    expect((await plainTerragrunt(tree, taint)).exitCode).toBe(0);
    const before = await stateText(tree, 'prod/c');
    await tree.write('fixed', '');
    const resumed = await run(['apply', 'prod', '--resume', '--yes']);
    expect(resumed.exitCode).toBe(3);
    expect(resumed.results).toEqual({ a: 'applied', b: 'applied', c: 'failed' });
    expect(resumed.unit('c').failure?.summary).toBe(
      'not approved: replace terraform_data.this was not shown',
    );
    expect(await stateText(tree, 'prod/c')).toBe(before);
  });

  test('plan --retry plans what failed or waited, and nothing else', async () => {
    tree = await makeForeignTree({
      'prod/a': {},
      'prod/b': { extra: 'resource "terraform_data" "not" { input = file("fixed") }\n' },
      'prod/c': { from: ['prod/a'] },
    });
    const waits = unitHcl('prod/c', { from: ['prod/a'] }).replaceAll(/^ *mock_outputs.*\n/gm, '');
    await tree.write('prod/c/terragrunt.hcl', waits);
    const first = await run(['plan', 'prod']);
    expect(first.exitCode).toBe(1);
    expect(first.results).toEqual({ a: 'planned', b: 'failed', c: 'planned' });
    expect(first.labels).toEqual({ a: 'exact', b: 'unknown', c: 'unknown' });
    const again = await run(['plan', 'prod', '--retry']);
    expect(again.exitCode).toBe(1);
    expect(again.results).toEqual({ b: 'failed', c: 'planned' });
    await tree.write('prod/b/fixed', 'one');
    expect((await run(['apply', 'prod', 'a', '--yes'])).exitCode).toBe(0);
    const mended = await run(['plan', 'prod', '--retry']);
    expect(mended.exitCode).toBe(0);
    expect(mended.labels).toEqual({ b: 'exact', c: 'exact' });
  });
});

describe('combinations that mean nothing', () => {
  beforeAll(async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'stage/a': {} });
  });
  afterAll(() => tree.remove());

  test.each([
    {
      name: '--run with --resume',
      args: ['apply', 'prod', '--yes', '--run', '20200101-000000-abcd', '--resume'],
      says: /--run and --resume cannot go together[\s\S]*next: +choose one/,
    },
    {
      name: '--run with --approved',
      args: ['apply', 'prod', '--yes', '--run', '20200101-000000-abcd', '--approved', 'run.json'],
      says: /--run and --approved cannot go together/,
    },
    {
      name: '--resume with --changed',
      args: ['apply', 'prod', '--yes', '--resume', '--changed'],
      says: /--resume and --changed cannot go together/,
    },
    {
      name: 'a plan that is not there',
      args: ['apply', 'prod', '--yes', '--run', '20200101-000000-abcd'],
      says: /there is no run "20200101-000000-abcd"[\s\S]*next: +platform runs list/,
    },
    {
      name: 'an apply that is not there',
      args: ['apply', 'prod', '--yes', '--resume', '20200101-000000-abcd'],
      says: /there is no run "20200101-000000-abcd"/,
    },
    {
      name: '--resume before any apply',
      args: ['apply', 'prod', '--yes', '--resume'],
      says: /there is no apply of "prod" to resume/,
    },
    {
      name: 'an approval that is not there',
      args: ['apply', 'prod', '--yes', '--approved', 'nowhere.json'],
      says: /there is no file ".*nowhere\.json"/,
    },
    {
      name: '--retry before any plan',
      args: ['plan', 'prod', '--retry'],
      says: /there is no plan of "prod" to try again/,
    },
    {
      name: '--only something else',
      args: ['apply', 'prod', '--yes', '--only', 'some'],
      says: /'some' is invalid/,
    },
  ])('$name: refused before anything starts', async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await platform(args, { cwd: tree.root });
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(64);
    expect(stdout).toBe('');
    expect(existsSync(join(tree.root, '.platform/runs'))).toBe(false);
    expect(existsSync(join(tree.root, '.states'))).toBe(false);
  });

  test('--allow-destroy that names nothing: nothing is applied', async () => {
    const args = ['apply', 'prod', '--yes', '--allow-destroy', 'terraform_data.thsi'];
    const { exitCode, stdout } = await platform(args, { cwd: tree.root });
    const flat = stdout.replaceAll(/\s+/g, ' ');
    expect(flat).toContain('REFUSED nothing was applied: 1 reason');
    expect(flat).toContain(
      '--allow-destroy names "terraform_data.thsi", which nothing here takes away take the address from the summary, or leave the flag out',
    );
    expect(exitCode).toBe(64);
    expect(await stateText(tree, 'prod/a')).toBeUndefined();
  });

  test('a run of another environment is not resumed', async () => {
    const { record } = await run(['apply', 'stage', '--yes']);
    const args = ['apply', 'prod', '--yes', '--resume', record.run];
    const { exitCode, stderr } = await platform(args, { cwd: tree.root });
    expect(stderr).toContain(`run ${record.run} is no apply of "prod"`);
    expect(exitCode).toBe(64);
    expect(await stateText(tree, 'prod/a')).toBeUndefined();
  });
});

describe('a state lock in S3', () => {
  let sandbox: SmallSandbox;
  const lockOf = (unit: string) => sandbox.object(`small/${unit}/terraform.tfstate.tflock`);
  const stateOf = (unit: string) => sandbox.object(`small/${unit}/terraform.tfstate`);

  beforeAll(async () => {
    sandbox = await makeSmallSandbox({
      'small/a': {},
      'small/b': { from: ['small/a'] },
      'small/c': {},
      'small/d': { extra: WAITS_TO_GO },
    });
    tree = sandbox.tree;
  });
  afterAll(() => sandbox.remove());

  test('that somebody else holds: 4, with who and since when; it stays theirs, and the rest goes on', async () => {
    const theirs = JSON.stringify({
      ID: '6c1e8f0a-2f4b-4e55-9d0e-8a2b1c3d4e5f',
      Operation: 'OperationTypeApply',
      Who: 'ana@laptop',
      Version: '1.11.4',
      Created: '2026-11-22T10:41:00.5Z',
    });
    await sandbox.putObject('small/a/terraform.tfstate.tflock', theirs);
    const planned = await run(['plan', 'small', 'a']);
    expect(planned.exitCode).toBe(4);
    const applied = await run(['apply', 'small', 'a', 'b', 'c']);
    expect(applied.exitCode).toBe(4);
    expect(applied.results).toEqual({ a: 'failed', b: 'skipped', c: 'applied' });
    for (const { unit } of [planned, applied]) {
      const { kind, summary = '', next = '' } = unit('a').failure ?? {};
      expect(kind).toBe('locked');
      expect(summary).toMatch(/^the state is locked by ana@laptop since .*10:41:00/);
      expect(next).toMatch(/^wait; if .* dead: platform unlock small a/);
    }
    expect(applied.phases.a).toEqual(['plan']);
    expect(await lockOf('a')).toBe(theirs);
    expect(await stateOf('a')).toBeUndefined();
    expect(await stateOf('d')).toBeUndefined();
  });

  test('that a kill left behind: 4, and the command that is named takes it away', async () => {
    const killed = start('apply', 'small', 'd');
    await untilFile('begun');
    const left = (await lockOf('d')) ?? '';
    process.kill(killed.pid ?? 0, 'SIGKILL');
    for (const pid of await livingTerraforms(tree)) process.kill(pid, 'SIGKILL');
    await killed;
    await expect.poll(() => livingTerraforms(tree)).toEqual([]);
    await rm(join(tree.root, 'begun'));
    await tree.write('go', '');

    const locked = await platform(['apply', 'small', 'd'], { cwd: tree.root });
    expect(locked.exitCode).toBe(4);
    const { ID: id, Who: who } = JSON.parse(left) as { ID: string; Who: string };
    const flat = locked.stdout.replaceAll(/\s+/g, ' ');
    expect(flat).toContain(`FAILED d the state is locked by ${who} since `);
    expect(flat).toContain('if its holder is dead: platform unlock small d');
    expect(await lockOf('d')).toBe(left);

    // Where nobody can be asked, the id says that it was looked at.
    const unlock = (...args: string[]) =>
      platform(['unlock', 'small', 'd', ...args], { cwd: tree.root });
    const unasked = await unlock();
    expect(unasked.stderr).toMatch(/there is no terminal[\s\S]*say --id/);
    expect(unasked.exitCode).toBe(64);
    const another = await unlock('--id', '6c1e8f0a-2f4b-4e55-9d0e-8a2b1c3d4e5f');
    expect(another.stderr).toContain(id);
    expect(another.exitCode).toBe(4);
    expect(await lockOf('d')).toBe(left);
    expect((await unlock('--id', id)).exitCode).toBe(0);
    expect(await lockOf('d')).toBeUndefined();
    expect((await run(['apply', 'small', 'd'])).results).toEqual({ d: 'applied' });
    expect(await lockOf('d')).toBeUndefined();
  });
});

test('a state lock on the local disk that a plain Terraform holds: 4, with who and since when', async () => {
  tree = await makeForeignTree({ 'prod/a': {}, 'prod/c': {} });
  const state = join(tree.root, '.states/prod/a.tfstate');
  const backend = `terraform {\n  backend "local" { path = "${state}" }\n}\n`;
  await tree.write('plain/main.tf', backend + WAITS_TO_GO.replaceAll('/../../../../..', '/..'));
  const options = { cwd: join(tree.root, 'plain'), stdin: 'ignore' } as const;
  const terraform = await toolPath('terraform');
  await execa(terraform, ['init', '-input=false'], options);
  const holder = execa(terraform, ['apply', '-auto-approve'], { ...options, reject: false });
  await untilFile('begun');
  const { exitCode, stdout } = await platform(['apply', 'prod', '--yes'], { cwd: tree.root });
  await tree.write('go', '');
  const held = await holder;
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    new RegExp(`FAILED a the state is locked by ${userInfo().username}@\\S+ since 20\\d\\d-`),
  );
  expect(exitCode).toBe(4);
  expect(held.exitCode).toBe(0);
  expect(await stateText(tree, 'prod/a')).toContain('"slow"');
  expect(await stateText(tree, 'prod/c')).toContain('"this"');
  await tree.remove();
});

test('a state lock behind HTTP, where Terraform names itself as the holder: the id is the real one', async () => {
  const server = await startStateServer();
  tree = await makeForeignTree({ 'prod/a': {} });
  await tree.write('root.hcl', server.rootHcl);
  const id = '6c1e8f0a-2f4b-4e55-9d0e-8a2b1c3d4e5f';
  server.locks.set('prod/a', JSON.stringify({ ID: id, Who: 'ana@laptop' }));
  const locked = await run(['plan', 'prod']);
  const unlocked = await platform(['unlock', 'prod', 'a', '--id', id], { cwd: tree.root });
  await tree.remove();
  server.close();
  expect(locked.exitCode).toBe(4);
  expect(locked.unit('a').failure?.summary).not.toContain(hostname());
  expect(unlocked.stderr).not.toContain('is not the lock that is held');
  expect(unlocked.exitCode).toBe(0);
  expect([...server.locks]).toEqual([]);
});

describe('a backend that dies in the middle of an apply', () => {
  let server: StateServer;
  let applied: WatchedRun;
  /** What a person pastes, in the tree. */
  const paste = async (command: string) => {
    const folders = await Promise.all(['terragrunt', 'terraform'].map(toolPath));
    const PATH = [...folders.map((path) => dirname(path)), process.env.PATH].join(delimiter);
    return execa('sh', ['-c', command], { cwd: tree.root, env: { PATH }, reject: false });
  };
  const dies = async (...methods: readonly string[]) => {
    const apply = watchedRun(tree, ['apply', 'prod', '--yes']);
    await untilFile('begun');
    server.refuse('prod/a', ...methods);
    await tree.write('go', '');
    applied = await apply;
  };
  const kept = () => join(unitRecordFolder(tree, applied.record, 'a'), 'errored.tfstate');

  beforeEach(async () => {
    server = await startStateServer();
    tree = await makeForeignTree({
      'prod/a': { extra: WAITS_TO_GO },
      'prod/b': { from: ['prod/a'] },
      'prod/c': {},
    });
    await tree.write('root.hcl', server.rootHcl);
  });
  afterEach(async () => {
    await tree.remove();
    server.close();
  });

  test('the state is kept for its owner alone, and nothing is made twice before it is pushed', async () => {
    await dies('POST');
    expect(applied.exitCode).not.toBe(0);
    expect(applied.results).toEqual({ a: 'failed', b: 'skipped', c: 'applied' });
    expect(applied.unit('a').failure).toMatchObject({
      kind: 'failed',
      summary: 'a state that could not be saved waits to be pushed',
    });
    expect((await stat(kept())).mode & 0o777).toBe(0o600);
    expect(await readFile(kept(), 'utf8')).toContain('"slow"');
    server.refuse('prod/a');

    const again = await run(['apply', 'prod', '--yes']);
    expect(again.exitCode).toBe(3);
    expect(again.results).toEqual({ a: 'failed', b: 'skipped', c: 'unchanged' });
    expect(again.phases.a).toEqual(['plan']);
    expect(again.unit('a').failure?.summary).toContain('waits to be pushed');
    expect(server.states.has('prod/a')).toBe(false);

    const pushed = await paste(again.unit('a').failure?.next ?? '');
    expect(pushed.stderr).not.toContain('Error');
    expect(pushed.exitCode).toBe(0);
    expect(server.states.get('prod/a')).toContain('"slow"');
    const done = await run(['apply', 'prod', '--yes']);
    expect(done.exitCode).toBe(0);
    expect(done.results).toEqual({ a: 'unchanged', b: 'applied', c: 'unchanged' });
    expect([...server.locks]).toEqual([]);
  });

  test('a lock that it did not take back is named, with what takes it away', async () => {
    await dies('POST', 'UNLOCK');
    expect([...server.locks.keys()]).toContain('prod/a');
    const { stdout } = await platform(['runs', 'show'], { cwd: tree.root });
    expect(stdout).toMatch(/unlock/);
  });

  test('that is a failure of this run, 1: nothing was refused yet', async () => {
    await dies('POST');
    expect(applied.exitCode).toBe(1);
  });
});

describe('two applies at once', () => {
  /** Stands where only our own lock is held: Terraform has not begun. */
  const waitingHook = (unit: string) => `
terraform {
  before_hook "wait" {
    commands = ["apply"]
    execute  = ["sh", "-c", "touch ${tree.root}/begun-${unit}; while [ -e ${tree.root}/begun-${unit} ] && [ ! -e ${tree.root}/go ]; do sleep 0.1; done"]
  }
}
`;
  const applying = async (unit: string) => {
    await tree.write(
      `prod/${unit}/terragrunt.hcl`,
      unitHcl(`prod/${unit}`, {}) + waitingHook(unit),
    );
    const apply = start('--json', 'apply', 'prod', unit, '--yes');
    await waitForLine(apply, new RegExp(`^${unit}: applying`));
    await untilFile(`begun-${unit}`);
    // A process is a promise too: what is returned bare is waited for.
    return { apply };
  };
  const ourLocks = () => readdir(join(tree.root, '.platform/locks'));
  const recordIn = (stdout: string) => JSON.parse(stdout) as RunRecord;

  beforeEach(async () => {
    tree = await makeForeignTree({ 'prod/a': {}, 'prod/b': { from: ['prod/a'] }, 'prod/c': {} });
  });
  afterEach(() => tree.remove());

  test('of one unit: the second gets 4, with user, run and since when; a plan is not kept waiting', async () => {
    const { apply: first } = await applying('a');
    const { stdout: shown } = await platform(['--json', 'runs', 'show'], { cwd: tree.root });
    const { run: id } = recordIn(shown);
    const second = await platform(['--json', 'apply', 'prod', '--yes'], { cwd: tree.root });
    const plan = await platform(['--json', 'plan', 'prod'], { cwd: tree.root });
    await tree.write('go', '');
    const ended = await first;

    expect(second.exitCode).toBe(4);
    const units = Object.fromEntries(
      recordIn(second.stdout).units.map((unit) => [unit.unit, unit] as const),
    );
    expect(units.a?.result).toBe('failed');
    expect(units.b).toMatchObject({ result: 'skipped', blockedBy: ['a'] });
    expect(units.c?.result).toBe('applied');
    expect(units.a?.failure).toMatchObject({
      kind: 'locked',
      summary: expect.stringMatching(
        new RegExp(
          `^is being applied by ${userInfo().username}@${hostname()} in run ${id} since \\d\\d:\\d\\d:\\d\\d UTC 20\\d\\d-\\d\\d-\\d\\d$`,
        ),
      ),
      next: `wait, or look at it: platform runs show ${id}`,
    });
    expect(plan.exitCode).toBe(0);
    expect(ended.exitCode).toBe(0);
    expect(recordIn(ended.stdout).run).toBe(id);
    expect(await ourLocks()).toEqual([]);
    expect((await run(['apply', 'prod', '--yes'])).results).toEqual({
      a: 'unchanged',
      b: 'applied',
      c: 'unchanged',
    });
  });

  test('of two units: both are done', async () => {
    const both = [await applying('a'), await applying('c')];
    expect(await ourLocks()).toHaveLength(2);
    await tree.write('go', '');
    const ended = await Promise.all(both.map(({ apply }) => apply));
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await ourLocks()).toEqual([]);
  });

  test('a CLI that was killed keeps nobody out once its Terraform has ended', async () => {
    await tree.write('prod/a/slow.tf', WAITS_TO_GO);
    const killed = start('apply', 'prod', 'a', '--yes');
    await untilFile('begun');
    process.kill(killed.pid ?? 0, 'SIGKILL');
    await killed;
    expect(await ourLocks()).toHaveLength(1);
    expect(await livingTerraforms(tree)).toHaveLength(1);
    const meanwhile = await platform(['apply', 'prod', 'a', '--yes'], { cwd: tree.root });
    await tree.write('go', '');
    expect(meanwhile.exitCode).toBe(4);
    expect(meanwhile.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /the state is locked by \S+@\S+ since/,
    );
    await expect.poll(() => livingTerraforms(tree), { timeout: 60_000 }).toEqual([]);
    expect(await stateText(tree, 'prod/a')).toContain('"slow"');

    await tree.write('prod/a/terragrunt.hcl', unitHcl('prod/a', { value: 'two' }));
    const next = await run(['apply', 'prod', '--yes']);
    expect(next.exitCode).toBe(0);
    expect(next.results).toEqual({ a: 'applied', b: 'applied', c: 'applied' });
  });
});
