import { afterEach, describe, expect, test } from 'vitest';
import { type ForeignTree, type ForeignUnit, makeForeignTree } from '../support/foreign-tree.ts';
import { plainTerragrunt } from '../support/plain-terragrunt.ts';
import { platform } from '../support/platform.ts';
import { unitFile } from '../support/unit-file.ts';
import { allStates, outputsOf, stateText, watchedRun } from '../support/watched-run.ts';

let tree: ForeignTree;
afterEach(() => tree.remove());

/** Units of the environment `prod`: a module of the tree's kind, and a file of their own. */
async function makeTree(
  units: Readonly<Record<string, ForeignUnit & { readonly file?: string }>>,
): Promise<void> {
  const paths = Object.entries(units).map(([name, unit]) => [`prod/${name}`, unit] as const);
  tree = await makeForeignTree(Object.fromEntries(paths));
  for (const [path, { file }] of paths) {
    if (file !== undefined) await tree.write(`${path}/terragrunt.hcl`, file);
  }
}

const run = (...args: string[]) => watchedRun(tree, args);

/** A row of a table, with its name where the title of the test takes it from. */
const named = <T extends { readonly name: string }>(row: T) => [row.name, row] as const;

/** The reader's own file, with the answers that stand in for outputs of `on`. */
function reads(on: string, settings: readonly string[], output = 'id'): string {
  return unitFile({ [on]: settings }, [`upstream = [dependency.${on}.outputs.${output}]`]);
}

const MOCKS = 'mock_outputs = { id = "canary-mock" }';
const FOR_PLANS = 'mock_outputs_allowed_terraform_commands = ["plan", "validate"]';

describe('mocks', () => {
  test('a new chain is planned on mocks and says so, --run refuses that, apply plans it again', async () => {
    await makeTree({
      a: { value: 'canary-a' },
      b: { file: reads('a', [MOCKS, FOR_PLANS]) },
      c: { file: reads('b', [MOCKS, FOR_PLANS]) },
    });
    const planned = await run('plan', 'prod');
    expect(planned.exitCode).toBe(0);
    expect(planned.labels).toEqual({ a: 'exact', b: 'mocked', c: 'mocked' });
    expect(planned.unit('b').reason).toBe('a has no outputs yet');
    expect(planned.unit('c').reason).toBe('b has no outputs yet');
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(2);

    const refused = await run('apply', 'prod', '--run', planned.record.run, '--yes');
    expect(refused.exitCode).toBe(3);
    expect(refused.record.refused.map(({ unit, why }) => ({ unit, why }))).toEqual([
      { unit: 'b', why: 'it was planned on mocks: a has no outputs yet' },
      { unit: 'c', why: 'it was planned on mocks: b has no outputs yet' },
    ]);
    expect(refused.phases).toEqual({ a: [], b: [], c: [] });
    expect(await allStates(tree)).toBe('');
    const told = await platform(['runs', 'show'], { cwd: tree.root });
    expect(told.stdout).toMatch(/REFUSED +b +it was planned on mocks[\s\S]*platform plan prod/);

    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.phases).toEqual({
      a: ['plan', 'apply'],
      b: ['plan', 'replan', 'apply'],
      c: ['plan', 'replan', 'apply'],
    });
    expect(await allStates(tree)).not.toContain('canary-mock');
    expect(await outputsOf(tree, 'prod/c')).toEqual({ id: 'canary-a one one' });
    const after = await run('plan', 'prod', '--detailed-exitcode');
    expect(after.exitCode).toBe(0);
    expect(after.labels).toEqual({ a: 'no-changes', b: 'no-changes', c: 'no-changes' });
  });

  test.each(
    [
      { name: 'no allow-list', settings: [MOCKS] },
      {
        name: 'an empty allow-list',
        settings: [MOCKS, 'mock_outputs_allowed_terraform_commands = []'],
      },
      {
        name: 'an allow-list with apply in it',
        settings: [MOCKS, 'mock_outputs_allowed_terraform_commands = ["plan", "apply"]'],
      },
      {
        name: 'a shallow merge',
        settings: [MOCKS, 'mock_outputs_merge_strategy_with_state = "shallow"'],
      },
      {
        name: 'a deep merge',
        settings: [MOCKS, 'mock_outputs_merge_strategy_with_state = "deep_map_only"'],
      },
    ].map(named),
  )('%s lets no mock into a state', async (_, { settings }) => {
    await makeTree({ a: { value: 'canary-a' }, b: { file: reads('a', settings) } });
    const planned = await run('plan', 'prod');
    expect(planned.exitCode).toBe(0);
    expect(planned.labels).toEqual({ a: 'exact', b: 'mocked' });
    expect(planned.unit('b').reason).toBe('a has no outputs yet');
    const refused = await run('apply', 'prod', '--run', planned.record.run, '--yes');
    expect(refused.exitCode).toBe(3);
    expect(await allStates(tree)).toBe('');
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.phases.b).toEqual(['plan', 'replan', 'apply']);
    expect(await allStates(tree)).not.toContain('canary-mock');
    expect(await outputsOf(tree, 'prod/b')).toEqual({ id: 'canary-a one' });
    // Real outputs are there, and the mocks add nothing to them.
    await tree.write('prod/b/terragrunt.hcl', `${reads('a', settings)}# edited\n`);
    const after = await run('plan', 'prod', '--detailed-exitcode');
    expect(after.exitCode).toBe(0);
    expect(after.labels).toEqual({ a: 'no-changes', b: 'no-changes' });
  });

  /** What `a` has below a map, for mocks that know one key more. */
  const NET = 'output "net" {\n  value = { cidr = terraform_data.this.output }\n}\n';

  test.each(
    [
      {
        name: 'shallow: a key that the state lacks',
        settings: [
          'mock_outputs = { extra = "canary-mock" }',
          'mock_outputs_merge_strategy_with_state = "shallow"',
        ],
        output: 'extra',
        lacks: 'extra',
      },
      {
        name: 'deep: a key below a map that the state lacks',
        settings: [
          'mock_outputs = { net = { cidr = "canary-mock", zone = "canary-mock" } }',
          'mock_outputs_merge_strategy_with_state = "deep_map_only"',
        ],
        output: 'net.zone',
        lacks: 'net.zone',
      },
      {
        name: 'the old switch: a key that the state lacks',
        settings: [
          'mock_outputs = { extra = "canary-mock" }',
          'mock_outputs_merge_with_state = true',
        ],
        output: 'extra',
        lacks: 'extra',
      },
    ].map(named),
  )('merged in silence, %s is called mocked and is never applied', async (_, merged) => {
    await makeTree({
      a: { value: 'canary-a', extra: NET },
      b: { file: reads('a', merged.settings, merged.output) },
      c: { file: reads('b', [MOCKS]) },
      d: { value: 'canary-d' },
    });
    expect((await run('apply', 'prod', 'a', '--yes')).exitCode).toBe(0);
    const planned = await run('plan', 'prod');
    expect(planned.exitCode).toBe(0);
    expect(planned.unit('b')).toMatchObject({
      label: 'mocked',
      reason: `a lacks "${merged.lacks}" in its state`,
    });
    const refused = await run('apply', 'prod', '--run', planned.record.run, '--yes');
    expect(refused.exitCode).toBe(3);
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(3);
    expect(applied.results).toEqual({ a: 'unchanged', b: 'failed', c: 'skipped', d: 'applied' });
    expect(applied.unit('b').failure?.summary).toContain(`lacks "${merged.lacks}"`);
    expect(applied.unit('c').blockedBy).toEqual(['b']);
    expect(await stateText(tree, 'prod/b')).toBeUndefined();
    expect(await allStates(tree)).not.toContain('canary-mock');
  });

  test.each(
    [
      {
        name: 'shallow: all keys that are read are in the state',
        settings: [
          'mock_outputs = { id = "canary-mock", extra = "canary-mock" }',
          'mock_outputs_merge_strategy_with_state = "shallow"',
        ],
        output: 'id',
      },
      {
        name: 'deep: the map in the state has every key',
        settings: [
          'mock_outputs = { net = { cidr = "canary-mock" } }',
          'mock_outputs_merge_strategy_with_state = "deep_map_only"',
        ],
        output: 'net.cidr',
      },
      { name: 'no merge: the state has outputs', settings: [MOCKS], output: 'id' },
    ].map(named),
  )('a plan is exact where %s', async (_, { settings, output }) => {
    await makeTree({
      a: { value: 'canary-a', extra: NET },
      b: { file: reads('a', settings, output) },
    });
    expect((await run('apply', 'prod', 'a', '--yes')).exitCode).toBe(0);
    const planned = await run('plan', 'prod');
    expect(planned.labels).toEqual({ a: 'no-changes', b: 'exact' });
    const applied = await run('apply', 'prod', '--run', planned.record.run, '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.phases).toEqual({ a: [], b: ['apply'] });
    expect(await outputsOf(tree, 'prod/b')).toMatchObject({ id: 'canary-a one' });
  });

  test('a key that upstream gets in the same run is real at the turn of who reads it', async () => {
    const merged = [
      'mock_outputs = { extra = "canary-mock" }',
      'mock_outputs_merge_strategy_with_state = "shallow"',
    ];
    const file = unitFile({}, ['value = "canary-a"']);
    await makeTree({ a: { file }, b: { file: reads('a', merged, 'extra') } });
    expect((await run('apply', 'prod', 'a', '--yes')).exitCode).toBe(0);
    await tree.write('prod/a/extra.tf', 'output "extra" {\n  value = "canary-extra"\n}\n');
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.labels).toEqual({ a: 'exact', b: 'mocked' });
    expect(await outputsOf(tree, 'prod/b')).toEqual({ id: 'canary-extra one' });
    expect(await allStates(tree)).not.toContain('canary-mock');
  });

  test('what exists and was planned on mocks is not changed, though its real inputs are there at its turn', async () => {
    const merged = [
      'mock_outputs = { extra = "canary-mock" }',
      'mock_outputs_merge_strategy_with_state = "shallow"',
    ];
    await makeTree({ a: { value: 'canary-a' }, b: { file: reads('a', [MOCKS]) } });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    const extra = 'resource "terraform_data" "extra" {}\n';
    const output = 'output "extra" {\n  value = terraform_data.extra.id\n}\n';
    await tree.write('prod/a/extra.tf', extra + output);
    await tree.write('prod/b/terragrunt.hcl', reads('a', merged, 'extra'));
    const before = await stateText(tree, 'prod/b');
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.labels).toEqual({ a: 'exact', b: 'mocked' });
    expect(applied.exitCode).toBe(3);
    expect(applied.results).toEqual({ a: 'applied', b: 'failed' });
    expect(applied.unit('b').failure?.summary).toBe('not approved: update terraform_data.this');
    expect(await stateText(tree, 'prod/b')).toBe(before);
    const again = await run('apply', 'prod', '--yes');
    expect(again.labels).toEqual({ a: 'no-changes', b: 'exact' });
    expect(again.exitCode).toBe(0);
    expect(await outputsOf(tree, 'prod/b')).not.toMatchObject({ id: 'canary-a one' });
  });

  test('what exists and was planned on mocks is left as it is; who reads it is no more than provisional', async () => {
    await makeTree({
      a: { value: 'canary-a' },
      b: { file: reads('a', [MOCKS]) },
      c: { file: reads('b', [MOCKS]) },
    });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    const before = await allStates(tree);
    const merged = [
      'mock_outputs = { extra = "canary-mock" }',
      'mock_outputs_merge_strategy_with_state = "shallow"',
    ];
    await tree.write('prod/b/terragrunt.hcl', reads('a', merged, 'extra'));
    const planned = await run('plan', 'prod');
    expect(planned.labels).toEqual({ a: 'no-changes', b: 'mocked', c: 'provisional' });
    expect(planned.unit('c').reason).toContain('b is on mocks');
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(3);
    expect(applied.results).toEqual({ a: 'unchanged', b: 'failed', c: 'skipped' });
    expect(await allStates(tree)).toBe(before);
  });

  test.each(
    [
      {
        name: 'skip_outputs',
        settings: [MOCKS, 'skip_outputs = true'],
        why: 'has skip_outputs set',
      },
      {
        name: 'enabled = false',
        settings: [MOCKS, 'enabled = false'],
        why: /^a .*enabled = false/,
      },
    ].map(named),
  )('%s puts mocks in the place of outputs, always: such a unit is not applied', async (_, off) => {
    await makeTree({
      a: { value: 'canary-a' },
      b: { file: reads('a', off.settings) },
      c: { file: reads('b', [MOCKS]) },
      d: { value: 'canary-d' },
    });
    const planned = await run('plan', 'prod');
    expect(planned.exitCode).toBe(0);
    expect(planned.unit('b')).toMatchObject({
      label: 'mocked',
      reason: expect.stringMatching(off.why),
    });
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(3);
    expect(applied.results).toEqual({ a: 'applied', b: 'failed', c: 'skipped', d: 'applied' });
    expect(applied.unit('b').failure).toMatchObject({ kind: 'refused' });
    expect(applied.phases.b).toEqual(['plan', 'replan']);
    expect(await stateText(tree, 'prod/b')).toBeUndefined();
    expect(await allStates(tree)).not.toContain('canary-mock');
    // Outputs are there now, and still it is the mocks that are taken.
    const again = await run('plan', 'prod', 'b');
    expect(again.unit('b')).toMatchObject({
      label: 'mocked',
      reason: expect.stringMatching(off.why),
    });
    const told = await platform(['runs', 'show', applied.record.run], { cwd: tree.root });
    expect(told.stdout).toMatch(/REFUSED +b +planned on mock outputs even now/);
    expect(told.stdout).toContain('let its files read real outputs');
  });

  test('a dependency outside of the selection is not started: without a state it is a mock, with one it is real', async () => {
    await makeTree({
      a: { value: 'canary-a' },
      b: { file: reads('a', [MOCKS, FOR_PLANS]) },
    });
    const planned = await run('plan', 'prod', 'b');
    expect(planned.labels).toEqual({ b: 'mocked' });
    const refused = await run('apply', 'prod', 'b', '--yes');
    expect(refused.exitCode).toBe(3);
    expect(refused.unit('b').failure).toMatchObject({
      summary: expect.stringContaining('a has no outputs yet'),
      next: expect.stringContaining('platform apply prod a'),
    });
    expect(await allStates(tree)).toBe('');

    expect((await run('apply', 'prod', 'a', '--yes')).exitCode).toBe(0);
    const before = await stateText(tree, 'prod/a');
    const applied = await run('apply', 'prod', 'b', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.labels).toEqual({ b: 'exact' });
    expect(applied.phases).toEqual({ b: ['plan', 'apply'] });
    expect(await stateText(tree, 'prod/a')).toBe(before);
    expect(await outputsOf(tree, 'prod/b')).toEqual({ id: 'canary-a one' });
  });
});

/** An output whose new value is known before anything is applied. */
const KNOWN = 'output "known" {\n  value = terraform_data.this.input\n}\n';

/** A resource that is made anew with the value; nobody knows its next id. */
const IDENTITY = `
resource "terraform_data" "identity" {
  triggers_replace = var.value
}

output "identity" {
  value = terraform_data.identity.id
}
`;

/** Answers for a tree that was never applied. */
const ANY = ['mock_outputs = { id = "m", known = "m", identity = "m" }', FOR_PLANS];

const setValue = (unit: string, value: string) =>
  tree.write(`prod/${unit}/terragrunt.hcl`, unitFile({}, [`value = "${value}"`]));

describe('a chain that hangs on an id that is made anew', () => {
  async function makeChain(): Promise<void> {
    await makeTree({
      a: { value: 'canary-1', extra: IDENTITY },
      b: { file: reads('a', ANY, 'identity') },
      c: { file: reads('b', ANY) },
    });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await setValue('a', 'canary-2');
  }

  test('plans of the others are empty and called provisional, and one apply makes the whole chain right', async () => {
    await makeChain();
    const planned = await run('plan', 'prod');
    expect(planned.labels).toEqual({ a: 'exact', b: 'provisional', c: 'provisional' });
    expect(planned.unit('a').changes).toMatchObject({ replace: 1, change: 1 });
    expect(planned.unit('b')).toMatchObject({
      isEmpty: true,
      reason: 'a.identity changes',
      plannedThrough: [],
    });
    expect(planned.unit('c')).toMatchObject({ isEmpty: true, reason: 'b is provisional' });
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.phases).toEqual({
      a: ['plan', 'apply'],
      b: ['plan', 'replan', 'apply'],
      c: ['plan', 'replan', 'apply'],
    });
    const { identity } = await outputsOf(tree, 'prod/a');
    expect(await outputsOf(tree, 'prod/c')).toEqual({ id: `${identity} one one` });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });

  test('saved plans of plain terragrunt leave it stale, and say that they succeeded', async () => {
    await makeChain();
    const { identity: old } = await outputsOf(tree, 'prod/a');
    const all = ['--all', '--working-dir', 'prod', '--out-dir', `${tree.root}/plans`, '--'];
    expect((await plainTerragrunt(tree, [...all, 'plan'])).exitCode).toBe(0);
    expect((await plainTerragrunt(tree, [...all, 'apply'])).exitCode).toBe(0);
    expect(await outputsOf(tree, 'prod/a')).not.toMatchObject({ identity: old });
    expect(await outputsOf(tree, 'prod/c')).toEqual({ id: `${old} one one` });
    const after = await run('plan', 'prod', '--detailed-exitcode');
    expect(after.exitCode).toBe(2);
    expect(after.labels).toMatchObject({ a: 'no-changes', b: 'exact', c: 'provisional' });
  });
});

describe('plans on outputs as they will be', () => {
  test('a known new value shows in every unit of a chain, and the apply of it leaves nothing to do', async () => {
    await makeTree({
      a: { value: 'canary-1', extra: KNOWN },
      b: { file: reads('a', ANY, 'known'), extra: KNOWN },
      c: { file: reads('b', ANY, 'known'), extra: KNOWN },
      d: { file: reads('c', ANY, 'known'), extra: KNOWN },
    });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await setValue('a', 'canary-2');

    const plain = await plainTerragrunt(tree, ['--all', '--working-dir', 'prod', '--', 'plan']);
    expect(plain.exitCode).toBe(0);
    expect(plain.said.match(/No changes\./g)).toHaveLength(3);

    const old = await run('plan', 'prod', '--no-plan-through');
    expect(old.record.units.map(({ changes }) => changes?.change)).toEqual([1, 0, 0, 0]);
    expect(old.record.units.map(({ label, reason }) => `${label}: ${reason}`)).toEqual([
      'exact: ',
      'provisional: a.known changes',
      'provisional: b is provisional',
      'provisional: c is provisional',
    ]);

    const planned = await run('plan', 'prod', '--detailed-exitcode');
    expect(planned.exitCode).toBe(2);
    expect(planned.record.units.map(({ changes }) => changes?.change)).toEqual([1, 1, 1, 1]);
    expect(planned.record.units.map(({ plannedThrough }) => plannedThrough)).toEqual([
      [],
      ['a.known'],
      ['b.known'],
      ['c.known'],
    ]);
    expect(planned.record.units.map(({ label, reason }) => `${label}: ${reason}`)).toEqual([
      'exact: ',
      'provisional: planned through a.known',
      'provisional: planned through b.known',
      'provisional: planned through c.known',
    ]);
    const shown = await platform(['show', 'd'], { cwd: tree.root });
    expect(shown.stdout).toMatch(/"canary-1 one one one" -> "canary-2 one one one"/);

    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.phases.d).toEqual(['plan', 'through', 'replan', 'apply']);
    expect(await outputsOf(tree, 'prod/d')).toMatchObject({ known: 'canary-2 one one one' });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });

  test('where one value is known and another is not, the other stays the old one', async () => {
    const both = ['upstream = [dependency.a.outputs.known, dependency.a.outputs.identity]'];
    await makeTree({
      a: { value: 'canary-1', extra: KNOWN + IDENTITY },
      b: { file: unitFile({ a: ANY }, both) },
    });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    const { identity: old } = await outputsOf(tree, 'prod/a');
    await setValue('a', 'canary-2');
    const planned = await run('plan', 'prod');
    expect(planned.unit('b')).toMatchObject({
      label: 'provisional',
      plannedThrough: ['a.known'],
      pending: ['a.identity changes'],
    });
    const shown = await platform(['show', 'b'], { cwd: tree.root });
    expect(shown.stdout).toContain(`"canary-1 ${old} one" -> "canary-2 ${old} one"`);
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    const { identity } = await outputsOf(tree, 'prod/a');
    expect(identity).not.toBe(old);
    expect(await outputsOf(tree, 'prod/b')).toEqual({ id: `canary-2 ${identity} one` });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });

  test('an output that upstream gets only now can be read at once', async () => {
    await makeTree({ a: { value: 'canary-1' }, b: { file: reads('a', ANY) } });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await tree.write('prod/a/known.tf', KNOWN);
    await tree.write('prod/a/terragrunt.hcl', unitFile({}, ['value = "canary-2"']));
    await tree.write('prod/b/terragrunt.hcl', reads('a', ANY, 'known'));
    const planned = await run('plan', 'prod');
    expect(planned.exitCode).toBe(0);
    expect(planned.unit('b')).toMatchObject({ label: 'provisional', plannedThrough: ['a.known'] });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    expect(await outputsOf(tree, 'prod/b')).toEqual({ id: 'canary-2 one' });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });

  /** Names a file of the value that is there once the value has been applied. */
  const WRITES = `
resource "terraform_data" "file" {
  triggers_replace = var.value
  provisioner "local-exec" {
    command = "echo '\${var.value}' >'\${path.root}/../../../../../\${var.value}'"
  }
}

output "known" {
  value = "\${abspath("\${path.root}/../../../../..")}/\${var.value}"
}
`;
  const READS = 'output "content" {\n  value = trimspace(file(var.upstream[0]))\n}\n';

  test('a plan that fails on the new value is made on the old one, and again at its turn', async () => {
    await makeTree({
      a: { value: 'canary-1', extra: WRITES },
      b: { file: reads('a', ANY, 'known'), extra: READS },
      c: { file: reads('b', ANY) },
    });
    expect((await run('apply', 'prod', 'a', '--yes')).exitCode).toBe(0);
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await setValue('a', 'canary-2');
    const planned = await run('plan', 'prod');
    expect(planned.exitCode).toBe(0);
    expect(planned.stderr).toContain('b: cannot be planned ahead: the plan on real outputs stands');
    expect(planned.unit('b')).toMatchObject({
      label: 'provisional',
      reason: 'a.known changes',
      plannedThrough: [],
      failure: null,
      isEmpty: true,
    });
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.phases.b).toEqual(['plan', 'through', 'replan', 'apply']);
    expect(await outputsOf(tree, 'prod/b')).toMatchObject({ content: 'canary-2' });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });

  test('a new value that a unit cannot bear fails there, at its turn, and stops who waits for it', async () => {
    const picky = `
resource "terraform_data" "picky" {
  lifecycle {
    precondition {
      condition     = !strcontains(var.upstream[0], "bad")
      error_message = "not with \${var.upstream[0]}"
    }
  }
}
`;
    await makeTree({
      a: { value: 'canary-1', extra: KNOWN },
      b: { file: reads('a', ANY, 'known'), extra: picky },
      c: { file: reads('b', ANY) },
      d: { file: reads('a', ANY, 'known') },
    });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await setValue('a', 'canary-bad');
    const planned = await run('plan', 'prod');
    expect(planned.exitCode).toBe(0);
    expect(planned.labels).toMatchObject({ b: 'provisional', c: 'provisional' });
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(1);
    expect(applied.results).toEqual({ a: 'applied', b: 'failed', c: 'skipped', d: 'applied' });
    expect(applied.unit('b').failure).toMatchObject({
      summary: 'Resource precondition failed',
      next: 'read it all: platform logs b',
    });
  });
});

describe('what makes a plan provisional', () => {
  const OTHER = `
variable "other" {
  type    = string
  default = "canary-other-1"
}

output "other" {
  value = var.other
}
`;
  const setOther = () =>
    tree.write('prod/a/terragrunt.hcl', unitFile({}, ['other = "canary-other-2"']));
  const behind = (unit: string) => `dependencies {\n  paths = ["../${unit}"]\n}`;

  test('not a change that touches no output that is read, nor an edge that only gives order', async () => {
    await makeTree({
      a: { extra: OTHER },
      reader: { file: reads('a', ANY) },
      ordered: { file: unitFile({}, [], [behind('a')]) },
      unread: { file: unitFile({ a: ANY }, []) },
      quiet: { file: reads('a', ANY) },
    });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await setOther();
    const own = 'value = "canary-own"';
    await tree.write(
      'prod/reader/terragrunt.hcl',
      unitFile({ a: ANY }, ['upstream = [dependency.a.outputs.id]', own]),
    );
    await tree.write('prod/ordered/terragrunt.hcl', unitFile({}, [own], [behind('a')]));
    await tree.write('prod/unread/terragrunt.hcl', unitFile({ a: ANY }, [own]));
    const applied = await run('apply', 'prod', '--yes');
    expect(applied.exitCode).toBe(0);
    expect(applied.labels).toEqual({
      a: 'exact',
      reader: 'exact',
      ordered: 'exact',
      unread: 'exact',
      quiet: 'no-changes',
    });
    expect(applied.unit('a').outputs).toEqual(['other']);
    expect(applied.phases).toEqual({
      a: ['plan', 'apply'],
      reader: ['plan', 'apply'],
      ordered: ['plan', 'apply'],
      unread: ['plan', 'apply'],
      quiet: ['plan'],
    });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });

  test('outputs that are taken as a whole, whichever of them changes', async () => {
    const whole = ['upstream = [jsonencode(dependency.a.outputs)]'];
    await makeTree({ a: { extra: OTHER }, b: { file: unitFile({ a: ANY }, whole) } });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    await setOther();
    const planned = await run('plan', 'prod');
    expect(planned.unit('b')).toMatchObject({ label: 'provisional', plannedThrough: ['a.other'] });
    const old = await run('plan', 'prod', '--no-plan-through');
    expect(old.unit('b')).toMatchObject({
      label: 'provisional',
      reason: 'a.other changes',
      isEmpty: true,
    });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    expect(JSON.stringify(await outputsOf(tree, 'prod/b'))).toContain('canary-other-2');
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });

  test('a data source that was read while something upstream changes', async () => {
    const seen = `
data "terraform_remote_state" "a" {
  backend = "local"
  config  = { path = "\${path.root}/../../../../../.states/prod/a.tfstate" }
}

resource "terraform_data" "seen" {
  input = data.terraform_remote_state.a.outputs.id
}

output "seen" {
  value = terraform_data.seen.output
}
`;
    await makeTree({
      a: { value: 'canary-1' },
      b: { file: unitFile({}, [], [behind('a')]), extra: seen },
    });
    expect((await run('apply', 'prod', 'a', '--yes')).exitCode).toBe(0);
    const quiet = await run('apply', 'prod', '--yes');
    expect(quiet.exitCode).toBe(0);
    expect(quiet.labels).toEqual({ a: 'no-changes', b: 'exact' });
    await setValue('a', 'canary-2');
    const planned = await run('plan', 'prod');
    expect(planned.unit('b')).toMatchObject({
      label: 'provisional',
      reason: 'data.terraform_remote_state.a was read before a changes',
      isEmpty: true,
    });
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    expect(await outputsOf(tree, 'prod/b')).toMatchObject({ seen: 'canary-2' });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });
});

describe('what a yes does not cover', () => {
  const INPUTS = 'variable "upstream" {\n  type = list(string)\n}\n';
  const ID = 'output "id" {\n  value = terraform_data.mark.id\n}\n';

  test.each(
    [
      {
        name: 'one attribute more in an update that was shown',
        // What was shown is a value that becomes a secret, and stays the same.
        module: (isNow: boolean) => `${INPUTS}
variable "secret" {
  type      = string
  default   = "canary-secret"
  sensitive = ${isNow}
}

resource "terraform_data" "mark" {
  input = [var.upstream[0], var.secret]
}
${ID}`,
        flags: [],
        shown: ['update'],
        says: /terraform_data\.mark also changes "input"/,
      },
      {
        name: 'one attribute more in a replacement that was shown',
        module: (isNow: boolean) => `${INPUTS}
resource "terraform_data" "mark" {
  input            = var.upstream[0]
  triggers_replace = ${isNow}
}
output "id" {
  value = "canary-steady"
}
`,
        flags: [],
        shown: ['replace'],
        says: /terraform_data\.mark also changes "input"/,
      },
      {
        name: 'a replacement that follows only at its turn',
        module: () => `${INPUTS}
resource "terraform_data" "mark" {
  triggers_replace = var.upstream[0]
}
${ID}`,
        flags: [],
        shown: [],
        says: /replace terraform_data\.mark was not shown/,
      },
      {
        name: 'a delete that follows only at its turn',
        module: () => `${INPUTS}
resource "terraform_data" "mark" {
  count = strcontains(var.upstream[0], "canary-1") ? 1 : 0
}
output "id" {
  value = "canary-steady"
}
`,
        flags: ['--no-plan-through'],
        shown: [],
        says: /delete terraform_data\.mark\[0\] was not shown/,
      },
    ].map(named),
  )('%s', async (_, { module, flags, shown, says }) => {
    const output = flags.length > 0 ? 'known' : 'identity';
    await makeTree({
      a: { value: 'canary-1', extra: IDENTITY + KNOWN },
      b: { file: reads('a', ANY, output) },
      c: { file: reads('b', ANY) },
      d: { file: reads('a', ANY, output) },
      e: { value: 'canary-1' },
    });
    await tree.write('prod/b/main.tf', module(false));
    expect((await run('apply', 'prod', '--yes')).exitCode).toBe(0);
    const before = await stateText(tree, 'prod/b');
    await setValue('a', 'canary-2');
    await setValue('e', 'canary-2');
    await tree.write('prod/b/main.tf', module(true));
    const planned = await run('plan', 'prod', ...flags);
    expect(planned.unit('b').label).toBe('provisional');
    expect(planned.unit('b').resources.flatMap(({ actions }) => actions)).toEqual(shown);

    const applied = await run('apply', 'prod', '--yes', ...flags);
    expect(applied.exitCode).toBe(3);
    expect(applied.results).toEqual({
      a: 'applied',
      b: 'failed',
      c: 'skipped',
      d: 'applied',
      e: 'applied',
    });
    expect(applied.phases.b).not.toContain('apply');
    expect(applied.stderr).toMatch(says);
    expect(await stateText(tree, 'prod/b')).toBe(before);
    const told = await platform(['runs', 'show'], { cwd: tree.root });
    expect(told.stdout).toMatch(/REFUSED +b +not approved/);
    expect(told.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'blocks c see what is new and approve it: platform apply prod b',
    );

    const again = await run('apply', 'prod', '--yes');
    expect(again.exitCode).toBe(0);
    expect(again.results).toMatchObject({ b: 'applied' });
    expect((await run('plan', 'prod', '--detailed-exitcode')).exitCode).toBe(0);
  });
});
