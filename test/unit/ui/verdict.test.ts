import { expect, test } from 'vitest';
import type { RunRecord, UnitRecord } from '../../../src/domain/run-record.ts';
import { verdictOf } from '../../../src/ui/summary/verdict.ts';
import { none, runRecord, unitRecord } from '../support/records.ts';
import { failedApply, plannedRun, stoppedApply } from '../support/sample-run.ts';

const changing = unitRecord('a', { label: 'exact', result: 'planned', changes: none });
const empty = unitRecord('b', { label: 'no-changes', result: 'planned', isEmpty: true });
const mocked = unitRecord('c', { label: 'mocked', result: 'planned' });
const applied = unitRecord('d', { result: 'applied' });
const unchanged = unitRecord('e', { result: 'unchanged' });
const provisional = unitRecord('p', {
  label: 'provisional',
  result: 'planned',
  changes: none,
});
const waiting = unitRecord('w', { label: 'unknown', result: 'planned' });
const failed = unitRecord('f', {
  result: 'failed',
  failure: { kind: 'failed', summary: 'no' },
});
const stopped = unitRecord('r', {
  result: 'failed',
  failure: { kind: 'refused', summary: 'no' },
});
const apply = { command: 'apply' } as const;
const refusal = { kind: 'guard', unit: 'a', why: 'no', next: 'no' } as const;

test.each<[string, readonly UnitRecord[], Partial<RunRecord>, string, RegExp]>([
  ['nothing selected', [], {}, 'NOTHING', /^no units selected$/],
  ['all empty', [empty], {}, 'NO CHANGES', /^1 unit,/],
  ['changes', [changing, empty], {}, 'READY', /^1 unit with changes$/],
  ['mocks', [mocked], {}, 'READY', /1 on mock values/],
  ['provisional', [provisional], {}, 'READY', /^1 unit with changes, 1 provisional$/],
  [
    'empty, and provisional all the same',
    [{ ...provisional, isEmpty: true }, empty],
    {},
    'READY',
    /^1 provisional$/,
  ],
  ['waiting', [waiting, empty], {}, 'READY', /^1 waiting for outputs$/],
  [
    'waiting beside changes',
    [waiting, changing],
    {},
    'READY',
    /^1 unit with changes, 1 waiting for outputs$/,
  ],
  [
    'refused as a whole',
    [changing],
    { ...apply, refused: [refusal, refusal] },
    'REFUSED',
    /^nothing was applied: 2 reasons$/,
  ],
  [
    'refused as a whole, before it has an end',
    [changing],
    { ...apply, refused: [refusal], endedAt: null },
    'REFUSED',
    /^nothing was applied: 1 reason$/,
  ],
  [
    'a question is open, and a unit is left out',
    [changing, unitRecord('x', { label: 'exact', result: 'excluded', changes: none })],
    { ...apply, endedAt: null },
    'READY',
    /^1 unit with changes$/,
  ],
  ['a unit was refused', [stopped, applied], apply, 'FAILED', /^1 applied, 1 refused$/],
  [
    'a unit was refused beside one that failed',
    [stopped, failed],
    apply,
    'FAILED',
    /^1 failed, 1 refused$/,
  ],
  [
    'units are left out beside one that failed',
    [failed, unitRecord('x', { result: 'excluded' }), applied],
    apply,
    'FAILED',
    /^1 failed, 1 left out, 1 applied$/,
  ],
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
