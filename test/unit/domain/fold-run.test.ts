import { expect, test } from 'vitest';
import type { PhaseOutcome, RunEvent } from '../../../src/domain/events.ts';
import { foldRun } from '../../../src/domain/fold-run.ts';
import { type Phase, type RunRecord, runRecordSchema } from '../../../src/domain/run-record.ts';
import { changeOf, none, planOf, runRecord, unitRecord } from '../support/records.ts';

const start = runRecord([unitRecord('vpc'), unitRecord('eks')], { endedAt: null, exitCode: null });
const at = '2026-11-22T10:41:05.000Z';

function fold(...events: RunEvent[]): RunRecord {
  return events.reduce(foldRun, start);
}

const started = (phase: Phase): RunEvent => ({ type: 'unit-started', at, unit: 'eks', phase });
const ended = (phase: Phase, durationMs: number, outcome: PhaseOutcome): RunEvent => ({
  type: 'unit-ended',
  at,
  unit: 'eks',
  phase,
  durationMs,
  outcome,
});
const planned: PhaseOutcome = {
  kind: 'planned',
  plan: planOf({ resources: [changeOf('a', 'create')], outputs: ['id'], isNew: true }),
  sha256: 'f00',
  inputs: 'ba5',
};
const failure = { kind: 'failed', summary: 'no' } as const;

test('a plan that worked is what the unit has to do', () => {
  const [vpc, eks] = fold(started('plan'), ended('plan', 40, planned)).units;
  expect(vpc).toEqual(start.units[0]);
  expect(eks).toMatchObject({
    result: 'planned',
    isNew: true,
    isEmpty: false,
    changes: { ...none, add: 1, outputs: 1 },
    outputs: ['id'],
    plan: { sha256: 'f00', inputs: 'ba5' },
    phases: [{ phase: 'plan', startedAt: at, durationMs: 40 }],
    durationMs: 40,
  });
});

test('phases follow each other, and their times add up', () => {
  const [, eks] = fold(
    started('plan'),
    ended('plan', 40, planned),
    started('apply'),
    ended('apply', 100, { kind: 'applied', done: 1 }),
  ).units;
  expect(eks).toMatchObject({ result: 'applied', done: 1, durationMs: 140 });
  expect(eks?.phases.map(({ durationMs }) => durationMs)).toEqual([40, 100]);
});

test('a failed plan leaves the changes unknown', () => {
  const outcome = { kind: 'failed', failure, done: 0 } as const;
  const [, eks] = fold(
    started('plan'),
    ended('plan', 1, planned),
    ended('replan', 1, outcome),
  ).units;
  expect(eks).toMatchObject({ result: 'failed', changes: null, failure });
});

test('a failed apply keeps what it was to change, and says how much is done', () => {
  const outcome = { kind: 'failed', failure, done: 1 } as const;
  const [, eks] = fold(
    started('plan'),
    ended('plan', 1, planned),
    started('apply'),
    ended('apply', 1, outcome),
  ).units;
  expect(eks).toMatchObject({ result: 'failed', changes: { add: 1 }, done: 1 });
});

test('an apply that is refused before it starts leaves the time of the plan before it alone', () => {
  const outcome = { kind: 'failed', failure: { ...failure, kind: 'refused' }, done: 0 } as const;
  const [, eks] = fold(
    started('replan'),
    ended('replan', 40, planned),
    ended('apply', 0, outcome),
  ).units;
  expect(eks?.phases).toEqual([{ phase: 'replan', startedAt: at, durationMs: 40 }]);
});

test('what settles a unit keeps its reason unless it has a better one', () => {
  const labelled = {
    type: 'unit-labelled',
    at,
    unit: 'eks',
    label: 'mocked',
    reason: 'no outputs yet: vpc',
  } as const;
  const settled = {
    type: 'unit-settled',
    at,
    unit: 'eks',
    result: 'skipped',
    blockedBy: ['vpc'],
  } as const;
  expect(fold(labelled, { ...settled, reason: '' }).units[1]).toMatchObject({
    label: 'mocked',
    result: 'skipped',
    reason: 'no outputs yet: vpc',
    blockedBy: ['vpc'],
  });
  expect(fold(labelled, { ...settled, reason: 'blocked by vpc' }).units[1]?.reason).toBe(
    'blocked by vpc',
  );
});

test('the first signal is the one that counts', () => {
  const record = fold(
    { type: 'run-interrupted', at, signal: 'SIGINT' },
    { type: 'run-interrupted', at, signal: 'SIGTERM' },
  );
  expect(record.interruptedBy).toBe('SIGINT');
});

test('the end has its time and its code', () => {
  const record = fold({ type: 'run-declined', at }, { type: 'run-ended', at, exitCode: 1 });
  expect(record).toMatchObject({ declined: true, endedAt: at, exitCode: 1, durationMs: 5000 });
});

test('a run starts from the record of its first event, wherever it is folded', () => {
  expect(foldRun(runRecord([]), { type: 'run-started', at, record: start })).toBe(start);
});

test('what comes out is a record by the schema', () => {
  const record = fold(started('plan'), ended('plan', 40, planned), {
    type: 'run-ended',
    at,
    exitCode: 0,
  });
  expect(runRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
});
