import { expect, test, vi } from 'vitest';
import type { ProcessResult } from '../../../src/host/command.ts';
import { runBounded } from '../../../src/tools/bounded-process.ts';
import { fakeProcesses } from '../support/fake-processes.ts';

const command = { argv: ['kubectl', 'get', 'nodes'], cwd: '/', env: {} } as const;
const clock = { now: () => 0, sleep: async () => {} };
const killed: ProcessResult = {
  exitCode: null,
  signal: 'SIGKILL',
  stdout: '',
  stderr: '',
  durationMs: 1,
};

/** A process that ends by SIGKILL alone. */
function hanging() {
  let end = (_result: ProcessResult) => {};
  const fake = fakeProcesses(() => new Promise<ProcessResult>((resolve) => (end = resolve)));
  const processes = {
    ...fake,
    signal: (pid: number, name: NodeJS.Signals) => {
      fake.signal(pid, name);
      end(killed);
      return true;
    },
  };
  return { processes, clock, signals: fake.signals };
}

test('a process that ends by itself is left alone', async () => {
  const processes = fakeProcesses(() => ({ stdout: 'here' }));
  const result = await runBounded({ processes, clock }, command, { timeoutMs: 1000 });
  expect(result).toMatchObject({ exitCode: 0, stdout: 'here', endedBy: undefined });
  expect(processes.signals).toEqual([]);
});

test('one that hangs is killed at the deadline, with all that it started', async () => {
  vi.useFakeTimers();
  const host = hanging();
  const running = runBounded(host, command, { timeoutMs: 1000 });
  await vi.advanceTimersByTimeAsync(999);
  expect(host.signals).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await running).toMatchObject({ endedBy: 'deadline' });
  expect(host.signals).toEqual([[-100, 'SIGKILL']]);
  vi.useRealTimers();
});

test('a stop ends it at once, and one that came before it too', async () => {
  for (const abortFirst of [false, true]) {
    const host = hanging();
    const abort = new AbortController();
    if (abortFirst) abort.abort();
    const running = runBounded(host, command, { timeoutMs: 60_000, signal: abort.signal });
    abort.abort();
    expect(await running).toMatchObject({ endedBy: 'interrupt' });
    expect(host.signals).toHaveLength(1);
  }
});
