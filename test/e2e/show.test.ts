import { afterAll, beforeAll, expect, test } from 'vitest';
import { platform } from '../support/platform.ts';
import { makeSmallSandbox, type SmallSandbox } from '../support/small-sandbox.ts';

let sandbox: SmallSandbox;
const run = (...args: string[]) => platform(args, { cwd: sandbox.tree.root });

beforeAll(async () => {
  sandbox = await makeSmallSandbox({
    'small/one': { value: 'saved' },
  });
});
afterAll(() => sandbox?.remove());

test('a recorded plan is shown without the cloud that it was made for', async () => {
  expect((await run('plan', 'small')).exitCode).toBe(0);
  expect((await run('sandbox', 'down', 'small')).exitCode).toBe(0);
  const { exitCode, stdout } = await run('show', 'one');
  expect(stdout).toContain('"saved"');
  expect(exitCode).toBe(0);
  expect((await run('sandbox', 'status', 'small')).stdout).toMatch(/^down/);
});
