import { wrap } from './format.ts';

/** The steps of an environment, in the order in which they are run. */
export function stepsTable(
  steps: readonly {
    readonly unit: string;
    readonly step: string;
    readonly does: string;
    readonly command?: string;
  }[],
  columns: number,
): string {
  const unitWidth = Math.max(4, ...steps.map(({ unit }) => unit.length));
  const stepWidth = Math.max(4, ...steps.map(({ step }) => step.length));
  const row = (unit: string, step: string, does: string) => {
    const left = `${unit.padEnd(unitWidth)}  ${step.padEnd(stepWidth)}  `;
    const [first = '', ...rest] = wrap(does, Math.max(20, columns - left.length));
    return [left + first, ...rest.map((line) => ' '.repeat(left.length) + line)];
  };
  const lines = [
    ...row('UNIT', 'STEP', 'DOES'),
    ...steps.flatMap(({ unit, step, does, command }) => [
      ...row(unit, step, does),
      // Whole, to be pasted.
      ...(command === undefined ? [] : [`${' '.repeat(unitWidth + stepWidth + 4)}${command}`]),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
