import fc from 'fast-check';
import { expect, test } from 'vitest';
import { worstExitCode } from '../../../src/domain/exit-code.ts';

/** docs/exit-codes.md, worst first. */
const ORDER = [70, 129, 130, 143, 5, 64, 69, 4, 3, 1, 2, 0];

test.each(ORDER.slice(0, -1).map((worse, index) => [worse, ORDER[index + 1] ?? 0]))(
  '%i is worse than %i',
  (worse, better) => {
    expect(worstExitCode([better, worse])).toBe(worse);
    expect(worstExitCode([worse, better])).toBe(worse);
  },
);

test('the worst of many wins, in whatever order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ORDER)), (codes) => {
      const worst = ORDER.find((code) => codes.includes(code)) ?? 0;
      expect(worstExitCode(codes)).toBe(worst);
    }),
  );
});
