import type { RunRecord } from './run-record.ts';

/**
 * A signal came while something was still to do. One that came when everything was done changes
 * nothing; a unit that an apply has only planned has not had its turn.
 */
export function wasCutShort({ command, interruptedBy, units }: RunRecord): boolean {
  if (interruptedBy === null) return false;
  return units.some(({ result, steps }) => {
    const isDone = result === 'applied' || result === 'unchanged';
    if (isDone) return steps.some((step) => !['passed', 'failed'].includes(step.result));
    if (result === 'planned') return command !== 'plan';
    return result === 'interrupted' || result === 'not-started';
  });
}
