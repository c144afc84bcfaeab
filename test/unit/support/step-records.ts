import type { StepRecord } from '../../../src/domain/run-record.ts';

/** A step that passed; a test states what is otherwise. */
export function stepRecord(step: string, given: Partial<StepRecord> = {}): StepRecord {
  return {
    step,
    result: 'passed',
    text: 'all is well',
    acted: false,
    failure: null,
    startedAt: '2026-11-25T08:00:00.000Z',
    durationMs: 1000,
    ...given,
  };
}

export const failedStep = stepRecord('nodes', {
  result: 'failed',
  text: '2 of 3 nodes ready',
  failure: { kind: 'failed', summary: '2 of 3 nodes ready', next: 'platform steps dev nodes' },
});

export const notStarted = {
  result: 'not-started',
  text: '',
  startedAt: null,
  durationMs: 0,
} as const;
