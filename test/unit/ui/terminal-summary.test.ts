import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { RunRecord, UnitRecord } from '../../../src/domain/run-record.ts';
import { colourPaint, type Paint, plainPaint } from '../../../src/ui/paint.ts';
import { terminalSummary } from '../../../src/ui/summary/terminal-summary.ts';
import { none, resource, runRecord, unitRecord } from '../support/records.ts';
import { failedApply, plannedRun, stoppedApply } from '../support/sample-run.ts';

const print = (record: RunRecord, columns = 80, paint: Paint = plainPaint) =>
  terminalSummary(record, { columns, paint, program: 'platform', recordPath: '.platform/runs/x' });

const lineWith = (text: string, start: RegExp) => text.split('\n').find((line) => start.test(line));

test.each([
  ['a plan of everything', plannedRun],
  ['a failed apply', failedApply],
  ['a stopped apply', stoppedApply],
])('at 80 columns no line of %s is longer', (_, record) => {
  for (const line of print(record).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});

test('the verdict stands in line 3, in words', () => {
  expect(print(plannedRun).split('\n')[2]).toMatch(/^NOT READY {3}1 failed, /);
  expect(print(stoppedApply).split('\n')[2]).toMatch(/^STOPPED {3}by Ctrl-C: /);
});

test('what nobody knows is ?, never 0, and is not in the total', () => {
  const text = print(plannedRun);
  expect(lineWith(text, /^ x acm-cert/)).toMatch(/ \? +\? +\? +\? /);
  expect(lineWith(text, /^ {3}total/)).toMatch(/ 26 +1 +1 +0 .*6 of 7 units known/);
});

test.each([
  [/^ x acm-cert/, 'failed'],
  [/^ ! node-groups/, 'provisional: eks.id changes'],
  [/^ ~ eks/, 'ready'],
  [/^ \+ rds-mlflow/, 'ready, new unit'],
  [/^ m mlflow/, 'mock: rds-mlflow has no outputs yet'],
])('a plan: the row %s says "%s"', (row, state) => {
  expect(lineWith(print(plannedRun), row)).toMatch(new RegExp(` ${state}$`));
});

test.each([
  [failedApply, /^ - node-groups/, 'blocked by eks'],
  [failedApply, /^ x eks/, 'failed'],
  [stoppedApply, /^ x eks/, 'cut off'],
  [stoppedApply, /^ - node-groups/, 'not started'],
])('an apply: row %#', (record, row, state) => {
  expect(lineWith(print(record), row)).toMatch(new RegExp(` ${state}$`));
});

test('units without changes share one line', () => {
  const text = print(plannedRun);
  expect(lineWith(text, /^ = /)).toBe(' = vpc kms (no changes)');
  expect(text.match(/\b(vpc|kms)\b/g)).toHaveLength(2);
});

test.each([plannedRun, failedApply, stoppedApply])(
  'colour repeats what the words say: run %#',
  async (record) => {
    const coloured = print(record, 80, await colourPaint());
    expect(coloured).not.toBe(print(record));
    expect(stripVTControlCharacters(coloured)).toBe(print(record));
  },
);

test.each([
  [plannedRun, 'exit 1 (a unit failed)'],
  [failedApply, 'exit 4 (a state is locked by somebody else)'],
  [stoppedApply, 'exit 130 (interrupted)'],
  [runRecord([], { exitCode: 0 }), 'exit 0'],
  [runRecord([], { exitCode: 3 }), 'exit 3 (a plan was refused)'],
  [runRecord([], { exitCode: 64 }), 'exit 64 (something needs to be allowed first)'],
  [
    runRecord([unitRecord('a')], { exitCode: 1, declined: true, command: 'apply' }),
    'exit 1 (declined)',
  ],
])('the last line says where the record lies and why it ends as it does: %#', (record, end) => {
  expect(print(record).trimEnd().split('\n').at(-1)).toBe(`record: .platform/runs/x   ${end}`);
});

test('a plan that waits for its confirmation has no end yet', () => {
  expect(print({ ...plannedRun, endedAt: null, exitCode: null })).not.toMatch(/^(NEXT|record:)/m);
});

const asked: RunRecord = { ...plannedRun, command: 'apply', endedAt: null, exitCode: null };
const covers = (text: string) => /^A YES COVERS\n((?: {2}.*\n)+)/m.exec(text)?.[1]?.split('\n');

test('above the question stands what a yes covers, whole, in lines that fit', () => {
  const lines = covers(print(asked))?.slice(0, -1) ?? [];
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(lines.map((line) => line.trim()).join(' ')).toBe(
    'node-groups: what is shown, and updates in place that follow from what is not known yet ' +
      'mlflow: planned again on real outputs, then creates only',
  );
});

test.each<[string, RunRecord]>([
  ['a run that has ended', plannedRun],
  ['an apply of exact plans alone', { ...asked, units: asked.units.slice(0, 4) }],
])('%s says nothing of it', (_, record) => {
  expect(print(record)).not.toContain('A YES COVERS');
});

test.each<[string, Partial<UnitRecord>, string, string]>([
  [
    'new, and makes things',
    { result: 'planned', label: 'exact', isNew: true, changes: { ...none, add: 1 } },
    '+',
    'ready, new unit',
  ],
  [
    'new, and makes nothing',
    { result: 'planned', label: 'exact', isNew: true, changes: { ...none, import: 1 } },
    '~',
    'ready, new unit, 1 import',
  ],
  [
    'there, and makes things',
    { result: 'planned', label: 'exact', changes: { ...none, add: 1 } },
    '~',
    'ready',
  ],
  [
    'to change outputs alone',
    { result: 'planned', label: 'exact', changes: { ...none, outputs: 1 }, outputs: ['id'] },
    '~',
    'ready, only outputs: id',
  ],
  [
    'to change outputs and more',
    {
      result: 'planned',
      label: 'exact',
      changes: { ...none, change: 1, outputs: 1 },
      outputs: ['id'],
    },
    '~',
    'ready',
  ],
  ['exact, and only reads', { result: 'planned', label: 'exact' }, ' ', 'ready'],
  ['applied, and was provisional', { result: 'applied', label: 'provisional' }, ' ', 'applied'],
  ['skipped by nobody', { result: 'skipped' }, '-', 'skipped'],
  ['left out', { result: 'excluded', reason: 'is not ready' }, '-', 'left out: is not ready'],
  [
    'provisional and empty',
    { result: 'planned', label: 'provisional', reason: 'vpc is provisional', isEmpty: true },
    '?',
    'provisional: vpc is provisional',
  ],
  [
    'waiting',
    { result: 'planned', reason: 'waits for outputs of vpc', changes: null },
    '?',
    'waits for outputs of vpc',
  ],
])('a unit that is %s has a row that says so', (_, given, mark, state) => {
  const text = print(runRecord([unitRecord('eks', { changes: none, ...given })]));
  const row = lineWith(text, /^ . eks/);
  expect(row?.slice(1, 2)).toBe(mark);
  expect(row?.endsWith(`  ${state}`), row).toBe(true);
});

test('a unit that was destroyed is not called applied', () => {
  const unit = unitRecord('eks', { result: 'applied', changes: { ...none, destroy: 1 } });
  expect(lineWith(print(runRecord([unit], { command: 'destroy' })), /^ ! eks/)).toMatch(
    / destroyed$/,
  );
});

test('a provisional unit that had nothing to do shares the line of the unchanged', () => {
  const unit = unitRecord('eks', { result: 'unchanged', label: 'provisional', changes: none });
  expect(print(runRecord([unit], { command: 'apply' }))).toContain(' = eks (no changes)');
});

test('what a provider or a resource is called cannot move the cursor', () => {
  const hostile = '\u001b[2J\u0007';
  const unit = unitRecord('eks', {
    label: 'exact',
    result: 'failed',
    changes: { ...none, replace: 1 },
    resources: [resource({ address: `t.a["${hostile}"]`, actions: ['replace'] })],
    failure: { kind: 'failed', summary: `no${hostile}` },
    warnings: [`check${hostile}`],
  });
  expect(print(runRecord([unit]))).not.toMatch(/[^\P{Cc}\n]/u);
});

const many = (count: number) =>
  runRecord(
    Array.from({ length: count }, (_, index) =>
      unitRecord(`unit-${index}`, {
        label: index % 2 === 0 ? 'exact' : 'no-changes',
        result: 'planned',
        isEmpty: index % 2 !== 0,
        changes: { ...none, add: index % 2 === 0 ? 1 : 0 },
      }),
    ),
  );

test('over 40 units only those with changes have rows', () => {
  expect(print(many(60))).toContain(' = 30 units without changes');
  expect(print(many(40))).toContain('unit-39');
});

test('READ FIRST holds six at most and says how many are left', () => {
  const units = Array.from({ length: 9 }, (_, index) =>
    unitRecord(`u${index}`, { result: 'failed', failure: { kind: 'failed', summary: 'no' } }),
  );
  const text = print(runRecord(units));
  expect(text.match(/^ {2}\d FAILED/gm)).toHaveLength(6);
  expect(text).toContain('and 3 more');
});
