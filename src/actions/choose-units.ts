import { join } from 'node:path';
import type { DeletedUnit } from '../domain/changed-units.ts';
import { buildGraph, type Graph, subgraph } from '../domain/graph.ts';
import { findArgs, parseFind } from '../tools/terragrunt/discovery.ts';
import type { Emit } from './emit.ts';
import { withBaseWorktree } from './files/base-worktree.ts';
import { findChanged } from './files/changed-selection.ts';
import type { OpenedTree } from './open-tree.ts';
import type { PlanningOptions } from './run-options.ts';
import { selectUnits } from './select-units.ts';
import type { Session } from './session.ts';
import { runTerragrunt } from './unit-command.ts';

export interface Chosen {
  readonly graph: Graph;
  /** Units that were deleted, and where their old files lie while the run goes on. */
  readonly oldFolders: ReadonlyMap<string, string>;
}

export interface Choice extends Pick<PlanningOptions, 'units' | 'changed'> {
  /** Of the units that were named, only these. */
  readonly only: readonly string[] | undefined;
}

/** The units of a run: those that were named, or all; of these, with `changed`, those that differ from the base. */
export async function withChosenUnits<T>(
  session: Session,
  tree: OpenedTree,
  { units, changed, only }: Choice,
  emit: Emit,
  action: (chosen: Chosen) => Promise<T>,
): Promise<T> {
  const named = selectUnits(tree.graph, units);
  const graph = only === undefined ? named : keep(named, only);
  if (changed === undefined) return action({ graph, oldFolders: new Map() });
  const found = await findChanged(session, tree, changed.base);
  const touched = [...found.changed, ...found.dependents].map(({ unit }) => unit);
  const chosen = keep(graph, touched);
  // Who names units names some that exist; an earlier run may have had deleted ones.
  const deleted = found.deleted.filter(
    ({ unit }) => units.length === 0 && (only === undefined || only.includes(unit)),
  );
  const where = `${found.base} (${found.commit.slice(0, 7)})`;
  emit({
    type: 'note',
    text: changeText(found.changed.length, chosen.order.length, deleted, where),
  });
  if (deleted.length === 0) return action({ graph: chosen, oldFolders: new Map() });
  return withBaseWorktree(session, found.commit, async ({ environmentFolder }) => {
    const oldFolders = new Map(
      deleted.map(({ unit }) => [unit, join(environmentFolder, unit)] as const),
    );
    const order = await orderAmong(session, environmentFolder, [...oldFolders.keys()]);
    return action({ graph: withDeleted(chosen, order), oldFolders });
  });
}

function keep(graph: Graph, units: readonly string[]): Graph {
  const wanted = new Set(units);
  return subgraph(graph, new Set(graph.order.filter((unit) => wanted.has(unit))));
}

function changeText(
  changed: number,
  chosen: number,
  deleted: readonly DeletedUnit[],
  where: string,
): string {
  const parts = [
    `against ${where}: ${changed} changed, ${Math.max(0, chosen - changed)} depend on them`,
  ];
  for (const { unit, renamedTo } of deleted) {
    parts.push(
      renamedTo === undefined
        ? `"${unit}" is gone and is planned as a destroy`
        : `"${unit}" is "${renamedTo}" now: move its state, or it is destroyed there and made anew here`,
    );
  }
  return parts.join('; ');
}

/** What depended on what among the deleted units, turned round: the order in which they go. */
async function orderAmong(
  session: Session,
  folder: string,
  deleted: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const { stdout } = await runTerragrunt(session, findArgs(folder, { dependencies: true }));
  const before = parseFind(stdout).filter(({ path }) => deleted.includes(path));
  return new Map(
    deleted.map((unit) => [
      unit,
      before.filter(({ dependencies }) => dependencies.includes(unit)).map(({ path }) => path),
    ]),
  );
}

/** Deleted units go last: a unit that is left may have read one of them and is changed first. */
function withDeleted(graph: Graph, order: ReadonlyMap<string, readonly string[]>): Graph {
  const built = buildGraph([
    ...graph.units.values(),
    ...[...order].map(([path, dependents]) => ({
      path,
      dependencies: [...graph.order, ...dependents],
    })),
  ]);
  if (built.kind === 'graph') return built.graph;
  throw new Error(`deleted units go round in a circle: ${built.path.join(' -> ')}`);
}
