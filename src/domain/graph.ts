/** A Terragrunt unit: its path below the environment's folder and the units it depends on, by path. */
export interface Unit {
  readonly path: string;
  readonly dependencies: readonly string[];
}

/** Units and edges, closed: every dependency is a unit of the graph. */
export interface Graph {
  readonly units: ReadonlyMap<string, Unit>;
  /** Dependencies before dependents; ties in alphabetical order. */
  readonly order: readonly string[];
}

export type GraphResult =
  | { readonly kind: 'graph'; readonly graph: Graph }
  | { readonly kind: 'cycle'; readonly path: readonly string[] };

/** Dependencies on units that are not in the list are left out: they are outside the selection. */
export function buildGraph(list: readonly Unit[]): GraphResult {
  const known = new Set(list.map((unit) => unit.path));
  const units = new Map(
    list.map((unit) => [
      unit.path,
      { path: unit.path, dependencies: unit.dependencies.filter((path) => known.has(path)).sort() },
    ]),
  );
  const order: string[] = [];
  const waiting = new Map([...units].map(([path, unit]) => [path, unit.dependencies.length]));
  const dependents = directDependents(units);
  const ready = new SortedQueue([...waiting].filter(([, n]) => n === 0).map(([path]) => path));
  for (let path = ready.shift(); path !== undefined; path = ready.shift()) {
    order.push(path);
    for (const dependent of dependents.get(path) ?? []) {
      const left = (waiting.get(dependent) ?? 0) - 1;
      waiting.set(dependent, left);
      if (left === 0) ready.push(dependent);
    }
  }
  return order.length === units.size
    ? { kind: 'graph', graph: { units, order } }
    : { kind: 'cycle', path: findCycle(units, new Set(order)) };
}

/** Every unit that the given one needs, directly or not. */
export function upstreamOf(graph: Graph, path: string): Set<string> {
  return reach([path], (unit) => graph.units.get(unit)?.dependencies ?? []);
}

/** Every unit that needs one of the given ones, directly or not. */
export function dependentsOf(graph: Graph, paths: readonly string[]): Set<string> {
  const dependents = directDependents(graph.units);
  return reach(paths, (unit) => dependents.get(unit) ?? []);
}

/** The same units with every edge turned round: the order of a destroy. */
export function reversed(graph: Graph): Graph {
  const dependents = directDependents(graph.units);
  return {
    units: new Map(
      graph.order.map((path) => [path, { path, dependencies: dependents.get(path) ?? [] }]),
    ),
    order: [...graph.order].reverse(),
  };
}

/** Only the given units, with the edges among them. An edge through a unit that is left out is kept. */
export function subgraph(graph: Graph, selected: ReadonlySet<string>): Graph {
  const order = graph.order.filter((path) => selected.has(path));
  const nearest = new Map<string, Set<string>>();
  // In the graph's order, so that what a left-out dependency passes on is known before it is asked for.
  for (const path of graph.order) {
    const found = new Set<string>();
    for (const dependency of graph.units.get(path)?.dependencies ?? []) {
      if (selected.has(dependency)) found.add(dependency);
      else for (const further of nearest.get(dependency) ?? []) found.add(further);
    }
    nearest.set(path, found);
  }
  const units = order.map((path) => {
    return [path, { path, dependencies: [...(nearest.get(path) ?? [])].sort() }] as const;
  });
  return { units: new Map(units), order };
}

function directDependents(units: ReadonlyMap<string, Unit>): Map<string, string[]> {
  const dependents = new Map<string, string[]>([...units.keys()].map((path) => [path, []]));
  for (const unit of units.values()) {
    for (const dependency of unit.dependencies) dependents.get(dependency)?.push(unit.path);
  }
  for (const list of dependents.values()) list.sort();
  return dependents;
}

function reach(
  from: readonly string[],
  neighbours: (path: string) => readonly string[],
): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const next of neighbours(path)) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

/** Walks dependencies among the units that could not be ordered until one comes twice. */
function findCycle(units: ReadonlyMap<string, Unit>, ordered: ReadonlySet<string>): string[] {
  const start = [...units.keys()].filter((path) => !ordered.has(path)).sort()[0];
  const walked: string[] = [];
  for (let path = start; path !== undefined; ) {
    const seenAt = walked.indexOf(path);
    if (seenAt >= 0) return [...walked.slice(seenAt), path];
    walked.push(path);
    path = units.get(path)?.dependencies.find((next) => !ordered.has(next));
  }
  return walked;
}

/** A small queue that hands out its alphabetically first entry. */
class SortedQueue {
  readonly #entries: string[];

  constructor(entries: string[]) {
    this.#entries = entries.sort();
  }

  push(entry: string): void {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] ?? '') < entry) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
  }

  shift(): string | undefined {
    return this.#entries.shift();
  }
}
