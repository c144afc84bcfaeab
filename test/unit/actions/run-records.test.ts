import { expect, test } from 'vitest';
import { findRun, listRuns } from '../../../src/actions/records/find-run.ts';
import { pruneRuns } from '../../../src/actions/run/prune-runs.ts';
import { fakeProcesses } from '../support/fake-processes.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { runRecord, unitRecord } from '../support/records.ts';

const ids = ['20261101-100000-aaaa', '20261102-100000-bbbb', '20261103-100000-cccc'];
const units: Readonly<Record<string, string>> = { '20261103-100000-cccc': 'vpc' };

const recordOf = (run: string, given: Parameters<typeof runRecord>[1] = {}) =>
  JSON.stringify(runRecord([unitRecord(units[run] ?? 'eks')], { run, ...given }));

const someRuns = () =>
  memoryFiles({
    ...Object.fromEntries(ids.map((id) => [`/runs/${id}/run.json`, recordOf(id)])),
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
