import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Files } from '../../../src/host/files.ts';
import type { Clock, LockAttempt } from '../../../src/host/host.ts';
import { nodeFiles } from '../../../src/host/node/files.ts';
import { createLocks } from '../../../src/host/node/locks.ts';
import { type MemoryFiles, memoryFiles } from '../support/memory-files.ts';
import { temporary } from '../support/temporary.ts';

const MINE = 100;
const OTHER = 200;
const DEAD = 300;

/** Waiting is the next turn of the event loop: nobody sleeps. */
const clock: Clock = { now: () => 0, sleep: () => new Promise((resolve) => setImmediate(resolve)) };
const locksOf = (pid: number) => createLocks(nodeFiles, clock, (other) => other !== DEAD, pid);

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test('two that meet: the second is told once of whom it waits for, and starts when the first is done', async () => {
  const path = join(temporary(), 'deep', 'unit.lock');
  const steps: string[] = [];
  const inside = gate();
  const waits = gate();
  const leave = gate();
  const first = locksOf(MINE).withLock(path, async () => {
    steps.push('first in');
    inside.open();
    await leave.opened;
    steps.push('first out');
  });
  await inside.opened;
  const second = locksOf(OTHER).withLock(
    path,
    async () => void steps.push('second in'),
    (holder) => {
      steps.push(`waits for ${holder}`);
      waits.open();
    },
  );
  await waits.opened;
  leave.open();
  await Promise.all([first, second]);
  expect(steps).toEqual(['first in', `waits for ${MINE}`, 'first out', 'second in']);
});

test('ten at once are inside one after the other', async () => {
  const path = join(temporary(), 'unit.lock');
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      locksOf(1000 + index).withLock(path, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await clock.sleep(0);
        inside -= 1;
      }),
    ),
  );
  expect(most).toBe(1);
});

test('a lock whose holder is dead is taken over, by one of many, without a word', async () => {
  const folder = temporary();
  const path = join(folder, 'unit.lock');
  writeFileSync(path, `${DEAD} abcdef`);
  const waited: number[] = [];
  let inside = 0;
  await Promise.all(
    [MINE, OTHER].map((pid) =>
      locksOf(pid).withLock(
        path,
        async () => {
          inside += 1;
          expect(inside).toBe(1);
          expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${pid} `));
          inside -= 1;
        },
        (holder) => waited.push(holder),
      ),
    ),
  );
  expect(waited).not.toContain(DEAD);
  expect(readdirSync(folder)).toEqual([]);
});

test('the result comes through and no file is left, also after a failure', async () => {
  const folder = temporary();
  const path = join(folder, 'unit.lock');
  expect(await locksOf(MINE).withLock(path, async () => 42)).toBe(42);
  const failing = locksOf(MINE).withLock(path, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(readdirSync(folder)).toEqual([]);
});

/** Runs `then` once, right after the lock was found abandoned and before the guard is made. */
function betweenLookAndGuard(files: MemoryFiles, then: () => Promise<void>): Files {
  let isFirst = true;
  return {
    ...files,
    createExclusive: async (path, content, options) => {
      if (isFirst && path.endsWith('.takeover')) {
        isFirst = false;
        await then();
      }
      return files.createExclusive(path, content, options);
    },
  };
}

test('a new holder that comes between the look at a dead one and the taking keeps its lock', async () => {
  const path = '/locks/unit.lock';
  const files = memoryFiles({ [path]: `${DEAD} abcdef` });
  const late = betweenLookAndGuard(files, () => files.writeAtomic(path, `${OTHER} theirs`));
  const alive = new Set([OTHER]);
  const waited: number[] = [];
  await createLocks(late, clock, (pid) => alive.has(pid), MINE).withLock(
    path,
    async () => expect(waited).toEqual([OTHER]),
    (holder) => {
      waited.push(holder);
      alive.clear();
    },
  );
  expect(files.paths()).toEqual([]);
});

test('a lock that somebody else has by now is not taken from them', async () => {
  const folder = temporary();
  const path = join(folder, 'unit.lock');
  await locksOf(MINE).withLock(path, async () => writeFileSync(path, `${OTHER} theirs`));
  expect(readFileSync(path, 'utf8')).toBe(`${OTHER} theirs`);
});

test('a try that gets the lock leaves pid and note for others, in a file of its own', async () => {
  const folder = temporary();
  const path = join(folder, 'unit.lock');
  const lock = await locksOf(MINE).tryLock(path, '{"run":"one"}\nsecond line');
  expect(lock.kind).toBe('held');
  expect(readFileSync(path, 'utf8')).toMatch(/^100 [0-9a-f]{16}\n\{"run":"one"\}\nsecond line$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  if (lock.kind === 'held') await lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ['another process', OTHER],
  ['this process itself', MINE],
])('a lock of %s is taken: who, what for and since when', async (_, pid) => {
  const folder = temporary();
  const path = join(folder, 'unit.lock');
  await locksOf(MINE).tryLock(path, 'a note\nof two lines');
  utimesSync(path, 1000, 1000);
  expect(await locksOf(pid).tryLock(path, 'mine')).toEqual({
    kind: 'taken',
    pid: MINE,
    note: 'a note\nof two lines',
    sinceMs: 1_000_000,
  });
  expect(readdirSync(folder)).toEqual(['unit.lock']);
});

test('a try and a wait meet at the same file', async () => {
  const path = join(temporary(), 'unit.lock');
  await locksOf(OTHER).withLock(path, async () => {
    expect(await locksOf(MINE).tryLock(path, '')).toMatchObject({ pid: OTHER, note: '' });
  });
  const lock = await locksOf(MINE).tryLock(path, 'a note');
  await locksOf(OTHER).withLock(
    path,
    async () => {},
    (holder) => {
      expect(holder).toBe(MINE);
      if (lock.kind === 'held') void lock.release();
    },
  );
  expect.assertions(2);
});

const kinds = (locks: readonly LockAttempt[]) => locks.map(({ kind }) => kind).sort();

test.each([
  ['where nothing lies', undefined],
  ['for the lock of a dead process', `${DEAD} abcdef\nits note`],
  ['for a lock that was never written', ''],
])('of two that race %s exactly one wins', async (_, left) => {
  const folder = temporary();
  const path = join(folder, 'unit.lock');
  const minuteAgo = Date.now() / 1000 - 60;
  if (left !== undefined) writeFileSync(path, left);
  if (left !== undefined) utimesSync(path, minuteAgo, minuteAgo);
  const racers = [MINE, OTHER].map((pid) =>
    createLocks(nodeFiles, { ...clock, now: Date.now }, (other) => other !== DEAD, pid).tryLock(
      path,
      'x',
    ),
  );
  expect(kinds(await Promise.all(racers))).toEqual(['held', 'taken']);
  expect(readdirSync(folder)).toEqual(['unit.lock']);
});

test('of fifty that race for the lock of a dead process exactly one wins', async () => {
  const path = join(temporary(), 'unit.lock');
  writeFileSync(path, `${DEAD} abcdef`);
  const racers = Array.from({ length: 50 }, (_, index) => locksOf(1000 + index).tryLock(path, ''));
  expect(kinds(await Promise.all(racers)).filter((kind) => kind === 'held')).toHaveLength(1);
});

test('one that found a dead holder does not free the lock of who came before it', async () => {
  const path = '/locks/unit.lock';
  const files = memoryFiles({ [path]: `${DEAD} abcdef` });
  const isAlive = (pid: number) => pid !== DEAD;
  const late = betweenLookAndGuard(files, async () => {
    const first = await createLocks(files, clock, isAlive, OTHER).tryLock(path, 'first');
    expect(first.kind).toBe('held');
  });
  const second = await createLocks(late, clock, isAlive, MINE).tryLock(path, 'second');
  expect(second).toMatchObject({ kind: 'taken', pid: OTHER, note: 'first' });
});

test('who died while it took a dead holder over is no hindrance', async () => {
  const folder = temporary();
  const path = join(folder, 'unit.lock');
  writeFileSync(path, `${DEAD} abcdef`);
  writeFileSync(`${path}.takeover`, `${DEAD} takeover`);
  expect((await locksOf(MINE).tryLock(path, '')).kind).toBe('held');
  expect(readdirSync(folder)).toEqual(['unit.lock']);
});

test('a pid that is cut off is nobody: the file is waited for, then taken over', async () => {
  const path = join(temporary(), 'unit.lock');
  writeFileSync(path, '10');
  let now = Date.now();
  const sleep = async () => {
    now += 1000;
  };
  const started = now;
  const locks = createLocks(nodeFiles, { now: () => now, sleep }, () => true, MINE);
  expect((await locks.tryLock(path, '')).kind).toBe('held');
  // The file was written a moment before.
  expect(now - started).toBeGreaterThanOrEqual(5000);
});

test('a release leaves alone what is somebody else’s by now, and can come twice', async () => {
  const path = join(temporary(), 'unit.lock');
  const lock = await locksOf(MINE).tryLock(path, '');
  writeFileSync(path, `${OTHER} theirs`);
  if (lock.kind !== 'held') throw new Error('not held');
  await lock.release();
  await lock.release();
  expect(readFileSync(path, 'utf8')).toBe(`${OTHER} theirs`);
});
