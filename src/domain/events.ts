import type { Label } from './label.ts';
import type { Plan } from './plan.ts';
import type { Phase, RunRecord, UnitBinding, UnitFailure, UnitRecord } from './run-record.ts';
import type { StepOutcome } from './steps/step-outcome.ts';

/** How one phase of a unit ended. */
export type PhaseOutcome =
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      readonly sha256: string;
      readonly inputs: string;
    }
  /** A plan that is not used: the one before it stands. */
  | { readonly kind: 'set-aside' }
  /** No plan can be made before these units have outputs. */
  | { readonly kind: 'waiting'; readonly on: readonly string[] }
  | {
      readonly kind: 'applied';
      readonly done: number;
      readonly failedChecks: readonly string[];
    }
  | { readonly kind: 'failed'; readonly failure: UnitFailure; readonly done: number }
  | { readonly kind: 'interrupted'; readonly done: number };

/** What happens in a run, in order; the record is folded from these, and they stand in events.ndjson. */
export type RunEvent =
  | { readonly type: 'run-started'; readonly at: string; readonly record: RunRecord }
  | {
      readonly type: 'unit-started';
      readonly at: string;
      readonly unit: string;
      readonly phase: Phase;
    }
  | {
      readonly type: 'unit-ended';
      readonly at: string;
      readonly unit: string;
      readonly phase: Phase;
      readonly durationMs: number;
      readonly outcome: PhaseOutcome;
    }
  | {
      readonly type: 'unit-labelled';
      readonly at: string;
      readonly unit: string;
      readonly label: Label;
      readonly reason: string;
      readonly pending: readonly string[];
      readonly plannedThrough: readonly string[];
      readonly binding: UnitBinding | null;
    }
  | {
      readonly type: 'unit-settled';
      readonly at: string;
      readonly unit: string;
      readonly result: UnitRecord['result'];
      readonly reason: string;
      readonly blockedBy: readonly string[];
    }
  | {
      readonly type: 'step-started';
      readonly at: string;
      readonly unit: string;
      readonly step: string;
    }
  | {
      readonly type: 'step-ended';
      readonly at: string;
      readonly unit: string;
      readonly step: string;
      readonly durationMs: number;
      readonly outcome: StepOutcome;
    }
  | {
      readonly type: 'run-interrupted';
      readonly at: string;
      readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';
    }
  | { readonly type: 'run-declined'; readonly at: string }
  | {
      readonly type: 'run-refused';
      readonly at: string;
      readonly refused: RunRecord['refused'];
    }
  | { readonly type: 'run-ended'; readonly at: string; readonly exitCode: number };

/** What is worth seeing while it happens and not worth keeping. */
export type Progress =
  | {
      readonly type: 'unit-progress';
      readonly unit: string;
      readonly address: string;
      readonly doing: string;
      readonly done: number;
    }
  | {
      readonly type: 'step-progress';
      readonly unit: string;
      readonly step: string;
      readonly text: string;
    }
  | { readonly type: 'tasks-planned'; readonly tasks: readonly string[] }
  | { readonly type: 'task-progress'; readonly task: string; readonly text: string }
  | { readonly type: 'task-ended'; readonly task: string; readonly text: string }
  | {
      readonly type: 'plan-ready';
      readonly record: RunRecord;
      readonly directory: string;
    }
  | { readonly type: 'note'; readonly text: string };

export type Event = RunEvent | Progress;
