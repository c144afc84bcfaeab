import { wasCutShort } from '../../domain/cut-short.ts';
import type { RunRecord, UnitRecord } from '../../domain/run-record.ts';
import { plural } from '../format.ts';
import { stepsText } from './step-rows.ts';

export interface Verdict {
  readonly word:
    | 'READY'
    | 'NOT READY'
    | 'NO CHANGES'
    | 'DONE'
    | 'FAILED'
    | 'STOPPED'
    | 'DECLINED'
    | 'REFUSED'
    | 'NOTHING';
  readonly text: string;
}

/** The whole run in one line. */
export function verdictOf(record: RunRecord): Verdict {
  const { units } = record;
  if (units.length === 0) return { word: 'NOTHING', text: 'no units selected' };
  if (record.interruptedBy !== null && wasCutShort(record)) {
    return {
      word: 'STOPPED',
      text: `by ${signalWords(record.interruptedBy)}: ${resultsText(units)}`,
    };
  }
  if (record.refused.length > 0) {
    const text = `nothing was applied: ${plural(record.refused.length, 'reason')}`;
    return { word: 'REFUSED', text };
  }
  if (record.declined) return { word: 'DECLINED', text: 'nothing was applied' };
  if (record.command === 'steps') return stepsVerdict(record);
  return record.command === 'plan' || record.endedAt === null
    ? planVerdict(units)
    : applyVerdict(record);
}

function planVerdict(units: readonly UnitRecord[]): Verdict {
  const failed = count(units, 'failed');
  const mocked = units.filter(({ label }) => label === 'mocked').length;
  const provisional = units.filter(({ label }) => label === 'provisional').length;
  const planned = units.filter(({ result }) => result === 'planned');
  const waiting = planned.filter(
    ({ changes, label }) => changes === null && label === 'unknown',
  ).length;
  const changing = planned.filter(({ isEmpty }) => !isEmpty).length - waiting;
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(changing > 0 ? [`${plural(changing, 'unit')} with changes`] : []),
    ...(waiting > 0 ? [`${waiting} waiting for outputs`] : []),
    ...(mocked > 0 ? [`${mocked} on mock values`] : []),
    ...(provisional > 0 ? [`${provisional} provisional`] : []),
  ];
  if (failed > 0) return { word: 'NOT READY', text: parts.join(', ') };
  if (changing === 0 && mocked + provisional + waiting === 0) {
    return { word: 'NO CHANGES', text: `${plural(units.length, 'unit')}, all as their state says` };
  }
  return { word: 'READY', text: parts.join(', ') };
}

function stepsVerdict(record: RunRecord): Verdict {
  const isBad = hasFailedStep(record.units);
  return { word: isBad ? 'FAILED' : 'DONE', text: stepsText(record) ?? 'no step was run' };
}

function hasFailedStep(units: readonly UnitRecord[]): boolean {
  return units.some(({ steps }) => steps.some(({ result }) => result === 'failed'));
}

function applyVerdict({ command, units }: RunRecord): Verdict {
  const text = stepsText({ units });
  const steps = text === undefined ? [] : [text];
  const bad = units.some(({ result }) => result === 'failed' || result === 'skipped');
  if (bad || hasFailedStep(units)) {
    return { word: 'FAILED', text: [...steps, resultsText(units)].join('; ') };
  }
  const applied = count(units, 'applied');
  const unchanged = count(units, 'unchanged');
  const leftOut = count(units, 'excluded');
  if (applied + leftOut === 0) {
    const nothing = `nothing to do in ${plural(units.length, 'unit')}`;
    return { word: 'DONE', text: [nothing, ...steps].join(', ') };
  }
  const verb = command === 'destroy' ? 'destroyed' : 'applied';
  const parts = [
    `${plural(applied, 'unit')} ${verb}`,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ...steps,
  ];
  return { word: 'DONE', text: parts.join(', ') };
}

function resultsText(units: readonly UnitRecord[]): string {
  const refused = units.filter(({ failure }) => failure?.kind === 'refused').length;
  const words: readonly (readonly [UnitRecord['result'], string])[] = [
    ['failed', 'failed'],
    ['skipped', 'blocked'],
    ['interrupted', 'cut off'],
    ['not-started', 'not started'],
    ['excluded', 'left out'],
    ['applied', 'applied'],
    ['planned', 'planned'],
    ['unchanged', 'unchanged'],
  ];
  return words
    .map(
      ([result, word]) =>
        [count(units, result) - (result === 'failed' ? refused : 0), word] as const,
    )
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .concat(refused > 0 ? [`${refused} refused`] : [])
    .join(', ');
}

function count(units: readonly UnitRecord[], result: UnitRecord['result']): number {
  return units.filter((unit) => unit.result === result).length;
}

export function signalWords(signal: NonNullable<RunRecord['interruptedBy']>): string {
  return signal === 'SIGINT' ? 'Ctrl-C' : signal;
}
