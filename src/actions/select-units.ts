import { suggestion } from '../config/user-yaml.ts';
import { isPlainPath, printable } from '../config/workspace.ts';
import { UserError } from '../domain/errors.ts';
import { dependentsOf, type Graph, subgraph } from '../domain/graph.ts';

/** The units that were named, or all; a name may be a folder that holds several. */
export function selectUnits(graph: Graph, names: readonly string[]): Graph {
  return names.length === 0 ? graph : subgraph(graph, named(graph, names));
}

/** For a destroy: what depends on a unit goes before it, named or not. */
export function selectWithDependents(graph: Graph, names: readonly string[]): Graph {
  if (names.length === 0) return graph;
  const roots = named(graph, names);
  return subgraph(graph, new Set([...roots, ...dependentsOf(graph, [...roots])]));
}

function named(graph: Graph, names: readonly string[]): Set<string> {
  return new Set(names.flatMap((name) => unitsNamed(graph, name)));
}

function unitsNamed(graph: Graph, asked: string): string[] {
  const name = asked.replace(/\/+$/, '');
  const all = [...graph.units.keys()];
  const matches = isPlainPath(name)
    ? all.filter((path) => path === name || path.startsWith(`${name}/`))
    : [];
  if (matches.length > 0) return matches;
  throw new UserError({
    what: `there is no unit "${printable(asked)}"`,
    next: suggestion(name, all),
  });
}
