import { expect, test } from 'vitest';
import type { Event } from '../../../src/domain/events.ts';
import { EMPTY_LIVE_STATE, foldLive } from '../../../src/ui/live/live-state.ts';
import { liveView } from '../../../src/ui/live/live-view.ts';
import { plainPaint } from '../../../src/ui/paint.ts';
import { runRecord, unitRecord } from '../support/records.ts';

const start = Date.parse('2026-11-22T10:41:00.000Z');
const at = new Date(start).toISOString();
const units = ['vpc', 'kms', 'eks', 'acm-cert', 'istio', 'mlflow'];

const begin = (names: readonly string[] = units): Event => ({
  type: 'run-started',
  at,
  record: runRecord(
    names.map((unit) => unitRecord(unit)),
    { command: 'apply', endedAt: null, exitCode: null },
  ),
});
const started = (unit: string): Event => ({ type: 'unit-started', at, unit, phase: 'apply' });
const applied = (unit: string): Event => ({
  type: 'unit-ended',
  at,
  unit,
  phase: 'apply',
  durationMs: 1,
  outcome: { kind: 'applied', done: 1, failedChecks: [] },
});
const failed = (unit: string): Event => ({
  type: 'unit-ended',
  at,
  unit,
  phase: 'apply',
  durationMs: 1,
  outcome: { kind: 'failed', failure: { kind: 'failed', summary: 'no\u001b[2J quota' }, done: 0 },
});

function view(events: readonly Event[], size: { columns?: number; rows?: number } = {}): string[] {
  const state = events.reduce(foldLive, EMPTY_LIVE_STATE);
  const nowMs = start + 482_000;
  return liveView(state, { columns: 80, rows: 24, nowMs, paint: plainPaint, ...size }).split('\n');
}

test('finished units are folded, running ones say what they do, the rest waits', () => {
  const progress: Event = {
    type: 'unit-progress',
    unit: 'eks',
    address: 'aws_eks_cluster.this',
    doing: 'still create 470s',
    done: 1,
  };
  const lines = view([
    begin(),
    started('vpc'),
    applied('vpc'),
    started('kms'),
    applied('kms'),
    started('eks'),
    progress,
    started('acm-cert'),
    failed('acm-cert'),
  ]);
  expect(lines[0]).toMatch(
    /^platform apply dev {3}3\/6 done {3}1 running {3}8m 02s +Ctrl-C: stop safely$/,
  );
  expect(lines.slice(1)).toEqual([
    '  ok vpc ok kms',
    '  x  acm-cert   no quota',
    '  >> eks  8m 02s  aws_eks_cluster.this still create 470s',
    '  .. istio mlflow',
  ]);
});

test('a unit that is planned again is running again', () => {
  const lines = view([begin(), started('eks'), applied('eks'), started('eks')]);
  expect(lines[0]).toContain('0/6 done   1 running');
});

test('after a signal it says that it stops', () => {
  expect(view([begin(), { type: 'run-interrupted', at, signal: 'SIGINT' }])[0]).toMatch(
    /stopping safely$/,
  );
});

test.each([
  [80, 24],
  [80, 5],
  [40, 10],
  [200, 4],
  [20, 2],
])(
  '%i columns and %i rows: never more lines than rows, never longer than a line',
  (columns, rows) => {
    const names = Array.from({ length: 60 }, (_, index) => `some/quite/long/unit-${index}`);
    const events = [
      begin(names),
      ...names.slice(0, 20).flatMap((unit) => [started(unit), applied(unit)]),
      ...names.slice(20, 40).map(started),
    ];
    const lines = view(events, { columns, rows });
    expect(lines.length).toBeLessThan(Math.max(4, rows));
    for (const line of lines) expect(line.length).toBeLessThan(Math.max(40, columns));
  },
);

test('what does not fit is counted', () => {
  const names = Array.from({ length: 30 }, (_, index) => `unit-${index}`);
  const all = view([begin(names), ...names.map(started)], { rows: 100 });
  const cut = view([begin(names), ...names.map(started)], { rows: 10 });
  expect(cut.at(-1)).toBe(`  … ${all.length - 8} more lines`);
});

test('the last three notes stay', () => {
  const notes = ['one', 'two', 'three', 'four'].map((text): Event => ({ type: 'note', text }));
  expect(view([begin(), ...notes]).slice(-3)).toEqual(['two', 'three', 'four']);
});

test('before a run there is nothing to draw', () => {
  expect(view([])).toEqual(['']);
});
