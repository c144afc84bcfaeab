import { buildGraph, type Graph } from './graph.ts';
import type { UnitConfig } from './unit-config.ts';

/**
 * The graph with an edge for all that a unit reads outputs of. Terragrunt gives order only for what a
 * unit's own file and its includes declare, not for a `dependency` in a file that
 * `read_terragrunt_config` reads. Where such edges would make a circle, the graph stays as it was.
 */
export function orderBorrowed(
  graph: Graph,
  configs: ReadonlyMap<string, Pick<UnitConfig, 'dependencies'>>,
): Graph {
  const units = graph.order.map((path) => {
    const known = graph.units.get(path)?.dependencies ?? [];
    const flows = (configs.get(path)?.dependencies ?? [])
      .filter(({ enabled, reads, unit }) => enabled && reads.length > 0 && unit !== path)
      .map(({ unit }) => unit);
    return { path, dependencies: [...new Set([...known, ...flows])] };
  });
  const built = buildGraph(units);
  return built.kind === 'graph' ? built.graph : graph;
}
