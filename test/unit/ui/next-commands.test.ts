import { expect, test } from 'vitest';
import type { Phase, RunRecord } from '../../../src/domain/run-record.ts';
import { nextCommands } from '../../../src/ui/summary/next-commands.ts';
import { none, resource, runRecord, unitRecord } from '../support/records.ts';
import { failedApply, plannedRun, stoppedApply } from '../support/sample-run.ts';

const commands = (record: RunRecord, program = 'platform') =>
  nextCommands(record, program).map(({ command }) => command);

const plan = { phase: 'plan', sha256: 'f00', inputs: 'ba5' } as const;
const planned = { result: 'planned', plan, changes: { ...none, add: 1 } } as const;
const vpc = unitRecord('vpc', { ...planned, label: 'exact' });
const dns = unitRecord('dns', { ...planned, label: 'provisional' });
const doomed = unitRecord('eks', {
  ...dns,
  unit: 'eks',
  resources: [resource({ actions: ['delete'] })],
});
const failed = unitRecord('kms', { result: 'failed', failure: { kind: 'failed', summary: 'no' } });
const phase = (name: Phase) => ({ phase: name, startedAt: '', durationMs: 1 });
const refused = unitRecord('kms', {
  result: 'failed',
  failure: { kind: 'refused', summary: 'no' },
  phases: [phase('plan'), phase('replan')],
});
const applied = unitRecord('vpc', { label: 'exact', result: 'applied' });
const left = unitRecord('kms');
const signal = { interruptedBy: 'SIGINT', exitCode: 130 } as const;
const refusal = { kind: 'bound', unit: '', why: 'no', next: 'plan again' } as const;

test.each<[string, RunRecord, readonly string[]]>([
  ['is ready', runRecord([vpc]), ['platform show vpc', 'platform apply dev']],
  ['is provisional', runRecord([dns]), ['platform show dns', 'platform apply dev']],
  ['has nothing to do', runRecord([unitRecord('a', { ...planned, isEmpty: true })]), []],
  ['is of no units', runRecord([]), []],
  [
    'deletes: what is dangerous is to be seen first',
    runRecord([vpc, doomed]),
    ['platform show eks', 'platform apply dev'],
  ],
  [
    'failed in part, and nothing is ready',
    runRecord([failed, dns]),
    ['platform logs kms', 'platform show dns', 'platform plan dev --retry'],
  ],
  ['failed as a whole', runRecord([failed]), ['platform logs kms', 'platform plan dev --retry']],
  ['was interrupted', runRecord([vpc, left], signal), ['platform plan dev']],
  [
    'is one to destroy',
    runRecord([doomed], { destroy: true }),
    ['platform show eks', 'platform destroy dev'],
  ],
  [
    'is one to destroy, and failed in part',
    runRecord([doomed, failed], { destroy: true }),
    ['platform logs kms', 'platform show eks'],
  ],
])('a plan that %s', (_, record, expected) => {
  expect(commands(record)).toEqual(expected);
});

test('a plan that failed in part: what is ready can be applied', () => {
  expect(commands(plannedRun)).toContain('platform apply dev --only ready');
});

test('a plan in which nothing is exact has nothing that is ready', () => {
  expect(commands(runRecord([failed, dns], { command: 'apply', declined: true }))).toEqual([
    'platform logs kms',
  ]);
});

test('a unit that waits has no plan to be shown', () => {
  const waiting = unitRecord('api', { result: 'planned', label: 'unknown' });
  expect(commands(runRecord([waiting]))).not.toContain('platform show api');
  expect(commands(runRecord([waiting, vpc]))).toContain('platform show vpc');
});

const apply = { command: 'apply', exitCode: 1 } as const;
const destroy = { command: 'destroy', destroy: true, exitCode: 1 } as const;

test.each<[string, RunRecord, readonly string[]]>([
  ['that worked', runRecord([vpc], { ...apply, exitCode: 0 }), []],
  ['that goes on', runRecord([failed], { ...apply, exitCode: null }), ['platform logs kms']],
  ['that failed', failedApply, ['platform logs eks', 'platform apply dev --resume']],
  ['that was stopped in the middle', stoppedApply, ['platform apply dev --resume']],
  [
    'in which a unit was refused: it is approved anew',
    runRecord([applied, refused], { ...apply, exitCode: 3 }),
    ['platform logs kms', 'platform apply dev'],
  ],
  [
    'in which a plan failed: what it would do is to be read first',
    runRecord([applied, { ...failed, phases: [phase('plan')] }], apply),
    ['platform logs kms', 'platform apply dev'],
  ],
  [
    'in which a plan failed at its turn',
    runRecord([applied, { ...failed, label: 'provisional' }], apply),
    ['platform logs kms', 'platform apply dev --resume'],
  ],
  [
    'that was refused as a whole: the reasons say what to do',
    runRecord([vpc], { ...apply, exitCode: 3, refused: [refusal] }),
    [],
  ],
  ['that was declined', runRecord([vpc], { ...apply, declined: true }), ['platform apply dev']],
  [
    'that was declined, where a plan failed',
    runRecord([vpc, failed], { ...apply, declined: true }),
    ['platform logs kms', 'platform apply dev --only ready'],
  ],
])('an apply %s', (_, record, expected) => {
  expect(commands(record)).toEqual(expected);
});

test('an apply that was stopped before anything was approved has nothing to go on with', () => {
  const planning = unitRecord('vpc', { ...vpc, label: 'unknown', phases: [phase('plan')] });
  expect(commands(runRecord([planning, left], { ...apply, ...signal }))).toEqual([
    'platform apply dev',
  ]);
});

test.each<[string, RunRecord, readonly string[]]>([
  ['that failed', runRecord([failed], destroy), ['platform logs kms', 'platform destroy dev']],
  ['that was stopped', runRecord([left], { ...destroy, ...signal }), ['platform destroy dev']],
  [
    'that was declined',
    runRecord([doomed], { ...destroy, declined: true }),
    ['platform destroy dev'],
  ],
])('a destroy %s', (_, record, expected) => {
  expect(commands(record)).toEqual(expected);
});

test('the tree that was named is named again', () => {
  expect(commands(runRecord([vpc, failed]), 'platform -C some/repo')).toEqual([
    'platform -C some/repo show vpc',
    'platform -C some/repo plan dev --retry',
    'platform -C some/repo apply dev --only ready',
  ]);
});

test.each([plannedRun, failedApply, stoppedApply])('at most three: run %#', (record) => {
  expect(commands(record).length).toBeLessThanOrEqual(3);
});
