import type { RunRecord, StepRecord, UnitRecord } from '../../domain/run-record.ts';
import { plural } from '../format.ts';

export interface StepRow {
  readonly unit: string;
  readonly step: string;
  /** `*`: it has changed something in the cluster. */
  readonly mark: '=' | '*' | 'x' | '-';
  readonly text: string;
  readonly durationMs: number;
}

/** What was run and waited for, in the order of the units; those of units that were not reached are left out. */
export function stepRows({ units }: Pick<RunRecord, 'units'>): StepRow[] {
  return units.flatMap((unit) =>
    unit.steps
      .filter(({ result }) => result !== 'not-started' || isReached(unit))
      .map((step) => ({
        unit: unit.unit,
        step: step.step,
        mark: markOf(step),
        text: textOf(step),
        durationMs: step.durationMs,
      })),
  );
}

function isReached({ result }: UnitRecord): boolean {
  return result === 'applied' || result === 'unchanged';
}

function markOf({ result, acted }: StepRecord): StepRow['mark'] {
  if (result === 'passed') return acted ? '*' : '=';
  return result === 'failed' || result === 'interrupted' ? 'x' : '-';
}

function textOf({ result, text }: StepRecord): string {
  if (result === 'interrupted' || result === 'running') return 'cut off';
  return result === 'not-started' ? 'not started' : text;
}

/** `14 steps passed`, `1 step failed, 3 passed`; undefined where there were none. */
export function stepsText(record: Pick<RunRecord, 'units'>): string | undefined {
  const steps = record.units.flatMap((unit) => unit.steps);
  const count = (result: StepRecord['result']) =>
    steps.filter((step) => step.result === result).length;
  const failed = count('failed');
  const passed = count('passed');
  if (failed > 0) {
    return [`${plural(failed, 'step')} failed`, ...(passed > 0 ? [`${passed} passed`] : [])].join(
      ', ',
    );
  }
  return passed > 0 ? `${plural(passed, 'step')} passed` : undefined;
}
