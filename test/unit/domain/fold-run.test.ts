import { expect, test } from 'vitest';
import type { PhaseOutcome, RunEvent } from '../../../src/domain/events.ts';
import { foldRun } from '../../../src/domain/fold-run.ts';
import { type Phase, type RunRecord, runRecordSchema } from '../../../src/domain/run-record.ts';
import { bindingOf, changeOf, none, planOf, runRecord, unitRecord } from '../support/records.ts';

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
const create = { ...changeOf('a', 'create'), attributes: ['tags'], known: { tags: 'h1' } };
const planned: PhaseOutcome = {
  kind: 'planned',
  plan: planOf({
    resources: [create],
    outputs: ['arn', 'id'],
    knownOutputs: { arn: 'h2' },
    isNew: true,
    failedChecks: ['check.one: no'],
  }),
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
    changes: { ...none, add: 1, outputs: 2 },
    resources: [create],
    outputs: ['arn', 'id'],
    knownOutputs: { arn: 'h2' },
    warnings: ['check.one: no'],
    plan: { phase: 'plan', sha256: 'f00', inputs: 'ba5' },
    phases: [{ phase: 'plan', startedAt: at, durationMs: 40 }],
    durationMs: 40,
  });
});

test('phases follow each other, and their times add up', () => {
  const [, eks] = fold(
    started('plan'),
    ended('plan', 40, planned),
    started('apply'),
    ended('apply', 100, { kind: 'applied', done: 1, failedChecks: [] }),
  ).units;
  expect(eks).toMatchObject({ result: 'applied', done: 1, durationMs: 140 });
  expect(eks?.phases.map(({ durationMs }) => durationMs)).toEqual([40, 100]);
});

test.each(['plan', 'through', 'replan'] as const)(
  '%s: the plan knows of which phase it is',
  (phase) => {
    const [, eks] = fold(started(phase), ended(phase, 40, planned)).units;
    expect(eks?.plan).toEqual({ phase, sha256: 'f00', inputs: 'ba5' });
  },
);

test('a plan with the outputs to come takes the place of the one before it', () => {
  const ahead = { ...planned, plan: planOf({ isEmpty: true }), sha256: 'f01' };
  const [, eks] = fold(ended('plan', 40, planned), ended('through', 50, ahead)).units;
  expect(eks).toMatchObject({
    result: 'planned',
    isNew: false,
    isEmpty: true,
    changes: none,
    resources: [],
    outputs: [],
    knownOutputs: {},
    warnings: [],
    plan: { phase: 'through', sha256: 'f01' },
    durationMs: 90,
  });
});

test('a plan that works where the one before it failed is what counts', () => {
  const failed = { kind: 'failed', failure, done: 0 } as const;
  const [, eks] = fold(ended('plan', 40, failed), ended('through', 50, planned)).units;
  expect(eks).toMatchObject({ result: 'planned', failure: null, changes: { add: 1 } });
});

test.each<[string, PhaseOutcome]>([
  ['worked', planned],
  ['failed', { kind: 'failed', failure, done: 0 }],
])(
  'a plan that is set aside leaves the one before it, which %s, and takes its time',
  (_, first) => {
    const before = fold(started('plan'), ended('plan', 40, first));
    const after = [started('through'), ended('through', 50, { kind: 'set-aside' })].reduce(
      foldRun,
      before,
    );
    expect(after.units[1]).toEqual({
      ...before.units[1],
      durationMs: 90,
      phases: [
        { phase: 'plan', startedAt: at, durationMs: 40 },
        { phase: 'through', startedAt: at, durationMs: 50 },
      ],
    });
  },
);

test('a unit that waits is planned as far as it goes, and what it changes is not known', () => {
  const [, eks] = fold(ended('plan', 40, { kind: 'waiting', on: ['vpc'] })).units;
  expect(eks).toMatchObject({ result: 'planned', isEmpty: false, changes: null, plan: null });
});

test('what was cut off says how much is done', () => {
  const [, eks] = fold(
    ended('plan', 40, planned),
    ended('apply', 10, { kind: 'interrupted', done: 1 }),
  ).units;
  expect(eks).toMatchObject({ result: 'interrupted', done: 1, changes: { add: 1 } });
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

const labelled: RunEvent = {
  type: 'unit-labelled',
  at,
  unit: 'eks',
  label: 'provisional',
  reason: 'planned through vpc.id; vpc.arn changes',
  pending: ['vpc.arn changes'],
  plannedThrough: ['vpc.id'],
  binding: bindingOf({ upstream: { vpc: 'h1' } }),
};

test('a label says what it is worth, why, what it was planned with and without, and of what', () => {
  const [vpc, eks] = fold(ended('plan', 40, planned), labelled).units;
  expect(vpc).toEqual(start.units[0]);
  expect(eks).toMatchObject({
    result: 'planned',
    label: 'provisional',
    reason: 'planned through vpc.id; vpc.arn changes',
    pending: ['vpc.arn changes'],
    plannedThrough: ['vpc.id'],
    binding: bindingOf({ upstream: { vpc: 'h1' } }),
  });
});

test('planned again at its turn, a unit keeps the label that was shown', () => {
  const [, eks] = fold(ended('plan', 40, planned), labelled, ended('replan', 50, planned)).units;
  expect(eks).toMatchObject({ label: 'provisional', pending: ['vpc.arn changes'] });
});

test.each([
  ['', 'planned through vpc.id; vpc.arn changes'],
  ['blocked by vpc', 'blocked by vpc'],
])('settled for the reason %j, the reason is %j', (reason, expected) => {
  const settled: RunEvent = {
    type: 'unit-settled',
    at,
    unit: 'eks',
    result: 'skipped',
    reason,
    blockedBy: ['vpc'],
  };
  expect(fold(labelled, settled).units[1]).toMatchObject({
    label: 'provisional',
    result: 'skipped',
    reason: expected,
    blockedBy: ['vpc'],
  });
});

test('a run that is refused says why, and its units stay as they are', () => {
  const refused = [{ kind: 'bound' as const, unit: 'eks', why: 'its state is gone', next: 'plan' }];
  const record = fold({ type: 'run-refused', at, refused });
  expect(record).toEqual({ ...start, durationMs: 5000, refused });
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
  const record = fold(started('plan'), ended('plan', 40, planned), labelled, {
    type: 'run-ended',
    at,
    exitCode: 0,
  });
  expect(runRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

test('a check that does not hold after an apply is told, and none is told twice', () => {
  const applied: PhaseOutcome = {
    kind: 'applied',
    done: 1,
    failedChecks: ['check.one: no', 'check.two does not hold'],
  };
  const [, eks] = fold(ended('plan', 40, planned), ended('apply', 100, applied)).units;
  expect(eks?.warnings).toEqual(['check.one: no', 'check.two does not hold']);
});
