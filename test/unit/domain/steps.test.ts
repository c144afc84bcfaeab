import { describe, expect, test } from 'vitest';
import { wasCutShort } from '../../../src/domain/cut-short.ts';
import type { RunEvent } from '../../../src/domain/events.ts';
import { foldRun } from '../../../src/domain/fold-run.ts';
import type { UnitRecord } from '../../../src/domain/run-record.ts';
import { declaredSteps, stepsSchema } from '../../../src/domain/steps/step-declaration.ts';
import type { StepOutcome } from '../../../src/domain/steps/step-outcome.ts';
import { stepProblems } from '../../../src/domain/steps/step-problems.ts';
import { runRecord, unitRecord } from '../support/records.ts';
import { failedStep, notStarted, stepRecord } from '../support/step-records.ts';

describe('declarations', () => {
  test('keep the order of the file, with what each step is told', () => {
    const steps = stepsSchema.parse({
      eks: ['cluster', { nodes: { deadlineSeconds: 60 } }],
      'istio-base': [{ crds: { names: ['gateways.networking.istio.io'] } }],
    });
    expect(declaredSteps(steps)).toEqual([
      { unit: 'eks', name: 'cluster', options: {} },
      { unit: 'eks', name: 'nodes', options: { nodes: { deadlineSeconds: 60 } } },
      {
        unit: 'istio-base',
        name: 'crds',
        options: { crds: { names: ['gateways.networking.istio.io'] } },
      },
    ]);
  });

  test.each([
    ['an unknown step', { eks: ['clusters'] }],
    ['two names in one entry', { eks: [{ nodes: {}, addons: {} }] }],
    ['no name', { eks: [{}] }],
    ['an unknown option', { eks: [{ nodes: { deadline: 60 } }] }],
    ['a deadline of nothing', { eks: [{ nodes: { deadlineSeconds: 0 } }] }],
    ['no step at all', { eks: [] }],
    ['a step that must be told what to look at', { a: [{ crds: { names: [] } }] }],
    ['a service without its namespace', { a: [{ 'load-balancer': { services: ['ingress'] } }] }],
  ])('%s is refused', (_, steps) => {
    expect(stepsSchema.safeParse(steps).success).toBe(false);
  });

  test('a unit that does not exist, or a step that stands twice, is a problem of the file', () => {
    const steps = declaredSteps({ eks: ['nodes', 'nodes'], esk: ['addons'] });
    expect(stepProblems(steps, new Set(['eks']), 'env.yaml').map(({ what }) => what)).toEqual([
      'steps name the unit "esk", which does not exist',
      'the step "nodes" stands twice after "eks"',
    ]);
    expect(stepProblems(steps.slice(0, 1), new Set(['eks']), 'env.yaml')).toEqual([]);
  });
});

describe('in a record', () => {
  const at = '2026-11-22T10:41:05.000Z';
  const before = unitRecord('eks', {
    result: 'applied',
    durationMs: 500,
    steps: [stepRecord('cluster', notStarted), stepRecord('nodes', notStarted)],
  });
  const folded = (outcome: StepOutcome): UnitRecord | undefined => {
    const events: RunEvent[] = [
      { type: 'step-started', at, unit: 'eks', step: 'nodes' },
      { type: 'step-ended', at, unit: 'eks', step: 'nodes', durationMs: 40, outcome },
    ];
    return events.reduce(foldRun, runRecord([before])).units[0];
  };

  test('a step that passed says what holds', () => {
    const unit = folded({ kind: 'passed', text: '3 of 3 nodes ready', acted: true });
    expect(unit?.steps).toEqual([
      stepRecord('cluster', notStarted),
      stepRecord('nodes', {
        text: '3 of 3 nodes ready',
        acted: true,
        startedAt: at,
        durationMs: 40,
      }),
    ]);
    expect(unit?.durationMs).toBe(540);
  });

  test('a step that failed says what is missing, and the unit stays applied', () => {
    const failure = { kind: 'identity', summary: 'no', next: 'log in' } as const;
    const unit = folded({ kind: 'failed', failure });
    expect(unit?.steps[1]).toMatchObject({ result: 'failed', text: 'no', failure });
    expect(unit).toMatchObject({ result: 'applied', failure: null });
  });

  test('a run that was stopped before its last step was cut short, one that failed was not', () => {
    const cut = (steps: UnitRecord['steps']) =>
      wasCutShort(
        runRecord([unitRecord('eks', { result: 'unchanged', steps })], {
          command: 'apply',
          interruptedBy: 'SIGINT',
        }),
      );
    expect(cut([stepRecord('cluster'), stepRecord('nodes', notStarted)])).toBe(true);
    expect(cut([stepRecord('cluster', { result: 'interrupted' })])).toBe(true);
    expect(cut([stepRecord('cluster'), stepRecord('nodes')])).toBe(false);
    expect(cut([failedStep])).toBe(false);
  });
});
