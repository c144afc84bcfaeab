import type { Event } from '../../domain/events.ts';
import { foldRun } from '../../domain/fold-run.ts';
import type { Phase, RunRecord } from '../../domain/run-record.ts';

export interface RunningUnit {
  readonly phase: Phase | 'step';
  readonly sinceMs: number;
  readonly doing: string;
}

/** What the live view knows: the record so far, and what each running unit is at. */
export interface LiveState {
  readonly record: RunRecord | undefined;
  readonly running: ReadonlyMap<string, RunningUnit>;
  readonly notes: readonly string[];
}

export const EMPTY_LIVE_STATE: LiveState = {
  record: undefined,
  running: new Map(),
  notes: [],
};

export function foldLive(state: LiveState, event: Event): LiveState {
  switch (event.type) {
    case 'note':
      return { ...state, notes: [...state.notes, event.text].slice(-3) };
    case 'plan-ready':
    case 'tasks-planned':
    case 'task-progress':
    case 'task-ended':
      return state;
    case 'unit-progress': {
      const unit = state.running.get(event.unit);
      if (unit === undefined) return state;
      const doing = `${event.address} ${event.doing}`;
      return { ...state, running: new Map(state.running).set(event.unit, { ...unit, doing }) };
    }
    case 'step-progress': {
      const unit = state.running.get(event.unit);
      if (unit === undefined) return state;
      const doing = `${event.step}: ${event.text}`;
      return { ...state, running: new Map(state.running).set(event.unit, { ...unit, doing }) };
    }
    case 'run-started':
      return { ...state, record: event.record };
    default: {
      const record = state.record === undefined ? undefined : foldRun(state.record, event);
      return { ...state, record, running: foldRunning(state.running, event) };
    }
  }
}

function foldRunning(
  running: ReadonlyMap<string, RunningUnit>,
  event: Event,
): ReadonlyMap<string, RunningUnit> {
  if (event.type === 'unit-started') {
    const unit = { phase: event.phase, sinceMs: Date.parse(event.at), doing: '' };
    return new Map(running).set(event.unit, unit);
  }
  if (event.type === 'step-started') {
    const step = { phase: 'step', sinceMs: Date.parse(event.at), doing: event.step } as const;
    return new Map(running).set(event.unit, step);
  }
  if (event.type !== 'unit-ended' && event.type !== 'step-ended') return running;
  const rest = new Map(running);
  rest.delete(event.unit);
  return rest;
}
