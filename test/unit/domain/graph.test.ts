import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  buildGraph,
  dependentsOf,
  reversed,
  subgraph,
  upstreamOf,
} from '../../../src/domain/graph.ts';
import { anyGraph, graphOf } from '../support/graphs.ts';

const diamond = graphOf({ web: ['api', 'cdn'], api: ['vpc'], cdn: ['vpc'], vpc: [], kms: [] });

test('dependencies come first, ties in alphabetical order', () => {
  expect(diamond.order).toEqual(['kms', 'vpc', 'api', 'cdn', 'web']);
});

test('a unit that becomes ready late still goes before later names', () => {
  expect(graphOf({ z: [], b: ['z'], a: ['b'], y: ['z'] }).order).toEqual(['z', 'b', 'a', 'y']);
});

test('a dependency outside the list is left out', () => {
  const graph = graphOf({ api: ['../other/vpc'] });
  expect(graph.units.get('api')?.dependencies).toEqual([]);
});

test.each([
  { edges: { a: ['a'] }, path: ['a', 'a'] },
  { edges: { a: ['b'], b: ['a'] }, path: ['a', 'b', 'a'] },
  { edges: { x: [], c: ['b', 'x'], b: ['a'], a: ['c'] }, path: ['a', 'c', 'b', 'a'] },
  // The walk starts at `above`, which only leads into the circle.
  { edges: { above: ['b'], b: ['c'], c: ['b'] }, path: ['b', 'c', 'b'] },
])('a circle is named from its first unit to its first: $path', ({ edges, path }) => {
  const list = Object.entries(edges).map(([unit, dependencies]) => ({ path: unit, dependencies }));
  expect(buildGraph(list)).toEqual({ kind: 'cycle', path });
});

test('upstream and dependents go all the way', () => {
  expect([...upstreamOf(diamond, 'web')].sort()).toEqual(['api', 'cdn', 'vpc']);
  expect([...dependentsOf(diamond, ['vpc'])].sort()).toEqual(['api', 'cdn', 'web']);
  expect([...dependentsOf(diamond, ['kms', 'cdn'])]).toEqual(['web']);
});

test('a subgraph keeps order through units that are left out', () => {
  const part = subgraph(graphOf({ a: [], b: ['a'], c: ['b'], d: ['c'] }), new Set(['a', 'd']));
  expect(part.order).toEqual(['a', 'd']);
  expect(part.units.get('d')?.dependencies).toEqual(['a']);
});

test('a subgraph adds no edge behind a selected unit', () => {
  const part = subgraph(graphOf({ a: [], b: ['a'], c: ['b'] }), new Set(['a', 'b', 'c']));
  expect(part.units.get('c')?.dependencies).toEqual(['b']);
});

test('reversed, every edge points the other way', () => {
  const back = reversed(diamond);
  expect(back.order).toEqual(['web', 'cdn', 'api', 'vpc', 'kms']);
  expect(back.units.get('vpc')?.dependencies).toEqual(['api', 'cdn']);
  expect(back.units.get('web')?.dependencies).toEqual([]);
});

test('any graph: every unit once, after all that it depends on, and twice reversed it is itself', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      expect([...graph.order].sort()).toEqual([...graph.units.keys()].sort());
      for (const [path, { dependencies }] of graph.units) {
        for (const dependency of dependencies) {
          expect(graph.order.indexOf(dependency)).toBeLessThan(graph.order.indexOf(path));
        }
      }
      const twice = reversed(reversed(graph));
      for (const [path, unit] of graph.units) expect(twice.units.get(path)).toEqual(unit);
    }),
  );
});

test('any part of any graph: what was upstream and is selected still is', () => {
  fc.assert(
    fc.property(anyGraph, fc.infiniteStream(fc.boolean()), (graph, picks) => {
      const selected = new Set(graph.order.filter(() => picks.next().value));
      const part = subgraph(graph, selected);
      for (const unit of selected) {
        const before = [...upstreamOf(graph, unit)].filter((path) => selected.has(path)).sort();
        expect([...upstreamOf(part, unit)].sort()).toEqual(before);
      }
    }),
  );
});
