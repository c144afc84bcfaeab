import { expect, test } from 'vitest';
import { workThrough } from '../../../src/actions/run/queue.ts';
import { graphOf } from '../support/graphs.ts';

const graph = graphOf({ a: [], b: ['a'], c: ['b'], d: [] });

test('a failure blocks its dependents; the rest is done', async () => {
  const ran: string[] = [];
  const skipped: string[] = [];
  const left = await workThrough(graph, 2, {
    isStopped: () => false,
    run: async (unit) => {
      ran.push(unit);
      return unit === 'a' ? 'failed' : 'succeeded';
    },
    skip: async (unit, blockedBy) => void skipped.push(`${unit} by ${blockedBy.join()}`),
  });
  expect(ran).toEqual(['a', 'd']);
  expect(skipped).toEqual(['b by a', 'c by a']);
  expect(left).toEqual([]);
});

test('after a stop nothing more starts, what runs is waited for, and the rest is told', async () => {
  let stopped = false;
  const ended: string[] = [];
  const left = await workThrough(graph, 2, {
    isStopped: () => stopped,
    run: async (unit) => {
      stopped = true;
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(unit);
      return 'succeeded';
    },
    skip: async () => {},
  });
  expect(ended).toEqual(['a', 'd']);
  expect(left).toEqual(['b', 'c']);
});

test('work that ends while a skip is told still sets its dependents free', async () => {
  const ran: string[] = [];
  const left = await workThrough(graphOf({ a: [], b: ['a'], c: [], d: ['c'] }), 2, {
    isStopped: () => false,
    run: async (unit) => {
      ran.push(unit);
      if (unit === 'c') await new Promise((resolve) => setImmediate(resolve));
      return unit === 'a' ? 'failed' : 'succeeded';
    },
    // Slower than the work beside it.
    skip: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });
  expect(ran).toEqual(['a', 'c', 'd']);
  expect(left).toEqual([]);
});

test('work that throws ends the whole', async () => {
  const work = workThrough(graph, 1, {
    isStopped: () => false,
    run: () => Promise.reject(new Error('a bug')),
    skip: async () => {},
  });
  await expect(work).rejects.toThrow('a bug');
});
