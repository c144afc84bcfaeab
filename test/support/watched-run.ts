import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import type { Phase, RunRecord, UnitRecord } from '../../src/domain/run-record.ts';
import type { ForeignTree } from './foreign-tree.ts';
import { platform } from './platform.ts';

/** Begins every value that these trees hold: nothing that is printed or recorded may contain it. */
export const CANARY = 'canary';

export interface WatchedRun {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly record: RunRecord;
  /** By unit. */
  readonly labels: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<string, string>>;
  /** By unit: what was begun in this run. */
  readonly phases: Readonly<Record<string, readonly Phase[]>>;
  unit(name: string): UnitRecord;
}

/** The CLI in the tree, and after it what must hold after every run, however it ended. */
export async function watchedRun(
  tree: ForeignTree,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<WatchedRun> {
  const startedAt = new Date().toISOString();
  const { exitCode, stdout, stderr } = await platform(['--json', ...args], { cwd: tree.root, env });
  // An error is a document too, and no record.
  if (!stdout.includes('"units"')) throw new Error(stdout + stderr);
  const record = JSON.parse(stdout) as RunRecord;
  const byUnit = <T>(of: (unit: UnitRecord) => T) =>
    Object.fromEntries(record.units.map((unit) => [unit.unit, of(unit)]));
  const run: WatchedRun = {
    exitCode,
    stderr,
    record,
    labels: byUnit(({ label }) => label),
    results: byUnit(({ result }) => result),
    phases: byUnit(({ phases }) =>
      phases.filter((phase) => phase.startedAt >= startedAt).map(({ phase }) => phase),
    ),
    unit: (name) => {
      const found = record.units.find(({ unit }) => unit === name);
      if (found === undefined) throw new Error(`the run has no unit "${name}"`);
      return found;
    },
  };
  expectCodeAndAdvice(run);
  await expectNothingLeft(tree.root);
  await expectNothingTold(tree.root, record.run, stdout + stderr);
  return run;
}

/** Who failed is in the exit code, nothing that waited for it was begun, and a line says what to do. */
function expectCodeAndAdvice({ exitCode, record, phases }: WatchedRun): void {
  const bad = record.units.filter(({ result }) => result === 'failed' || result === 'skipped');
  if (bad.length + record.refused.length > 0) expect([0, 2]).not.toContain(exitCode);
  for (const { unit } of bad.filter(({ result }) => result === 'skipped')) {
    expect(phases[unit]).not.toContain('replan');
    expect(phases[unit]).not.toContain('apply');
  }
  for (const { failure } of bad) if (failure !== null) expect(failure.next).toMatch(/\w/);
  for (const { next } of record.refused) expect(next).toMatch(/platform /);
  expect(record.exitCode).toBe(exitCode);
}

async function expectNothingLeft(root: string): Promise<void> {
  const names = await readdir(root, { recursive: true });
  expect(names.filter((name) => /lock\.info$|\.platform\/locks\/./.test(name))).toEqual([]);
  // What is written for a plan alone, and holds values.
  const own = names.filter((name) => name.startsWith('.platform'));
  expect(own.filter((name) => /\/ahead\.\d+\.json$|\.state(\.part)?$/.test(name))).toEqual([]);
  const { stdout } = await execa('ps', ['-eo', 'args']);
  expect(stdout.split('\n').filter((line) => line.includes(root))).toEqual([]);
}

async function expectNothingTold(root: string, run: string, said: string): Promise<void> {
  expect(said).not.toContain(CANARY);
  const folder = join(root, '.platform/runs', run);
  const files = ['run.json', 'events.ndjson', 'summary.md', 'approved.json'];
  for (const name of (await readdir(folder)).filter((found) => files.includes(found))) {
    expect(await readFile(join(folder, name), 'utf8'), name).not.toContain(CANARY);
  }
}

/** The state of a unit, named from the root, as text; undefined where there is none. */
export async function stateText(tree: ForeignTree, unit: string): Promise<string | undefined> {
  return readFile(join(tree.root, '.states', `${unit}.tfstate`), 'utf8').catch(() => undefined);
}

/** All states of the tree, backups too, as one text. */
export async function allStates(tree: ForeignTree): Promise<string> {
  const folder = join(tree.root, '.states');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

/** Outputs as the state has them. */
export async function outputsOf(
  tree: ForeignTree,
  unit: string,
): Promise<Readonly<Record<string, unknown>>> {
  const state = JSON.parse((await stateText(tree, unit)) ?? '{}') as {
    outputs?: Record<string, { value: unknown }>;
  };
  const outputs = Object.entries(state.outputs ?? {});
  return Object.fromEntries(outputs.map(([name, { value }]) => [name, value]));
}
