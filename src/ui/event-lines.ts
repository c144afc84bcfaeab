import type { Event, PhaseOutcome } from '../domain/events.ts';
import { countChanges, hasChanges } from '../domain/plan.ts';
import type { Phase } from '../domain/run-record.ts';
import type { StepOutcome } from '../domain/steps/step-outcome.ts';
import { clean, formatDuration, plural } from './format.ts';

/** One line for people where nothing can be redrawn; undefined for what is not worth a line. */
export function eventLine(event: Event): string | undefined {
  switch (event.type) {
    case 'unit-started':
      return `${event.unit}: ${STARTED[event.phase]}`;
    case 'unit-ended':
      return `${event.unit}: ${outcomeText(event.phase, event.outcome)} (${formatDuration(event.durationMs)})`;
    case 'unit-settled':
      return event.result === 'not-started' ? undefined : `${event.unit}: ${settledText(event)}`;
    case 'step-progress':
      return `${event.unit}: ${event.step}: ${clean(event.text)}`;
    case 'step-ended':
      return `${event.unit}: ${event.step} ${stepText(event.outcome)} (${formatDuration(event.durationMs)})`;
    case 'run-interrupted':
      return `${event.signal}: nothing more is started, each running Terraform gets one interrupt`;
    case 'run-declined':
      return 'declined: nothing was applied';
    case 'run-refused':
      return 'refused: nothing was applied';
    case 'task-progress':
    case 'task-ended':
      return clean(event.text);
    case 'note':
      return clean(event.text);
    default:
      return undefined;
  }
}

const STARTED: Readonly<Record<Phase, string>> = {
  plan: 'planning',
  through: 'planning ahead, on outputs as they will be',
  replan: 'planning again, on real outputs',
  apply: 'applying',
};

const ENDED: Readonly<Record<Phase, string>> = {
  plan: 'planned',
  through: 'planned ahead',
  replan: 'planned again',
  apply: 'applied',
};

function outcomeText(phase: Phase, outcome: PhaseOutcome): string {
  switch (outcome.kind) {
    case 'planned':
      return `${ENDED[phase]}, ${countsText(outcome.plan)}`;
    case 'set-aside':
      return 'cannot be planned ahead: the plan on real outputs stands';
    case 'waiting':
      return `waits for outputs of ${outcome.on.join(', ')}`;
    case 'applied':
      return `applied, ${plural(outcome.done, 'change')}`;
    case 'failed':
      return `failed: ${clean(outcome.failure.summary)}`;
    case 'interrupted':
      return 'cut off';
  }
}

function countsText(plan: Extract<PhaseOutcome, { kind: 'planned' }>['plan']): string {
  const counts = countChanges(plan);
  if (!hasChanges(counts)) return plan.isEmpty ? 'no changes' : 'nothing but reads';
  const words: readonly (readonly [keyof typeof counts, string])[] = [
    ['add', 'to add'],
    ['change', 'to change'],
    ['replace', 'to replace'],
    ['destroy', 'to destroy'],
    ['import', 'to import'],
    ['move', 'to move'],
    ['forget', 'to forget'],
  ];
  const parts = words
    .filter(([key]) => counts[key] > 0)
    .map(([key, word]) => `${counts[key]} ${word}`);
  return parts.length > 0 ? parts.join(', ') : 'only outputs change';
}

function stepText(outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'passed':
      return `passed: ${clean(outcome.text)}`;
    case 'failed':
      return `failed: ${clean(outcome.failure.summary)}`;
    case 'interrupted':
      return 'cut off';
  }
}

function settledText(event: Extract<Event, { type: 'unit-settled' }>): string {
  if (event.result === 'skipped') return event.reason;
  if (event.result === 'excluded') return `left out: ${event.reason}`;
  return event.reason === '' ? 'no changes' : `no changes (${event.reason})`;
}
