import { relative, resolve } from 'node:path';
import type { UnitDependency } from '../../domain/unit-config.ts';
import type { Found } from './discovery.ts';
import type { RenderedUnit } from './render.ts';

/** A dependency as a rendered file says it; what is read of it, it does not say. */
export interface DependencyFacts extends Omit<UnitDependency, 'reads'> {
  /** Where the names of what is read would not be those of outputs. */
  readonly reads?: 'all';
}

/**
 * What a rendered file says of its dependencies, if it is the one of `unit`.
 *
 * @param folder of the environment, from which `unit` is a path
 */
export function dependencyFacts(
  folder: string,
  unit: string,
  { dependencies }: Pick<RenderedUnit, 'dependencies'>,
): DependencyFacts[] {
  return dependencies.map(({ configPath, ...facts }) => ({
    ...facts,
    unit: unitAt(folder, unit, configPath),
  }));
}

/**
 * By unit: what the lines of `render --all` say of its dependencies, where that is certain. A line may
 * be a unit's if it depends on just what `find` says the unit does, and all lines that may be must
 * agree. Nothing is certain where a line is nobody's: then paths are written in a way that this does
 * not follow, and a unit may have been given the line of another.
 */
export function attributeRenders(
  folder: string,
  units: readonly Pick<Found, 'path' | 'dependencies'>[],
  lines: readonly RenderedUnit[],
): Map<string, readonly DependencyFacts[]> {
  const certain = new Map<string, readonly DependencyFacts[]>();
  if (lines.length !== units.length) return certain;
  const kinds = distinct(lines);
  const claimed = new Set<RenderedUnit>();
  for (const { path, dependencies } of units) {
    const candidates = kinds.filter((line) => mayBe(folder, path, dependencies, line));
    for (const line of candidates) claimed.add(line);
    const facts = candidates.map((line) => dependencyFacts(folder, path, line));
    const [first] = facts;
    if (first === undefined) continue;
    if (new Set(facts.map((given) => JSON.stringify(given))).size === 1) certain.set(path, first);
  }
  return claimed.size === kinds.length ? certain : new Map();
}

/** Lines that say the same of their dependencies count once. */
function distinct(lines: readonly RenderedUnit[]): RenderedUnit[] {
  const said = lines.map((line) => {
    return [JSON.stringify([line.dependencies, line.dependencyPaths]), line] as const;
  });
  return [...new Map(said).values()];
}

/** `find` leaves out what is switched off; a path may also be named a second time, only for order. */
function mayBe(
  folder: string,
  unit: string,
  found: readonly string[],
  { dependencies, dependencyPaths }: RenderedUnit,
): boolean {
  const placed = (paths: readonly string[]) =>
    paths.flatMap((path) => unitsAt(unitAt(folder, unit, path), found));
  const off = dependencies.filter(({ enabled }) => !enabled).map(({ configPath }) => configPath);
  const all = placed(dependencyPaths);
  const withoutOff = placed(dependencyPaths.filter((path) => !off.includes(path)));
  return isSameSet(all, found) || isSameSet(withoutOff, found);
}

/** A path that is a stack's folder stands for the units in it, which `find` names one by one. */
export function unitsAt(path: string, found: readonly string[]): readonly string[] {
  const inside = found.includes(path) ? [] : found.filter((unit) => unit.startsWith(`${path}/`));
  return inside.length === 0 ? [path] : inside;
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return (
    new Set([...some, ...others]).size === new Set(some).size &&
    new Set(some).size === new Set(others).size
  );
}

/** A path may lead to the unit's folder or to its file. */
function unitAt(folder: string, unit: string, configPath: string): string {
  const path = relative(folder, resolve(folder, unit, configPath));
  return path.replace(/(^|\/)terragrunt\.hcl(\.json)?$/, '') || '.';
}
