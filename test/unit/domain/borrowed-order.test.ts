import { expect, test } from 'vitest';
import { orderBorrowed } from '../../../src/domain/borrowed-order.ts';
import { buildGraph, type Graph } from '../../../src/domain/graph.ts';
import type { UnitDependency } from '../../../src/domain/unit-config.ts';

function graphOf(edges: Readonly<Record<string, readonly string[]>>): Graph {
  const units = Object.entries(edges).map(([path, dependencies]) => ({ path, dependencies }));
  const built = buildGraph(units);
  if (built.kind === 'cycle') throw new Error('a circle');
  return built.graph;
}

const flows = (unit: string, given: Partial<UnitDependency> = {}): UnitDependency => ({
  name: unit,
  unit,
  reads: ['id'],
  enabled: true,
  skipped: false,
  mocks: undefined,
  mocksAllowedFor: undefined,
  mergesMocks: 'no',
  ...given,
});

const graph = graphOf({ app: [], db: ['vpc'], vpc: [] });

function edgesWith(unit: string, dependencies: readonly UnitDependency[]) {
  const ordered = orderBorrowed(graph, new Map([[unit, { dependencies }]]));
  return ordered.units.get(unit)?.dependencies;
}

test('what flows in comes first, though find does not say so', () => {
  expect(edgesWith('app', [flows('db'), flows('vpc', { reads: 'all' })])).toEqual(['db', 'vpc']);
  const ordered = orderBorrowed(graph, new Map([['app', { dependencies: [flows('db')] }]]));
  expect(ordered.order).toEqual(['vpc', 'db', 'app']);
});

test.each([
  ['nothing is read', flows('vpc', { reads: [] })],
  ['it is switched off', flows('vpc', { enabled: false })],
  ['it is outside', flows('../base')],
])('no edge where %s', (_, dependency) => {
  expect(edgesWith('app', [dependency])).toEqual([]);
});

test('a unit that reads itself waits only for others', () => {
  expect(edgesWith('app', [flows('app'), flows('vpc')])).toEqual(['vpc']);
});

test('an edge that is known stays one edge; a circle changes nothing', () => {
  expect(edgesWith('db', [flows('vpc')])).toEqual(['vpc']);
  expect(orderBorrowed(graph, new Map([['vpc', { dependencies: [flows('db')] }]]))).toBe(graph);
});
