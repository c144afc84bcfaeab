import { addCounts, type ChangeCounts, hasChanges, NO_CHANGES } from '../../domain/plan.ts';
import type { RunRecord, UnitRecord } from '../../domain/run-record.ts';
import { plural } from '../format.ts';

/** ASCII, so that nothing hangs on colour or font. */
export type Mark = '!' | '+' | '~' | '-' | 'm' | 'x' | '?' | ' ';

export interface SummaryRow {
  readonly unit: string;
  readonly mark: Mark;
  /** Undefined: unknown. */
  readonly changes: ChangeCounts | undefined;
  readonly durationMs: number;
  readonly state: string;
}

export interface SummaryRows {
  readonly rows: readonly SummaryRow[];
  /** Units with nothing to do and nothing to say; one line holds them all. */
  readonly quiet: readonly string[];
  readonly total: ChangeCounts;
  readonly known: number;
}

export function summaryRows(record: RunRecord): SummaryRows {
  const loud = record.units.filter((unit) => !isQuiet(unit));
  const known = record.units.flatMap(({ changes }) => changes ?? []);
  return {
    rows: loud.map((unit) => ({
      unit: unit.unit,
      mark: markOf(unit),
      changes: unit.changes ?? undefined,
      durationMs: unit.durationMs,
      state: stateOf(unit, record),
    })),
    quiet: record.units.filter(isQuiet).map(({ unit }) => unit),
    total: known.reduce(addCounts, NO_CHANGES),
    known: known.length,
  };
}

function isQuiet(unit: UnitRecord): boolean {
  if (unit.result === 'unchanged') return unit.steps.every(({ failure }) => failure === null);
  return unit.result === 'planned' && unit.label === 'no-changes';
}

function markOf(unit: UnitRecord): Mark {
  if (unit.result === 'failed' || unit.result === 'interrupted') return 'x';
  if (unit.steps.some(({ failure }) => failure !== null)) return 'x';
  if (['skipped', 'not-started', 'excluded'].includes(unit.result)) return '-';
  const { changes } = unit;
  if (changes === null) return '?';
  if (changes.replace + changes.destroy + changes.forget > 0) return '!';
  if (unit.label === 'mocked' && unit.result === 'planned') return 'm';
  if (changes.add > 0 && unit.isNew) return '+';
  if (hasChanges(changes)) return '~';
  // It may still change once what it depends on has.
  return unit.label === 'provisional' && unit.result === 'planned' ? '?' : ' ';
}

function stateOf(unit: UnitRecord, { command, refused }: RunRecord): string {
  const extra = extras(unit);
  switch (unit.result) {
    case 'planned':
      if (refused.length > 0) return 'not applied';
      return [labelText(unit), ...extra].join(', ');
    case 'applied':
      if (command === 'destroy') return ['destroyed', ...brokenSteps(unit)].join(', ');
      return ['applied', ...(unit.isNew ? ['new unit'] : []), ...extra, ...brokenSteps(unit)].join(
        ', ',
      );
    case 'failed':
      return unit.failure?.kind === 'refused' ? 'refused' : 'failed';
    case 'skipped':
      return unit.blockedBy.length > 0 ? `blocked by ${unit.blockedBy.join(', ')}` : 'skipped';
    case 'interrupted':
      return 'cut off';
    case 'not-started':
      return 'not started';
    case 'excluded':
      return `left out: ${unit.reason}`;
    case 'unchanged':
      return [unit.result, ...brokenSteps(unit)].join(', ');
  }
}

function brokenSteps({ steps }: UnitRecord): string[] {
  return steps.filter(({ failure }) => failure !== null).map(({ step }) => `${step} failed`);
}

function labelText(unit: UnitRecord): string {
  switch (unit.label) {
    case 'exact':
      return unit.isNew ? 'ready, new unit' : 'ready';
    case 'provisional':
      return `provisional: ${unit.reason}`;
    case 'mocked':
      return `mock: ${unit.reason}`;
    case 'no-changes':
      return 'no changes';
    case 'unknown':
      return unit.reason === '' ? 'planned' : unit.reason;
  }
}

function extras({ changes, outputs, isDeleted }: UnitRecord): string[] {
  if (changes === null) return [];
  const onlyOutputs = changes.outputs > 0 && !hasChanges({ ...changes, outputs: 0 });
  return [
    ...(changes.import > 0 ? [plural(changes.import, 'import')] : []),
    ...(changes.move > 0 ? [plural(changes.move, 'move')] : []),
    ...(changes.forget > 0 ? [plural(changes.forget, 'forget')] : []),
    ...(isDeleted ? ['its files are gone'] : []),
    ...(onlyOutputs ? [`only outputs: ${outputs.join(', ')}`] : []),
  ];
}
