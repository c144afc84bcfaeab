import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/domain/events.ts';
import type { StepOutcome } from '../../../src/domain/steps/step-outcome.ts';
import { eventLine } from '../../../src/ui/event-lines.ts';
import { createLineDisplay } from '../../../src/ui/line-display.ts';
import { EMPTY_LIVE_STATE, foldLive } from '../../../src/ui/live/live-state.ts';
import { liveView } from '../../../src/ui/live/live-view.ts';
import { plainPaint } from '../../../src/ui/paint.ts';
import { stepsTable } from '../../../src/ui/steps-table.ts';
import { markdownSummary } from '../../../src/ui/summary/markdown-summary.ts';
import { nextCommands } from '../../../src/ui/summary/next-commands.ts';
import { terminalSummary } from '../../../src/ui/summary/terminal-summary.ts';
import { verdictOf } from '../../../src/ui/summary/verdict.ts';
import { none, runRecord, unitRecord } from '../support/records.ts';
import { failedStep, notStarted, stepRecord } from '../support/step-records.ts';

const done = { label: 'exact', result: 'applied', changes: { ...none, add: 3 } } as const;
const restart = stepRecord('istio-restart', {
  acted: true,
  durationMs: 12_000,
  text: 'restarted: 2 pods had the image "auto"',
});

const healed = runRecord(
  [
    unitRecord('eks', {
      ...done,
      steps: [stepRecord('cluster'), stepRecord('nodes', { text: '3 of 3 nodes ready' })],
    }),
    unitRecord('istio-ingress', { ...done, steps: [restart] }),
    unitRecord('vpc', { result: 'unchanged', label: 'no-changes', changes: none }),
  ],
  { command: 'apply' },
);

const broken = runRecord(
  [
    unitRecord('eks', {
      ...done,
      steps: [stepRecord('cluster'), failedStep, stepRecord('coredns', notStarted)],
    }),
    unitRecord('gpu-operator', {
      result: 'skipped',
      blockedBy: ['eks'],
      steps: [stepRecord('gpu-check', notStarted)],
    }),
  ],
  { command: 'apply', exitCode: 1 },
);

const options = { columns: 80, paint: plainPaint, program: 'platform', recordPath: '.platform/x' };

describe('the summary of a run with steps', () => {
  test('has a line for each, with what holds, and marks what was changed', () => {
    expect(verdictOf(healed)).toEqual({
      word: 'DONE',
      text: '2 units applied, 1 unchanged, 3 steps passed',
    });
    const text = terminalSummary(healed, options);
    expect(text).toContain(
      [
        'STEPS',
        ' = eks            cluster        all is well',
        ' = eks            nodes          3 of 3 nodes ready',
        ' * istio-ingress  istio-restart  restarted: 2 pods had the image "auto" (12s)',
      ].join('\n'),
    );
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('a step that failed is read first, blocks, and is offered again', () => {
    expect(verdictOf(broken)).toEqual({
      word: 'FAILED',
      text: '1 step failed, 1 passed; 1 blocked, 1 applied',
    });
    const text = terminalSummary(broken, options);
    expect(text).toContain('1 STEP     eks  nodes: 2 of 3 nodes ready');
    expect(text).toContain('blocks gpu-operator');
    expect(text).toMatch(/^ x eks .*applied, nodes failed$/m);
    expect(text).toMatch(/^ - eks +coredns +not started$/m);
    // What blocked it says why; its own steps were never near.
    expect(text).not.toContain('gpu-check');
    expect(text).toContain('exit 1 (a step failed)');
    expect(nextCommands(broken, 'platform').map(({ command }) => command)).toEqual([
      'platform steps dev nodes',
      'platform apply dev --resume',
    ]);
  });

  test('names before the question what will be run', () => {
    const asked = terminalSummary({ ...broken, exitCode: null, endedAt: null }, options);
    expect(asked).toContain('after their units, the steps cluster, nodes, coredns, gpu-check');
    expect(asked).not.toContain('STEPS');
    const gone = { ...broken, command: 'destroy', exitCode: null, endedAt: null } as const;
    expect(terminalSummary(gone, options)).toContain('before and after all units, the steps');
  });

  test('in Markdown is a table, open where something failed, and nothing in it comes alive', () => {
    expect(markdownSummary(healed)).toContain('<details><summary>3 steps passed</summary>');
    expect(markdownSummary(healed)).toContain('| istio-ingress | istio-restart | done |');
    const hostile = runRecord(
      [unitRecord('a', { ...done, steps: [{ ...failedStep, text: '<b> | @all' }] })],
      { command: 'apply' },
    );
    const text = markdownSummary(hostile);
    expect(text).toContain('<details open><summary>1 step failed</summary>');
    expect(text).toContain('&lt;b&gt; \\| @<!-- -->all');
  });
});

test('what preflight refuses is no failed step', () => {
  const refusal = { kind: 'preflight', unit: 'eks', why: 'quota', next: 'ask' } as const;
  const refused = runRecord([unitRecord('eks', { result: 'planned' })], {
    command: 'apply',
    exitCode: 1,
    refused: [refusal],
  });
  expect(terminalSummary(refused, options)).toContain('exit 1 (it cannot work as it is)');
});

test('steps alone: no rows of units, and the step again', () => {
  const alone = runRecord(broken.units, { command: 'steps', choice: ['nodes'], exitCode: 1 });
  expect(verdictOf(alone)).toEqual({ word: 'FAILED', text: '1 step failed, 1 passed' });
  expect(terminalSummary(alone, options)).not.toContain('ADD');
  expect(nextCommands(alone, 'platform')).toHaveLength(1);
});

describe('while it runs', () => {
  const at = '2026-11-25T08:00:00.000Z';
  const begun: Event[] = [
    { type: 'run-started', at, record: { ...broken, endedAt: null, exitCode: null } },
    { type: 'step-started', at, unit: 'eks', step: 'coredns' },
    { type: 'step-progress', unit: 'eks', step: 'coredns', text: '1 of 2 replicas available' },
  ];

  test('the live view says what is missing', () => {
    const view = liveView(begun.reduce(foldLive, EMPTY_LIVE_STATE), {
      columns: 80,
      rows: 24,
      nowMs: Date.parse(at) + 3000,
      paint: plainPaint,
    });
    expect(view).toMatch(/>> eks +3s {2}coredns: 1 of 2 replicas available/);
  });

  test.each<[StepOutcome, string]>([
    [{ kind: 'passed', text: '3 of 3', acted: false }, 'eks: nodes passed: 3 of 3 (4s)'],
    [{ kind: 'failed', failure: { kind: 'failed', summary: 'no' } }, 'eks: nodes failed: no (4s)'],
    [{ kind: 'interrupted' }, 'eks: nodes cut off (4s)'],
  ])('the end of a step is a line in a log: %j', (outcome, line) => {
    const event = { type: 'step-ended', at, unit: 'eks', step: 'nodes', durationMs: 4000 } as const;
    expect(eventLine({ ...event, outcome })).toBe(line);
  });
});

test('the list of steps stays inside its columns', () => {
  const does = 'waits until every node that the node groups promise is Ready, and names the others';
  const text = stepsTable([{ unit: 'eks', step: 'nodes', does }], 60);
  expect(text.split('\n').every((line) => line.length <= 60)).toBe(true);
  expect(text).toContain('eks   nodes  waits until every node');
});

test('in a log, what is missing is said when it changes', () => {
  const lines: string[] = [];
  const display = createLineDisplay((text) => lines.push(text));
  for (const text of ['1 of 3', '1 of 3', '2 of 3']) {
    display.show({ type: 'step-progress', unit: 'eks', step: 'nodes', text });
  }
  display.end();
  expect(lines).toEqual(['eks: nodes: 1 of 3\n', 'eks: nodes: 2 of 3\n']);
});
