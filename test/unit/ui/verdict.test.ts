import { expect, test } from 'vitest';
import type { RunRecord, UnitRecord } from '../../../src/domain/run-record.ts';
import { verdictOf } from '../../../src/ui/summary/verdict.ts';
import { runRecord, unitRecord } from '../support/records.ts';
import { failedApply, plannedRun, stoppedApply } from '../support/sample-run.ts';

const changing = unitRecord('a', { label: 'exact', result: 'planned' });
const empty = unitRecord('b', { label: 'no-changes', result: 'planned', isEmpty: true });
const mocked = unitRecord('c', { label: 'mocked', result: 'planned' });
const applied = unitRecord('d', { result: 'applied' });
const unchanged = unitRecord('e', { result: 'unchanged' });
const apply = { command: 'apply' } as const;

test.each<[string, readonly UnitRecord[], Partial<RunRecord>, string, RegExp]>([
  ['nothing selected', [], {}, 'NOTHING', /^no units selected$/],
  ['all empty', [empty], {}, 'NO CHANGES', /^1 unit,/],
  ['changes', [changing, empty], {}, 'READY', /^1 unit with changes$/],
  ['mocks', [mocked], {}, 'READY', /1 on mock values/],
  ['applied', [applied, unchanged], apply, 'DONE', /^1 unit applied, 1 unchanged$/],
  ['destroyed', [applied], { command: 'destroy' }, 'DONE', /^1 unit destroyed$/],
  ['nothing to apply', [unchanged], apply, 'DONE', /^nothing to do in 1 unit$/],
  ['declined', [changing], { ...apply, declined: true }, 'DECLINED', /^nothing was applied$/],
  ['a question is open', [changing], { ...apply, endedAt: null }, 'READY', /1 unit with changes/],
  [
    'only outputs change',
    [unitRecord('o', { label: 'exact', result: 'planned' })],
    {},
    'READY',
    /1 unit with changes/,
  ],
  [
    'a signal after the last unit ended changes nothing',
    [applied],
    { ...apply, interruptedBy: 'SIGINT' },
    'DONE',
    /applied/,
  ],
  [
    'a signal by name',
    [unitRecord('f', { result: 'interrupted' })],
    { interruptedBy: 'SIGTERM' },
    'STOPPED',
    /^by SIGTERM: 1 cut off$/,
  ],
])('%s', (_, units, given, word, text) => {
  const verdict = verdictOf(runRecord(units, given));
  expect(verdict.word).toBe(word);
  expect(verdict.text).toMatch(text);
});

test('a failed plan is not ready, a failed apply has failed, a stopped one was stopped', () => {
  expect(verdictOf(plannedRun).word).toBe('NOT READY');
  expect(verdictOf(failedApply)).toEqual({
    word: 'FAILED',
    text: '1 failed, 1 blocked, 1 applied, 1 unchanged',
  });
  expect(verdictOf(stoppedApply).word).toBe('STOPPED');
});
