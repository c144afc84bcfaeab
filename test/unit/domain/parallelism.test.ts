import { expect, test } from 'vitest';
import { chooseParallelism } from '../../../src/domain/parallelism.ts';

const GiB = 1024 ** 3;

test.each([
  { why: 'what was asked for wins', asked: 50, cores: 1, memory: 0, expected: 50 },
  { why: 'four per core while memory lasts', cores: 2, memory: 64 * GiB, expected: 8 },
  { why: 'memory is the hard bound', cores: 16, memory: 4 * GiB, expected: 4 },
  { why: 'there is always one', cores: 8, memory: 0, expected: 1 },
])('$why', ({ asked, cores, memory, expected }) => {
  expect(chooseParallelism({ asked, cores, availableMemoryBytes: memory })).toBe(expected);
});
