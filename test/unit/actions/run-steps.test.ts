import { expect, test } from 'vitest';
import { createRecorder } from '../../../src/actions/run/recorder.ts';
import { type RunnableStep, runSteps } from '../../../src/actions/run/run-steps.ts';
import type { Event } from '../../../src/domain/events.ts';
import type { StepOutcome } from '../../../src/domain/steps/step-outcome.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { runRecord, unitRecord } from '../support/records.ts';
import { notStarted, stepRecord } from '../support/step-records.ts';

const passed: StepOutcome = { kind: 'passed', text: 'all there', acted: false };
const failed: StepOutcome = { kind: 'failed', failure: { kind: 'failed', summary: 'none there' } };

function aRun(outcomes: Readonly<Record<string, StepOutcome>>) {
  const files = memoryFiles();
  const clock = { now: () => 10_000, sleep: async () => {} };
  const told: Event[] = [];
  const names = Object.keys(outcomes);
  const unit = unitRecord('eks', {
    result: 'applied',
    steps: names.map((name) => stepRecord(name, notStarted)),
  });
  const abort = new AbortController();
  const recorder = createRecorder({ files, clock }, '/run', runRecord([unit]), (event) => {
    told.push(event);
  });
  const context = {
    session: { host: { files, clock } },
    directory: '/run',
    recorder,
    interruption: { aborted: abort.signal },
  } as unknown as Parameters<typeof runSteps>[0];
  const ran: string[] = [];
  const steps = names.map(
    (name): RunnableStep => ({
      unit: 'eks',
      name,
      run: async (progress) => {
        ran.push(name);
        progress('1 of 3');
        progress('1 of 3');
        progress('2 of 3');
        return outcomes[name] ?? passed;
      },
    }),
  );
  return {
    go: () => runSteps(context, steps, (event) => told.push(event)),
    abort,
    ran,
    results: () => recorder.record().units[0]?.steps.map(({ result }) => result),
    log: async () => (await files.read('/run/units/eks/steps.log'))?.split('\n'),
    told,
  };
}

test('steps run one after the other, and what each waited for stands in a log', async () => {
  const run = aRun({ cluster: passed, nodes: passed });
  expect(await run.go()).toBe(true);
  expect(run.ran).toEqual(['cluster', 'nodes']);
  expect(run.results()).toEqual(['passed', 'passed']);
  expect(await run.log()).toEqual([
    '1970-01-01T00:00:10.000Z cluster: 1 of 3',
    '1970-01-01T00:00:10.000Z cluster: 2 of 3',
    '1970-01-01T00:00:10.000Z cluster: passed: all there',
    '1970-01-01T00:00:10.000Z nodes: 1 of 3',
    '1970-01-01T00:00:10.000Z nodes: 2 of 3',
    '1970-01-01T00:00:10.000Z nodes: passed: all there',
    '',
  ]);
});

test('after one that failed none is run', async () => {
  const run = aRun({ cluster: failed, nodes: passed });
  expect(await run.go()).toBe(false);
  expect(run.ran).toEqual(['cluster']);
  expect(run.results()).toEqual(['failed', 'not-started']);
});

test('after a stop none is begun', async () => {
  const run = aRun({ cluster: passed });
  run.abort.abort();
  expect(await run.go()).toBe(false);
  expect(run.ran).toEqual([]);
  expect(run.results()).toEqual(['not-started']);
});

test('one that was cut off says so, and its dependents do not start', async () => {
  const run = aRun({ cluster: { kind: 'interrupted' }, nodes: passed });
  expect(await run.go()).toBe(false);
  expect(run.results()).toEqual(['interrupted', 'not-started']);
});
