import { expect, test } from 'vitest';
import type { UnitRecord } from '../../../src/domain/run-record.ts';
import { approvalText } from '../../../src/ui/summary/approval-text.ts';
import { runRecord, unitRecord } from '../support/records.ts';

const plan = { phase: 'plan', sha256: 'f00', inputs: 'ba5' } as const;
const unit = (name: string, given: Partial<UnitRecord>) =>
  unitRecord(name, { result: 'planned', plan, ...given });
const PENDING = ['vpc.id changes'];

const shown = 'what is shown, and nothing else';
const creates = 'planned again on real outputs, then creates only';

test.each<[string, Partial<UnitRecord>, string]>([
  ['is provisional, and nothing is open', { label: 'provisional' }, shown],
  [
    'is provisional, and something is open',
    { label: 'provisional', pending: PENDING },
    'what is shown, and updates in place that follow from what is not known yet',
  ],
  ['is on mocks and new', { label: 'mocked', isNew: true }, creates],
  [
    'is on mocks and exists',
    { label: 'mocked' },
    'planned again on real outputs, and stops there: it exists, and was planned on mocks',
  ],
  ['waits for outputs', { label: 'unknown', plan: null }, creates],
])('a yes to a unit that %s', (_, given, text) => {
  expect(approvalText(runRecord([unit('eks', given)]))).toEqual([`eks: ${text}`]);
});

test.each<[string, Partial<UnitRecord>]>([
  ['is exact', { label: 'exact' }],
  ['has nothing to do', { label: 'no-changes' }],
  ['failed', { label: 'unknown', result: 'failed' }],
  ['is left out', { label: 'provisional', result: 'excluded' }],
])('a unit that %s needs no words', (_, given) => {
  expect(approvalText(runRecord([unit('eks', given)]))).toEqual([]);
});

test('units of one kind share a line, in the order in which they come', () => {
  const provisional = { label: 'provisional' } as const;
  const units = [
    unit('b', provisional),
    unit('m', { label: 'mocked', isNew: true }),
    unit('a', provisional),
    unit('w', { label: 'unknown', plan: null }),
  ];
  expect(approvalText(runRecord(units))).toEqual([`b, a: ${shown}`, `m, w: ${creates}`]);
});

test.each([
  [5, `u0, u1, u2, u3, u4: ${shown}`],
  [6, `u0, u1, u2, u3, u4 and 1 more: ${shown}`],
  [9, `u0, u1, u2, u3, u4 and 4 more: ${shown}`],
])('of %i units five are named', (count, line) => {
  const units = Array.from({ length: count }, (_, at) => unit(`u${at}`, { label: 'provisional' }));
  expect(approvalText(runRecord(units))).toEqual([line]);
});
