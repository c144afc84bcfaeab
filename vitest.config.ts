import { defineConfig } from 'vitest/config';

const MINUTE_MS = 60_000;

/** Unit tests start nothing. The others run real binaries: two cores bear two files at once. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Properties over hundreds of graphs take seconds where the machine is shared.
          testTimeout: MINUTE_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'real',
          include: [
            'test/contract/**/*.test.ts',
            'test/e2e/**/*.test.ts',
            'test/sandbox/**/*.test.ts',
          ],
          globalSetup: ['test/support/toolchain.ts'],
          testTimeout: 20 * MINUTE_MS,
          hookTimeout: 20 * MINUTE_MS,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
