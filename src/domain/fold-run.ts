import type { RunEvent } from './events.ts';
import { countChanges } from './plan.ts';
import type { RunRecord, StepRecord, UnitRecord } from './run-record.ts';

/** The record after one more event. The first event of a run carries the record to start from. */
export function foldRun(record: RunRecord, event: RunEvent): RunRecord {
  const durationMs = Math.max(0, Date.parse(event.at) - Date.parse(record.startedAt));
  switch (event.type) {
    case 'run-started':
      return event.record;
    case 'run-interrupted':
      return { ...record, durationMs, interruptedBy: record.interruptedBy ?? event.signal };
    case 'run-declined':
      return { ...record, durationMs, declined: true };
    case 'run-refused':
      return { ...record, durationMs, refused: event.refused };
    case 'run-ended':
      return { ...record, durationMs, endedAt: event.at, exitCode: event.exitCode };
    default:
      return {
        ...record,
        durationMs,
        units: record.units.map((unit) =>
          unit.unit === event.unit ? foldUnit(unit, event) : unit,
        ),
      };
  }
}

type UnitEvent = Extract<RunEvent, { unit: string }>;

function foldUnit(unit: UnitRecord, event: UnitEvent): UnitRecord {
  switch (event.type) {
    case 'unit-started':
      return {
        ...unit,
        phases: [...unit.phases, { phase: event.phase, startedAt: event.at, durationMs: 0 }],
      };
    case 'unit-ended':
      return foldOutcome(
        {
          ...unit,
          durationMs: unit.durationMs + event.durationMs,
          phases: unit.phases.map((phase, index) =>
            // An apply that is refused ends without having started: the plan before it keeps its time.
            index === unit.phases.length - 1 && phase.phase === event.phase
              ? { ...phase, durationMs: event.durationMs }
              : phase,
          ),
        },
        event,
      );
    case 'unit-labelled':
      return {
        ...unit,
        label: event.label,
        reason: event.reason,
        pending: [...event.pending],
        plannedThrough: [...event.plannedThrough],
        binding: event.binding,
      };
    case 'unit-settled':
      return {
        ...unit,
        result: event.result,
        reason: event.reason === '' ? unit.reason : event.reason,
        blockedBy: [...event.blockedBy],
      };
    case 'step-started':
    case 'step-ended':
      return {
        ...unit,
        durationMs: unit.durationMs + (event.type === 'step-ended' ? event.durationMs : 0),
        steps: unit.steps.map((step) => (step.step === event.step ? foldStep(step, event) : step)),
      };
  }
}

function foldStep(
  step: StepRecord,
  event: Extract<UnitEvent, { type: 'step-started' | 'step-ended' }>,
): StepRecord {
  if (event.type === 'step-started') return { ...step, result: 'running', startedAt: event.at };
  const { outcome, durationMs } = event;
  switch (outcome.kind) {
    case 'passed':
      return { ...step, durationMs, result: 'passed', text: outcome.text, acted: outcome.acted };
    case 'failed':
      return {
        ...step,
        durationMs,
        result: 'failed',
        text: outcome.failure.summary,
        failure: { ...outcome.failure },
      };
    case 'interrupted':
      return { ...step, durationMs, result: 'interrupted' };
  }
}

function foldOutcome(
  unit: UnitRecord,
  { outcome, phase }: Extract<RunEvent, { type: 'unit-ended' }>,
): UnitRecord {
  switch (outcome.kind) {
    case 'planned':
      return {
        ...unit,
        result: 'planned',
        isNew: outcome.plan.isNew,
        isEmpty: outcome.plan.isEmpty,
        changes: countChanges(outcome.plan),
        resources: outcome.plan.resources.map((resource) => ({
          ...resource,
          actions: [...resource.actions],
          forcedBy: [...resource.forcedBy],
          attributes: [...resource.attributes],
          known: { ...resource.known },
          values: [...resource.values],
        })),
        outputs: [...outcome.plan.outputs],
        knownOutputs: { ...outcome.plan.knownOutputs },
        warnings: [...outcome.plan.failedChecks],
        failure: null,
        plan: phase === 'apply' ? null : { phase, sha256: outcome.sha256, inputs: outcome.inputs },
      };
    case 'set-aside':
      return unit;
    case 'waiting':
      return { ...unit, result: 'planned' };
    case 'applied':
      return {
        ...unit,
        result: 'applied',
        done: outcome.done,
        warnings: [...new Set([...unit.warnings, ...outcome.failedChecks])],
      };
    case 'interrupted':
      return { ...unit, result: 'interrupted', done: outcome.done };
    case 'failed':
      return {
        ...unit,
        result: 'failed',
        failure: outcome.failure,
        done: outcome.done,
        // A plan that failed says nothing of what would change; what an apply was to change is known.
        changes: phase === 'apply' ? unit.changes : null,
      };
  }
}
