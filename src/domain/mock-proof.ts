import type { OutputReads, UnitConfig, UnitDependency } from './unit-config.ts';
import type { KnownState, UnitState } from './unit-state.ts';

/** A dependency whose mocks are in a plan, or cannot be proven not to be. */
export interface MockUse {
  /** As in `UnitDependency`. */
  readonly unit: string;
  /** Follows the unit's name: `vpc has no outputs yet`. */
  readonly why: string;
}

/** The reason that goes away by itself, once that unit is applied. */
export const NO_OUTPUTS = 'has no outputs yet';

/**
 * Mocks that a plan of the unit was made on, by what its files say and by the states as they were when
 * it was planned. No log is asked: Terragrunt is silent where it merges mocks into a state's outputs
 * and where a dependency is switched off.
 *
 * That an allow-list is absent, empty or holds `apply` is no use by itself. Where the state has the
 * outputs Terragrunt answers with them for every command, so their being there is the proof; where
 * it has not, the plan is on mocks, whatever an apply would be allowed.
 */
export function mocksOf(config: UnitConfig, stateOf: (unit: string) => KnownState): MockUse[] {
  return config.dependencies.flatMap((dependency) => {
    const why = whyMocked(dependency, stateOf);
    return why === undefined ? [] : [{ unit: dependency.unit, why }];
  });
}

function whyMocked(
  dependency: UnitDependency,
  stateOf: (unit: string) => KnownState,
): string | undefined {
  const { reads, mocks, enabled, skipped, mocksAllowedFor = [] } = dependency;
  if (mocks === undefined) return undefined;
  // No input can hold what no file mentions. Terragrunt does evaluate such mocks, and nothing comes of it.
  if (reads !== 'all' && reads.length === 0) return undefined;
  if (!enabled) return 'is switched off (enabled = false)';
  // Such a plan fails for want of outputs, or is made without them: of a dependency that is switched
  // off alone are mocks taken in spite of the list.
  if (mocksAllowedFor.length > 0 && !mocksAllowedFor.includes('plan')) return undefined;
  if (skipped) return 'has skip_outputs set';
  const state = stateOf(dependency.unit);
  if (state === 'unreadable') return 'has a state that cannot be read';
  if (state === 'none' || Object.keys(state.outputs).length === 0) return NO_OUTPUTS;
  return whyMerged(dependency, state);
}

/** Mocks fill in what the state does not have; of that, only what is read comes through. */
function whyMerged(
  { reads, mocks, mergesMocks }: UnitDependency,
  state: UnitState,
): string | undefined {
  if (mergesMocks === 'no') return undefined;
  if (!isMap(mocks)) return 'has mocks that cannot be compared with its state';
  const outputs = Object.fromEntries(
    Object.entries(state.outputs).map(([name, { value }]) => [name, value]),
  );
  const lacks = lackingKey(onlyRead(mocks, reads), outputs, mergesMocks);
  return lacks === undefined ? undefined : `lacks "${lacks}" in its state`;
}

function onlyRead(mocks: ValueMap, reads: OutputReads): ValueMap {
  if (reads === 'all') return mocks;
  return Object.fromEntries(Object.entries(mocks).filter(([name]) => reads.includes(name)));
}

type ValueMap = Readonly<Record<string, unknown>>;

/**
 * The first key, as `a.b`, that the mocks have and the values have not. Deep, Terragrunt goes into a
 * map that meets a map, an empty one too; any other value, null too, stands as it is.
 */
function lackingKey(
  mocks: ValueMap,
  values: ValueMap,
  merge: 'shallow' | 'deep',
): string | undefined {
  for (const [key, mock] of Object.entries(mocks)) {
    if (!Object.hasOwn(values, key)) return key;
    const value = values[key];
    if (merge === 'shallow' || !isMap(mock) || !isMap(value)) continue;
    const below = lackingKey(mock, value, merge);
    if (below !== undefined) return `${key}.${below}`;
  }
  return undefined;
}

function isMap(value: unknown): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
