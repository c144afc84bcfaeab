import { expect, test } from 'vitest';
import { nextCommands } from '../../../src/ui/summary/next-commands.ts';
import { none, runRecord, unitRecord } from '../support/records.ts';
import { failedApply, plannedRun, stoppedApply } from '../support/sample-run.ts';

const commands = (...args: Parameters<typeof nextCommands>) =>
  nextCommands(...args).map(({ command }) => command);

const ready = runRecord([
  unitRecord('vpc', { label: 'exact', result: 'planned', changes: { ...none, add: 1 } }),
]);

test('a plan that is ready: look at it, then apply it', () => {
  expect(commands(ready, 'platform')).toEqual(['platform show vpc', 'platform apply dev']);
});

test('a plan with a failure: its log, and the most dangerous unit; no apply', () => {
  expect(commands(plannedRun, 'platform')).toEqual([
    'platform logs acm-cert',
    'platform show node-groups',
  ]);
});

test('an apply that failed or was stopped can be gone on with', () => {
  expect(commands(failedApply, 'platform')).toEqual(['platform logs eks', 'platform apply dev']);
  expect(commands(stoppedApply, 'platform')).toEqual(['platform apply dev']);
});

test('when all is well there is nothing to type', () => {
  expect(commands({ ...ready, command: 'apply' }, 'platform')).toEqual([]);
  expect(commands(runRecord([]), 'platform')).toEqual([]);
});

test('the tree that was named is named again', () => {
  expect(commands(ready, 'platform -C some/repo')[0]).toBe('platform -C some/repo show vpc');
});
