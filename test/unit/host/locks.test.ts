import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clock } from '../../../src/host/host.ts';
import { nodeFiles } from '../../../src/host/node/files.ts';
import { createLocks } from '../../../src/host/node/locks.ts';
import { memoryFiles } from '../support/memory-files.ts';
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

test('a new holder that comes between the look at a dead one and the taking keeps its lock', async () => {
  const path = '/locks/unit.lock';
  const files = memoryFiles({ [path]: `${DEAD} abcdef` });
  let isFirst = true;
  const late = {
    ...files,
    rename: async (from: string, to: string) => {
      if (isFirst) await files.writeAtomic(path, `${OTHER} theirs`);
      isFirst = false;
      await files.rename(from, to);
    },
  };
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
