import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { lockUnit, type UnitLockContext } from '../../../src/actions/run/unit-lock.ts';
import { FAILURE_EXIT } from '../../../src/domain/failure.ts';
import type { UnitFailure } from '../../../src/domain/run-record.ts';
import type { Machine } from '../../../src/host/host.ts';
import { createLocks } from '../../../src/host/node/locks.ts';
import { readFirst } from '../../../src/ui/summary/read-first.ts';
import { type MemoryFiles, memoryFiles } from '../support/memory-files.ts';
import { machine } from '../support/reads.ts';
import { runRecord, unitRecord } from '../support/records.ts';

const RUN = '20261122-104100-7f3c';
const OTHER_RUN = '20261122-105000-aaaa';
const DEAD = 300;
const SINCE = Date.UTC(2026, 10, 22, 10, 41, 3);

const LOCKS = '/repo/.platform/locks';
const name = createHash('sha256').update('/repo/live/dev/net/vpc').digest('hex').slice(0, 16);
const PATH = `${LOCKS}/${name}.lock`;

interface Made {
  readonly path: string;
  readonly mode: number | undefined;
}

interface Stage {
  readonly session: UnitLockContext['session'];
  readonly made: readonly Made[];
}

/** A session of one process, on files that several may share. */
function stage(files: MemoryFiles, given: Partial<Machine> = {}): Stage {
  const me = { ...machine, ...given };
  const made: Made[] = [];
  const aged: MemoryFiles = {
    ...files,
    makeDirectory: async (path, options) => {
      made.push({ path, mode: options?.mode });
    },
    stat: async (path) => {
      const stat = await files.stat(path);
      return stat === undefined ? undefined : { ...stat, modifiedMs: SINCE };
    },
  };
  const clock = {
    now: () => SINCE,
    sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  return {
    made,
    session: {
      host: {
        files: aged,
        machine: me,
        locks: createLocks(aged, clock, (pid) => pid !== DEAD, me.pid),
      },
      environment: { folder: '/repo/live/dev' },
      workspace: { recordsDirectory: '/repo/.platform/runs' },
    },
  };
}

const ann = { pid: 100, user: 'ann', hostname: 'here' };
const bob = { pid: 200, user: 'bob', hostname: 'here' };

const lock = (session: UnitLockContext['session'], run: string, unit: string) =>
  lockUnit({ session, recorder: { record: () => ({ run }) } }, unit);

async function held(...args: Parameters<typeof lock>) {
  const result = await lock(...args);
  if (result.kind === 'taken') throw new Error(result.failure.summary);
  return result;
}

test('the lock lies beside the records, in a private folder, and says whose it is', async () => {
  const files = memoryFiles();
  const { session, made } = stage(files, ann);
  await held(session, RUN, 'net/vpc');
  expect(files.paths()).toEqual([PATH]);
  expect(made).toEqual([{ path: LOCKS, mode: 0o700 }]);
  expect((await files.stat(PATH))?.mode).toBe(0o600);
  const [owner, note] = ((await files.read(PATH)) ?? '').split('\n');
  expect(owner).toMatch(/^100 [0-9a-f]+$/);
  expect(JSON.parse(note ?? '')).toEqual({
    user: 'ann',
    hostname: 'here',
    run: RUN,
    unit: 'net/vpc',
  });
});

test.each([
  ['another process', bob],
  ['a second run in the same process', ann],
])('%s is turned away, told by whom and where to look', async (_, second) => {
  const files = memoryFiles();
  const first = await held(stage(files, ann).session, RUN, 'net/vpc');
  const { session } = stage(files, second);
  expect(await lock(session, OTHER_RUN, 'net/vpc')).toEqual({
    kind: 'taken',
    failure: {
      kind: 'locked',
      summary: `is being applied by ann@here in run ${RUN} since 10:41:03 UTC 2026-11-22`,
      next: `wait, or look at it: platform runs show ${RUN}`,
    },
  });
  await first.release();
  await (await held(session, OTHER_RUN, 'net/vpc')).release();
  expect(files.paths()).toEqual([]);
});

test('other units, and the same one of another environment, are free', async () => {
  const files = memoryFiles();
  const { session } = stage(files, ann);
  await held(session, RUN, 'net/vpc');
  await held(session, RUN, 'net');
  await held({ ...session, environment: { folder: '/repo/live/prod' } }, RUN, 'net/vpc');
  expect(files.paths()).toHaveLength(3);
});

test('of two that race exactly one gets the unit', async () => {
  const files = memoryFiles({ [PATH]: `${DEAD} abc\n{}` });
  const locks = await Promise.all([
    lock(stage(files, ann).session, RUN, 'net/vpc'),
    lock(stage(files, bob).session, OTHER_RUN, 'net/vpc'),
  ]);
  expect(locks.map(({ kind }) => kind).sort()).toEqual(['held', 'taken']);
  expect(files.paths()).toEqual([PATH]);
});

test('the lock of a process that died is taken over, and says the new one’s name', async () => {
  const files = memoryFiles({ [PATH]: `${DEAD} abc\n{"user":"ann"}` });
  await held(stage(files, bob).session, OTHER_RUN, 'net/vpc');
  expect(await files.read(PATH)).toContain(`"run":"${OTHER_RUN}"`);
});

const note = (given: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ user: 'ann', hostname: 'here', run: RUN, unit: 'net/vpc', ...given });
const since = 'since 10:41:03 UTC 2026-11-22';
const byProcess = `is being applied by process 100 ${since}`;

test.each([
  [note({}), `is being applied by ann@here in run ${RUN} ${since}`, `platform runs show ${RUN}`],
  [
    note({ more: 1 }),
    `is being applied by ann@here in run ${RUN} ${since}`,
    `platform runs show ${RUN}`,
  ],
  [note({ run: 7 }), byProcess, 'wait until it is done'],
  ['{"user":"an', byProcess, 'wait until it is done'],
  ['', byProcess, 'wait until it is done'],
])('a holder with the note %j: exit code, text and what to do', async (left, summary, next) => {
  const files = memoryFiles({ [PATH]: `100 abc\n${left}` });
  const result = await lock(stage(files, bob).session, OTHER_RUN, 'net/vpc');
  if (result.kind === 'held') throw new Error('not turned away');
  const { failure } = result;
  expect(FAILURE_EXIT[failure.kind]).toBe(4);
  expect(failure.summary).toBe(summary);
  expect(failure.next).toContain(next);
  expect(shown(failure)).toMatchObject({
    kind: 'FAILED',
    unit: 'net/vpc',
    text: summary,
    details: [failure.next],
  });
});

function shown(failure: UnitFailure) {
  const unit = unitRecord('net/vpc', { result: 'failed', failure });
  return readFirst(runRecord([unit], { command: 'apply', exitCode: 4 }))[0];
}
