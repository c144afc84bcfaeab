import { expect, test } from 'vitest';
import { type Interruption, watchInterrupts } from '../../../src/actions/run/interruption.ts';
import type { InterruptSignal } from '../../../src/host/host.ts';
import { fakeProcesses } from '../support/fake-processes.ts';
import { fakeSignals } from '../support/fake-signals.ts';
import { memoryFiles } from '../support/memory-files.ts';

const TERRAGRUNT = 50;

interface Stage {
  readonly interruption: Interruption;
  /** `pid signal`, in the order in which they were sent. */
  readonly sent: readonly string[];
  readonly notes: readonly string[];
  readonly told: readonly InterruptSignal[];
  /** What was done with files, in order. */
  readonly touched: readonly string[];
  readonly signals: ReturnType<typeof fakeSignals>;
  at(ms: number): void;
}

interface Scene {
  readonly pids?: string;
  readonly parents?: Readonly<Record<number, number | undefined>>;
  readonly dead?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  readonly brokenDisk?: boolean;
}

/** A run with one unit, whose shim noted the pids; signals go nowhere. */
function stage(scene: Scene = {}): Stage {
  const files = memoryFiles({ '/run/units/eks/apply.pids': scene.pids ?? '101\n' });
  const signals = fakeSignals();
  const processes = fakeProcesses(() => undefined);
  const sent: string[] = [];
  const notes: string[] = [];
  const told: InterruptSignal[] = [];
  const touched: string[] = [];
  let now = 1_000_000;
  const start = now;
  const interruption = watchInterrupts(
    {
      files: {
        ...files,
        writeAtomic: async (path, content) => {
          if (scene.brokenDisk) throw new Error('no space left');
          touched.push(`write ${path}`);
          await files.writeAtomic(path, content);
        },
        read: (path) => {
          touched.push(`read ${path}`);
          return files.read(path);
        },
      },
      signals,
      processes: {
        ...processes,
        signal: (pid, name) => {
          sent.push(`${pid} ${name}`);
          return true;
        },
        isAlive: (pid) => !(scene.dead ?? []).includes(pid),
        groupOf: (pid) => (scene.parents ? scene.parents[pid] : TERRAGRUNT),
      },
      clock: { now: () => now, sleep: () => Promise.reject(new Error('nobody sleeps here')) },
      env: scene.env ?? {},
    },
    '/run',
    (signal) => told.push(signal),
    (text) => notes.push(text),
  );
  interruption.watch({
    unit: 'eks',
    terragruntPid: TERRAGRUNT,
    pidsFile: '/run/units/eks/apply.pids',
  });
  const at = (ms: number) => {
    now = start + ms;
  };
  return { interruption, sent, notes, told, touched, signals, at };
}

/** Everything that was set off has happened: nothing in these fakes waits for more than promises. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('nothing came, nothing is stopped', () => {
  expect(stage().interruption.signal()).toBeUndefined();
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'the first %s: known at once, told once, and each Terraform gets one SIGINT',
  async (signal) => {
    const { interruption, signals, sent, told } = stage({ pids: '101\n102\n101\n' });
    signals.send(signal);
    expect(interruption.signal()).toBe(signal);
    await settled();
    expect(sent).toEqual(['101 SIGINT', '102 SIGINT']);
    expect(told).toEqual([signal]);
  },
);

test('the stop file is there before any pid is read', async () => {
  const { interruption, signals, touched } = stage();
  signals.send('SIGINT');
  await settled();
  expect(interruption.stopFile).toBe('/run/stop');
  expect(touched).toEqual(['write /run/stop', 'read /run/units/eks/apply.pids']);
});

test('who is dead, reused by somebody else, or no pid at all gets nothing', async () => {
  const { signals, sent } = stage({
    pids: '101\n102\n103\n104\n\nx\n1\n0\n-5\n',
    parents: { 101: TERRAGRUNT, 102: 1, 103: TERRAGRUNT, 104: undefined },
    dead: [103],
  });
  signals.send('SIGINT');
  await settled();
  // 104: a system that does not tell parents.
  expect(sent).toEqual(['101 SIGINT', '104 SIGINT']);
});

test('a unit that has ended gets nothing', async () => {
  const { interruption, signals, sent } = stage();
  const release = interruption.watch({
    unit: 'vpc',
    terragruntPid: 60,
    pidsFile: '/run/units/eks/apply.pids',
  });
  release();
  signals.send('SIGINT');
  await settled();
  expect(sent).toEqual(['101 SIGINT']);
});

test('a second press within a second is the same wish', async () => {
  const { signals, sent, notes, at } = stage();
  signals.send('SIGINT');
  at(999);
  signals.send('SIGINT');
  await settled();
  expect(sent).toEqual(['101 SIGINT']);
  expect(notes).toEqual([]);
});

test('a second press later explains what a third would cost, and sends nothing', async () => {
  const { signals, sent, notes, told, at } = stage();
  signals.send('SIGINT');
  at(1000);
  signals.send('SIGINT');
  await settled();
  expect(sent).toEqual(['101 SIGINT']);
  expect(told).toEqual(['SIGINT']);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/^still finishing: eks\..*within 5 s forces it.*lost/);
});

test('a third within five seconds of the explanation is passed on', async () => {
  const { signals, sent, notes, at } = stage();
  for (const ms of [0, 2000, 7000]) {
    at(ms);
    signals.send('SIGINT');
  }
  await settled();
  expect(sent).toEqual(['101 SIGINT', '101 SIGINT']);
  expect(notes[1]).toMatch(/^forcing: eks may leave state unsaved and locks held/);
});

test('a third that comes too late explains again and sends nothing', async () => {
  const { signals, sent, notes, at } = stage();
  for (const ms of [0, 2000, 7001]) {
    at(ms);
    signals.send('SIGINT');
  }
  await settled();
  expect(sent).toEqual(['101 SIGINT']);
  expect(notes.map((note) => note.split(':')[0])).toEqual(['still finishing', 'still finishing']);
});

test('many presses in a hurry never force', async () => {
  const { signals, sent, at } = stage();
  for (const ms of [0, 150, 300, 450, 600, 999]) {
    at(ms);
    signals.send('SIGINT');
  }
  await settled();
  expect(sent).toEqual(['101 SIGINT']);
});

test.each([
  ['in CI within ten seconds it is the same cancellation', { CI: 'true' }, 10_000, 0],
  ['in CI later it is a second wish', { CI: 'true' }, 10_001, 1],
  ['outside CI it is a second wish', {}, 7500, 1],
] as const)('SIGTERM after SIGINT: %s', async (_, env, ms, explained) => {
  const { signals, sent, notes, at } = stage({ env });
  signals.send('SIGINT');
  at(ms);
  signals.send('SIGTERM');
  await settled();
  expect(sent).toEqual(['101 SIGINT']);
  expect(notes).toHaveLength(explained);
});

test('in CI the cancellation does not force even after an explanation', async () => {
  const { signals, sent, at } = stage({ env: { CI: 'true' } });
  for (const [ms, signal] of [
    [0, 'SIGINT'],
    [6000, 'SIGINT'],
    [7500, 'SIGTERM'],
  ] as const) {
    at(ms);
    signals.send(signal);
  }
  await settled();
  expect(sent).toEqual(['101 SIGINT']);
});

test('without a stop file Terraform is interrupted all the same', async () => {
  const { signals, sent } = stage({ brokenDisk: true });
  signals.send('SIGINT');
  await settled();
  expect(sent).toEqual(['101 SIGINT']);
});

test('at the end the handlers are put away', () => {
  const { interruption, signals } = stage();
  expect(signals.listeners()).toBe(1);
  interruption.end();
  expect(signals.listeners()).toBe(0);
});
