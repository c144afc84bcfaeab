import { type MockUse, mocksOf, NO_OUTPUTS } from '../../domain/mock-proof.ts';
import type { KnownState } from '../../domain/unit-state.ts';
import type { RunContext } from './context.ts';

/** What Terragrunt says of mocks, and what files and states say where it is silent. */
export async function mocksOfUnit(
  { configs, states }: Pick<RunContext, 'configs' | 'states'>,
  unit: string,
  said: readonly string[],
): Promise<MockUse[]> {
  const config = configs.get(unit);
  const known = new Map<string, KnownState>();
  for (const { unit: dependency, mocks } of config?.dependencies ?? []) {
    if (mocks !== undefined) known.set(dependency, await states.of(dependency));
  }
  const proven =
    config === undefined ? [] : mocksOf(config, (path) => known.get(path) ?? 'unreadable');
  const others = said.filter((path) => {
    const all = (config?.dependencies ?? []).filter((dependency) => dependency.unit === path);
    // Terragrunt evaluates mocks that no file mentions, and nothing of them comes into the plan.
    const isUnread =
      all.length > 0 && all.every(({ reads }) => reads !== 'all' && reads.length === 0);
    return !isUnread && !proven.some(({ unit: mocked }) => mocked === path);
  });
  return [...proven, ...others.map((path) => ({ unit: path, why: NO_OUTPUTS }))];
}
