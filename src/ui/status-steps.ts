import type { UnitStatus } from '../domain/unit-status.ts';
import { clean, truncate } from './format.ts';

const WIDTH = 80;

/** How each step last ended, by unit; empty where none was ever run from here. */
export function lastSteps(units: readonly Pick<UnitStatus, 'unit' | 'lastSteps'>[]): string {
  const rows = units.flatMap(({ unit, lastSteps: steps }) =>
    steps.map((step) => ({ unit, ...step })),
  );
  if (rows.length === 0) return '';
  const unitWidth = widest('UNIT', ...rows.map(({ unit }) => unit));
  const stepWidth = widest('STEP', ...rows.map(({ step }) => step));
  const resultWidth = widest('', ...rows.map(({ result }) => result));
  const head = `${'UNIT'.padEnd(unitWidth)}  ${'STEP'.padEnd(stepWidth)}  LAST RUN FROM HERE`;
  const lines = rows.map(({ unit, step, result, text, at }) => {
    const when = `${at.slice(0, 16)}Z`;
    const start = `${unit.padEnd(unitWidth)}  ${step.padEnd(stepWidth)}  ${when}  ${result.padEnd(resultWidth)}`;
    return truncate(`${start}  ${clean(text)}`.trimEnd(), WIDTH);
  });
  return `\n${head}\n${lines.join('\n')}\n`;
}

function widest(...texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}
