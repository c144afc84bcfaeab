import { expect, test } from 'vitest';
import { createRecorder } from '../../../src/actions/run/recorder.ts';
import type { Event, RunEvent } from '../../../src/domain/events.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { runRecord, unitRecord } from '../support/records.ts';

const at = '2026-11-22T10:41:00.000Z';
const first = runRecord([unitRecord('vpc')], { endedAt: null, exitCode: null });
const started: RunEvent = { type: 'unit-started', at, unit: 'vpc', phase: 'plan' };

function record(files = memoryFiles()) {
  let now = 10_000;
  const told: Event[] = [];
  const clock = { now: () => now, sleep: () => Promise.reject(new Error('nobody sleeps here')) };
  const recorder = createRecorder({ files, clock }, '/run', first, (event) => {
    told.push(event);
  });
  const lines = async () => ((await files.read('/run/events.ndjson')) ?? '').split('\n').length - 1;
  const snapshot = async () => JSON.parse((await files.read('/run/run.json')) ?? 'null');
  const pass = (ms: number) => {
    now += ms;
  };
  return { recorder, told, lines, snapshot, pass };
}

test('an event is in the record at once, on disk before anybody is told', async () => {
  const files = memoryFiles();
  const seen: (string | undefined)[] = [];
  const told: string[] = [];
  const watched = {
    ...files,
    append: async (path: string, text: string) => {
      expect(told).toEqual([]);
      seen.push(text);
      await files.append(path, text);
    },
  };
  const clock = { now: () => 10_000, sleep: async () => {} };
  const recorder = createRecorder({ files: watched, clock }, '/run', first, ({ type }) =>
    told.push(type),
  );
  const done = recorder.add(started);
  expect(recorder.record().units[0]?.phases).toHaveLength(1);
  await done;
  expect(seen).toEqual([`${JSON.stringify(started)}\n`]);
  expect(told).toEqual(['unit-started']);
});

test('events keep their order, however fast they come', async () => {
  const { recorder, told } = record();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  await Promise.all(signals.map((signal) => recorder.add({ type: 'run-interrupted', at, signal })));
  expect(told.map((event) => event.type === 'run-interrupted' && event.signal)).toEqual(signals);
});

test('run.json is at most a second old, and whole after a flush', async () => {
  const { recorder, snapshot, lines, pass } = record();
  await recorder.add(started);
  pass(999);
  await recorder.add({ type: 'run-declined', at });
  expect(await lines()).toBe(2);
  expect(await snapshot()).toMatchObject({ declined: false });
  pass(1);
  await recorder.add({ type: 'run-interrupted', at, signal: 'SIGINT' });
  expect(await snapshot()).toMatchObject({ declined: true, interruptedBy: 'SIGINT' });
  await recorder.add({ type: 'run-ended', at, exitCode: 1 });
  await recorder.flush();
  expect(await snapshot()).toEqual(recorder.record());
});

test('a full disk is told once, and the run goes on', async () => {
  const full = () => Promise.reject(new Error('no space left'));
  const { recorder, told } = record({ ...memoryFiles(), append: full, writeAtomic: full });
  await recorder.add(started);
  await recorder.add({ type: 'run-declined', at });
  await recorder.flush();
  expect(told).toEqual([
    { type: 'note', text: 'the run record is not complete: no space left' },
    started,
    { type: 'run-declined', at },
  ]);
});
