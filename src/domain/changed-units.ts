import { type ClaimFacts, claimChanged } from './file-claims.ts';
import type { Graph } from './graph.ts';

export interface ChangedUnit {
  readonly unit: string;
  /** The first file of the change that is one of the unit's. */
  readonly file: string;
}

export interface DependentUnit {
  readonly unit: string;
  /** A changed unit that it depends on, directly or not. */
  readonly of: string;
}

export interface DeletedUnit {
  readonly unit: string;
  /** The new unit whose file is the same: its state is to be moved there, not destroyed. */
  readonly renamedTo: string | undefined;
}

export interface ChangedUnits {
  /** In the graph's order. */
  readonly changed: readonly ChangedUnit[];
  /** In the graph's order, without those that changed themselves. */
  readonly dependents: readonly DependentUnit[];
  readonly deleted: readonly DeletedUnit[];
}

export interface ChangeFacts extends Omit<ClaimFacts, 'folders' | 'formerFolders'> {
  readonly graph: Graph;
  readonly environmentFolder: string;
  /** Units before the change, each with an id of its file's content. */
  readonly before: ReadonlyMap<string, string>;
  /** The same ids of units that are new. */
  readonly added: ReadonlyMap<string, string>;
}

/** Which units a change touches; what makes a file a unit's is said at `claimChanged`. */
export function findChangedUnits(facts: ChangeFacts): ChangedUnits {
  const { graph, environmentFolder, before, added } = facts;
  const folderOf = (unit: string) =>
    unit === '.' ? environmentFolder : `${environmentFolder}/${unit}`;
  const gone = [...before.keys()].filter((unit) => !graph.units.has(unit)).sort();
  const claims = claimChanged({
    ...facts,
    folders: new Map(graph.order.map((unit) => [unit, folderOf(unit)])),
    formerFolders: new Set(gone.map(folderOf)),
  });
  const changed = graph.order.flatMap((unit) => {
    const file = claims.get(unit);
    return file === undefined ? [] : [{ unit, file }];
  });
  return {
    changed,
    dependents: dependentsOfChanged(graph, claims),
    deleted: gone.map((unit) => ({ unit, renamedTo: newNameOf(unit, gone, before, added) })),
  };
}

function dependentsOfChanged(graph: Graph, changed: ReadonlyMap<string, unknown>): DependentUnit[] {
  const origin = new Map<string, string>();
  const dependents: DependentUnit[] = [];
  for (const unit of graph.order) {
    if (changed.has(unit)) {
      origin.set(unit, unit);
      continue;
    }
    const dependencies = graph.units.get(unit)?.dependencies ?? [];
    const of = dependencies.map((path) => origin.get(path)).find((found) => found !== undefined);
    if (of === undefined) continue;
    origin.set(unit, of);
    dependents.push({ unit, of });
  }
  return dependents;
}

/** Files of units are often all alike: the last part of the path then decides, or nothing does. */
function newNameOf(
  unit: string,
  gone: readonly string[],
  before: ReadonlyMap<string, string>,
  added: ReadonlyMap<string, string>,
): string | undefined {
  const id = before.get(unit);
  const to = [...added.keys()].filter((other) => added.get(other) === id);
  const isOnlyOne = [...before.values()].filter((other) => other === id).length === 1;
  if (isOnlyOne && to.length === 1) return to[0];
  const isNamesake = (other: string) => lastPart(other) === lastPart(unit);
  const from = gone.filter((other) => before.get(other) === id && isNamesake(other));
  const namesakes = to.filter(isNamesake);
  return from.length === 1 && namesakes.length === 1 ? namesakes[0] : undefined;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
