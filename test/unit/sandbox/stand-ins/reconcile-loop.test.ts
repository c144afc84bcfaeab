import { expect, test } from 'vitest';
import { type ApiClient, ApiError } from '../../../../src/sandbox/cluster/api-client.ts';
import { keepReconciling, readOnce } from '../../../../src/sandbox/stand-ins/reconcile-loop.ts';
import type { StandIn } from '../../../../src/sandbox/stand-ins/stand-in.ts';

/** A clock that tells its pauses and ends them at once, until `looks` are over. */
function loopOf(standIns: readonly StandIn[], looks: number) {
  const pauses: number[] = [];
  const lines: string[] = [];
  let last: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => {
    last = resolve;
  });
  const sleep = (ms: number) => {
    pauses.push(ms);
    if (pauses.length < looks) return Promise.resolve();
    last();
    return new Promise<void>(() => undefined);
  };
  const loop = keepReconciling({
    api: {} as ApiClient,
    clock: { now: () => 0, sleep },
    standIns,
    log: (line) => lines.push(line),
  });
  const run = async () => {
    await enough;
    await loop.stop();
    return { pauses, lines };
  };
  return run();
}

test('pauses grow while nothing changes, and are short again after a change', async () => {
  const changes = [false, false, false, false, true, false];
  const standIn = { name: 'a', reconcile: async () => changes.shift() ?? false };
  const { pauses } = await loopOf([standIn], 6);
  expect(pauses).toEqual([500, 1000, 2000, 2000, 250, 500]);
});

test('a failure is told once, again after a success, and stops nobody else', async () => {
  const answers = ['down', 'down', '', 'down', 'worse'];
  let others = 0;
  const failing = {
    name: 'a',
    reconcile: async () => {
      const answer = answers.shift() ?? '';
      if (answer !== '') throw new Error(answer);
      return false;
    },
  };
  const other = {
    name: 'b',
    reconcile: async () => {
      others += 1;
      return false;
    },
  };
  const { lines } = await loopOf([failing, other], 5);
  expect(lines).toEqual(['a: down', 'a: down', 'a: worse']);
  expect(others).toBe(5);
});

test('a conflict is no failure, and the next look comes soon', async () => {
  const standIn = {
    name: 'a',
    reconcile: async () => {
      throw new ApiError(409, 'the object has been modified');
    },
  };
  expect(await loopOf([standIn], 2)).toEqual({ pauses: [250, 250], lines: [] });
});

test('stopping ends what was held open', async () => {
  let closed = false;
  const standIn = {
    name: 'a',
    reconcile: async () => false,
    close: async () => {
      closed = true;
    },
  };
  await loopOf([standIn], 1);
  expect(closed).toBe(true);
});

test('one look reads each collection once', async () => {
  const read: string[] = [];
  const api = {
    list: async (path: string) => {
      read.push(path);
      return [];
    },
  } as unknown as ApiClient;
  const view = readOnce(api);
  await Promise.all([view.list('/a'), view.list('/a'), view.list('/b')]);
  expect(read).toEqual(['/a', '/b']);
});
