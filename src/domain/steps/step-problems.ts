import type { Problem } from '../errors.ts';
import type { DeclaredStep } from './step-declaration.ts';

/** Steps that would never be run, or be taken for another. */
export function stepProblems(
  steps: readonly DeclaredStep[],
  units: ReadonlySet<string>,
  where: string,
): Problem[] {
  const unknown = new Set(steps.map(({ unit }) => unit).filter((unit) => !units.has(unit)));
  const seen = new Set<string>();
  const twice = steps.filter(({ unit, name }) => {
    const key = `${unit} ${name}`;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
  return [
    ...[...unknown].map((unit) => ({
      what: `steps name the unit "${unit}", which does not exist`,
      where,
      next: 'correct the name, or take its steps out',
    })),
    ...twice.map(({ unit, name }) => ({
      what: `the step "${name}" stands twice after "${unit}"`,
      where,
      next: 'declare it once, with all that it is to look at',
    })),
  ];
}
