import type { Problem } from './errors.ts';
import { buildGraph, type Graph, type Unit } from './graph.ts';

/** What was gathered about a tree of units, from sources that each hide something. */
export interface TreeFacts {
  /** Every unit, from a search that follows no dependencies: it drops nothing. */
  readonly all: readonly string[];
  /** Units with their dependencies; the units of a cycle are missing here. */
  readonly units: readonly Unit[];
  /** Dependencies outside the folder, or on folders that are no units, that do exist as units. */
  readonly existingOutside: ReadonlySet<string>;
  readonly brokenFiles: readonly Problem[];
  /** Units of a cycle, first and last the same. */
  readonly cycle: readonly string[] | undefined;
  /** Groups of units that would write one state. */
  readonly sharedStates: readonly (readonly string[])[];
}

export interface Tree {
  readonly graph: Graph;
  /** Dependencies that lie outside the folder, by unit. */
  readonly outside: ReadonlyMap<string, readonly string[]>;
}

export type TreeResult =
  | { readonly kind: 'tree'; readonly tree: Tree }
  | { readonly kind: 'broken'; readonly problems: readonly Problem[] };

/** Puts the tree together, or says everything that is wrong with it at once. */
export function checkTree(facts: TreeFacts): TreeResult {
  const problems: Problem[] = [...facts.brokenFiles];
  if (facts.cycle !== undefined) problems.push(cycleProblem(facts.cycle));
  const known = new Set(facts.all);
  for (const { path, dependencies } of facts.units) {
    for (const dependency of dependencies) {
      if (known.has(dependency) || facts.existingOutside.has(dependency)) continue;
      problems.push({
        what: `unit "${path}" depends on "${dependency}", which is not a unit`,
        next: 'correct the path, or make that unit',
      });
    }
  }
  for (const units of facts.sharedStates) {
    problems.push({
      what: `units ${units.map((unit) => `"${unit}"`).join(' and ')} write the same state`,
      next: 'give each its own key: they would overwrite each other',
    });
  }
  const listed = new Set(facts.units.map((unit) => unit.path));
  const dropped = facts.all.filter((path) => !listed.has(path));
  if (dropped.length > 0 && problems.length === 0) {
    problems.push({ what: `the dependencies of "${dropped.join('", "')}" cannot be read` });
  }
  if (problems.length > 0) return { kind: 'broken', problems };
  const built = buildGraph(facts.units);
  if (built.kind === 'cycle') return { kind: 'broken', problems: [cycleProblem(built.path)] };
  return { kind: 'tree', tree: { graph: built.graph, outside: outsideOf(facts.units, known) } };
}

function cycleProblem(cycle: readonly string[]): Problem {
  return {
    what: `units depend on each other in a circle: ${cycle.join(' -> ')}`,
    next: 'remove one of these dependencies',
  };
}

function outsideOf(
  units: readonly Unit[],
  known: ReadonlySet<string>,
): Map<string, readonly string[]> {
  return new Map(
    units.flatMap(({ path, dependencies }) => {
      const outside = dependencies.filter((dependency) => !known.has(dependency));
      return outside.length === 0 ? [] : [[path, outside] as const];
    }),
  );
}
