import type { DependencyFacts } from './attribution.ts';

/** Stands for mocks that nobody could read: it compares with no outputs. */
const UNKNOWN_MOCKS = 'unknown';

/**
 * The dependencies of a unit whose file could not be rendered. What its texts do not rule out is
 * taken to be there, so that a label is never too good: a text without `mock_outputs` has no mocks,
 * for the names of attributes are always literal. Mocks that may be merged, or stand for outputs that
 * are there, count as used whatever the state says; others while there are no outputs.
 *
 * @param found what `find` says that the unit depends on, which is nothing that is switched off
 * @param declared names of its `dependency` blocks
 */
export function unprovenDependencies(
  found: readonly string[],
  declared: readonly string[],
  texts: readonly string[],
): DependencyFacts[] {
  const says = (word: string) => texts.some((text) => text.includes(word));
  const isSilent = says('mock_outputs_merge') || says('skip_outputs');
  const known = found.map((unit) => unproven(unit, unit, says('mock_outputs'), isSilent));
  // More names than units: one may be switched off, and then its mocks are taken.
  const mayBeOff = says('mock_outputs') && says('enabled') && declared.length > found.length;
  return [...known, ...(mayBeOff ? declared.map((name) => unproven(name, name, true, true)) : [])];
}

/** The dependencies that a file declares of which nothing else is known; the file stands for the unit. */
export function unprovenBlocks(
  declared: readonly string[],
  file: string,
  text: string,
): DependencyFacts[] {
  return declared.map((name) => unproven(name, file, text.includes('mock_outputs'), true));
}

function unproven(
  name: string,
  unit: string,
  hasMocks: boolean,
  isSilent: boolean,
): DependencyFacts {
  return {
    name,
    unit,
    reads: 'all',
    enabled: true,
    skipped: false,
    mocks: hasMocks ? UNKNOWN_MOCKS : undefined,
    mocksAllowedFor: undefined,
    mergesMocks: isSilent ? 'deep' : 'no',
  };
}
