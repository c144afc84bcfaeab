import type { Graph } from '../domain/graph.ts';

/** Every unit under the unit that comes last before it, with its other dependencies behind it. */
export function graphTree(graph: Graph): string {
  const position = new Map(graph.order.map((unit, index) => [unit, index]));
  const children = new Map<string, string[]>();
  const roots: string[] = [];
  const others = new Map<string, readonly string[]>();
  for (const unit of graph.order) {
    const dependencies = [...(graph.units.get(unit)?.dependencies ?? [])];
    dependencies.sort((a, b) => (position.get(b) ?? 0) - (position.get(a) ?? 0));
    const [parent, ...rest] = dependencies;
    others.set(unit, rest.sort());
    if (parent === undefined) roots.push(unit);
    else children.set(parent, [...(children.get(parent) ?? []), unit]);
  }
  const lines: string[] = [];
  const draw = (unit: string, lead: string, branch: string, next: string) => {
    const also = others.get(unit) ?? [];
    lines.push(`${lead}${branch}${unit}${also.length > 0 ? `  (also: ${also.join(', ')})` : ''}`);
    const below = children.get(unit) ?? [];
    below.forEach((child, index) => {
      const last = index === below.length - 1;
      draw(child, lead + next, last ? '└─ ' : '├─ ', last ? '   ' : '│  ');
    });
  };
  for (const root of roots) draw(root, '', '', '');
  return `${lines.join('\n')}\n`;
}

export function graphMermaid(graph: Graph): string {
  const id = (unit: string) => `u${graph.order.indexOf(unit)}`;
  const lines = graph.order.flatMap((unit) => [
    `  ${id(unit)}["${unit.replaceAll('"', '#quot;')}"]`,
    ...edges(graph, unit).map((dependency) => `  ${id(dependency)} --> ${id(unit)}`),
  ]);
  return `graph LR\n${lines.join('\n')}\n`;
}

export function graphDot(graph: Graph): string {
  const lines = graph.order.flatMap((unit) => [
    `  ${JSON.stringify(unit)};`,
    ...edges(graph, unit).map(
      (dependency) => `  ${JSON.stringify(dependency)} -> ${JSON.stringify(unit)};`,
    ),
  ]);
  return `digraph units {\n  rankdir = LR;\n${lines.join('\n')}\n}\n`;
}

export function graphJson(graph: Graph) {
  return {
    schema: 1,
    units: graph.order.map((unit) => ({ unit, dependencies: edges(graph, unit) })),
  };
}

function edges(graph: Graph, unit: string): readonly string[] {
  return graph.units.get(unit)?.dependencies ?? [];
}
