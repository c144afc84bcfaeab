import { expect, test } from 'vitest';
import { readApprovalKey } from '../../../src/actions/records/approval-key.ts';
import {
  approvedUnits,
  readRecordFile,
  withoutValues,
} from '../../../src/actions/records/approved-record.ts';
import { findRun, listRuns } from '../../../src/actions/records/find-run.ts';
import { pruneRuns } from '../../../src/actions/records/prune-runs.ts';
import { unitsToRetry } from '../../../src/actions/records/retry.ts';
import type { Session } from '../../../src/actions/session.ts';
import type { RunEvent } from '../../../src/domain/events.ts';
import { fakeProcesses } from '../support/fake-processes.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { bindingOf, none, resource, runRecord, unitRecord } from '../support/records.ts';

const ids = ['20261101-100000-aaaa', '20261102-100000-bbbb', '20261103-100000-cccc'];
const units: Readonly<Record<string, string>> = { '20261103-100000-cccc': 'vpc' };

const recordOf = (run: string, given: Parameters<typeof runRecord>[1] = {}) =>
  JSON.stringify(
    runRecord([unitRecord('kms'), unitRecord(units[run] ?? 'eks')], { run, ...given }),
  );

const someRuns = () =>
  memoryFiles({
    ...Object.fromEntries(
      [...ids.slice(1), ...ids].map((id) => [`/runs/${id}/run.json`, recordOf(id)]),
    ),
    '/runs/20261104-100000-dddd/run.json': '{"schema":1,"run":"cut sh',
    '/runs/20261105-100000-eeee/run.json': '{"schema":2}',
    '/runs/notes/run.json': recordOf('notes'),
  });

test('runs are listed newest first; what cannot be read, or is none of ours, is not', async () => {
  const runs = await listRuns({ files: someRuns() }, '/runs');
  expect(runs.map(({ record }) => record.run)).toEqual([...ids].reverse());
});

test.each([
  ['the newest', undefined, undefined, ids[2]],
  ['the newest with that unit', undefined, 'eks', ids[1]],
  ['by id', ids[0], undefined, ids[0]],
  ['by the beginning of an id', '20261102', undefined, ids[1]],
])('found: %s', async (_, id, unit, expected) => {
  const { record } = await findRun({ files: someRuns() }, '/runs', id, unit);
  expect(record.run).toBe(expected);
});

test.each([
  ['2027', undefined, 'there is no run "2027"'],
  [undefined, 'dns', 'no run has a unit "dns"'],
])('not found: %s %s', async (id, unit, what) => {
  await expect(findRun({ files: someRuns() }, '/runs', id, unit)).rejects.toMatchObject({
    exitCode: 64,
    problem: { what },
  });
});

test('before the first run there are none yet', async () => {
  await expect(findRun({ files: memoryFiles() }, '/runs', undefined)).rejects.toThrow(
    'there are no runs yet',
  );
});

test('the oldest are removed, what is no run and what still runs stays', async () => {
  const running = recordOf(ids[0] ?? '', { endedAt: null, pid: 77 });
  const files = someRuns();
  await files.writeAtomic(`/runs/${ids[0]}/run.json`, running);
  let alive = true;
  const host = {
    files,
    processes: { ...fakeProcesses(() => undefined), isAlive: (pid: number) => alive && pid === 77 },
  };
  expect(await pruneRuns(host, '/runs', 3)).toEqual([ids[1]]);
  expect(files.paths()).toContain(`/runs/${ids[0]}/run.json`);
  expect(files.paths()).toContain('/runs/notes/run.json');
  alive = false;
  expect(await pruneRuns(host, '/runs', 3)).toEqual([ids[0]]);
});

const at = '2026-11-01T10:00:05.000Z';
const begun = runRecord([unitRecord('eks')], { run: ids[0] ?? '', endedAt: null, exitCode: null });
const events: readonly RunEvent[] = [
  { type: 'run-started', at, record: begun },
  {
    type: 'unit-ended',
    at,
    unit: 'eks',
    phase: 'apply',
    durationMs: 7,
    outcome: { kind: 'applied', done: 1, failedChecks: [] },
  },
  { type: 'run-ended', at, exitCode: 0 },
];
const lines = events.map((event) => `${JSON.stringify(event)}\n`);

const asRead = async (runJson: unknown, ndjson?: string) => {
  const files = memoryFiles({
    [`/runs/${ids[0]}/run.json`]: JSON.stringify(runJson),
    ...(ndjson === undefined ? {} : { [`/runs/${ids[0]}/events.ndjson`]: ndjson }),
  });
  return (await listRuns({ files }, '/runs'))[0]?.record;
};

test('of a run that has not ended the events are ahead of run.json', async () => {
  expect(await asRead(begun, lines.slice(0, 2).join(''))).toMatchObject({
    endedAt: null,
    units: [{ result: 'applied', durationMs: 7 }],
  });
  expect(await asRead(begun, lines.join(''))).toMatchObject({ endedAt: at, exitCode: 0 });
});

test('events that run.json has already do not count twice', async () => {
  const later = { ...begun, units: [unitRecord('eks', { result: 'applied', durationMs: 7 })] };
  expect((await asRead(later, lines.join('')))?.units[0]?.durationMs).toBe(7);
});

test('an event that was cut short by a crash is passed over', async () => {
  const torn = `${lines.slice(0, 2).join('')}{"type":"run-en`;
  expect(await asRead(begun, torn)).toMatchObject({ endedAt: null, units: [{ done: 1 }] });
});

test.each([
  ['there are no events', begun, undefined],
  ['it has ended', { ...begun, endedAt: at, exitCode: 3 }, lines.join('')],
])('run.json says it all where %s', async (_, runJson, ndjson) => {
  expect(await asRead(runJson, ndjson)).toEqual(runJson);
});

const planned = unitRecord('eks', {
  label: 'provisional',
  result: 'planned',
  pending: ['vpc.id changes'],
  changes: { ...none, change: 1 },
  resources: [
    resource({
      attributes: ['tags', 'version'],
      known: { tags: 'h1', version: 'h2' },
      values: [{ attribute: 'version', before: '1.32', after: '1.33' }],
    }),
  ],
  outputs: ['id'],
  knownOutputs: { id: 'h4' },
  binding: bindingOf({ upstream: { vpc: 'h3' } }),
});

test('what was approved is what was planned, unit by unit', () => {
  const record = runRecord([
    planned,
    unitRecord('dns', { result: 'excluded' }),
    unitRecord('kms', { result: 'failed' }),
  ]);
  expect([...approvedUnits(record)]).toEqual([['eks', planned]]);
});

test('without the key of the hashes values are not compared, and all else is', () => {
  const [approved] = approvedUnits(withoutValues(runRecord([planned]))).values();
  expect(approved).toEqual({
    ...planned,
    knownOutputs: {},
    resources: planned.resources.map((one) => ({ ...one, known: {} })),
  });
});

test('a record from a file is the record that was written', async () => {
  const record = runRecord([planned]);
  const files = memoryFiles({ '/elsewhere/run.json': JSON.stringify(record) });
  expect(await readRecordFile({ files }, '/elsewhere/run.json')).toEqual(record);
});

test.each<[string, string | undefined, number, string]>([
  ['is not there', undefined, 64, 'there is no file "/run.json"'],
  ['is cut short', '{"schema":1', 3, '"/run.json" is not the record of a run'],
  ['is of another version', '{"schema":2}', 3, '"/run.json" is not the record of a run'],
])('a record that %s is refused', async (_, text, exitCode, what) => {
  const files = memoryFiles(text === undefined ? {} : { '/run.json': text });
  await expect(readRecordFile({ files }, '/run.json')).rejects.toMatchObject({
    exitCode,
    problem: { what: expect.stringContaining(what) },
  });
});

test.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
  ['lies in the record', { '/runs/a/approval.key': 'f00\n' }, {}, 'f00'],
  [
    'lies in the record, whatever the environment says',
    { '/runs/a/approval.key': 'f00\n' },
    { PLATFORM_APPROVAL_KEY: 'bad' },
    'f00',
  ],
  ['comes from the environment', {}, { PLATFORM_APPROVAL_KEY: 'ba5' }, 'ba5'],
  ['of another run is none', { '/runs/b/approval.key': 'f00\n' }, {}, undefined],
])('the key %s', async (_, files, env, key) => {
  expect(await readApprovalKey({ files: memoryFiles(files), env }, '/runs/a')).toBe(key);
});

const retry = (files: Record<string, string>, destroy = false) =>
  unitsToRetry(
    {
      host: { files: memoryFiles(files) },
      workspace: { recordsDirectory: '/runs' },
      environment: { name: 'dev' },
    } as unknown as Session,
    destroy,
  );

test('tried again: what the newest plan of the environment could not plan', async () => {
  const units = [
    unitRecord('planned', { result: 'planned', label: 'exact' }),
    unitRecord('empty', { result: 'planned', label: 'no-changes' }),
    unitRecord('failed', { result: 'failed' }),
    unitRecord('cut-off', { result: 'interrupted' }),
    unitRecord('never-started', { result: 'not-started' }),
    unitRecord('waiting', { result: 'planned', label: 'unknown' }),
  ];
  const old = runRecord([unitRecord('old', { result: 'failed' })], { run: ids[0] ?? '' });
  const newest = runRecord(units, { run: ids[1] ?? '' });
  const apply = { ...old, run: '20261103-100000-cccc', command: 'apply' } as const;
  const prod = { ...old, run: '20261104-100000-dddd', environment: 'prod' };
  const files = Object.fromEntries(
    [old, newest, apply, prod].map((one) => [`/runs/${one.run}/run.json`, JSON.stringify(one)]),
  );
  expect(await retry(files)).toEqual(['failed', 'cut-off', 'never-started', 'waiting']);
  // A plan to destroy is another plan.
  await expect(retry(files, true)).rejects.toMatchObject({ exitCode: 64 });
});

test('without a plan of the environment there is nothing to try again', async () => {
  await expect(retry({})).rejects.toMatchObject({
    exitCode: 64,
    problem: { what: 'there is no plan of "dev" to try again', next: 'platform plan dev' },
  });
});
