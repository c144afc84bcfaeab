import fc from 'fast-check';
import { buildGraph, type Graph } from '../../../src/domain/graph.ts';

/** `{ app: ['vpc'], vpc: [] }` as a graph; a circle is a mistake of the test. */
export function graphOf(edges: Readonly<Record<string, readonly string[]>>): Graph {
  const result = buildGraph(
    Object.entries(edges).map(([path, dependencies]) => ({ path, dependencies })),
  );
  if (result.kind === 'cycle') throw new Error(`a circle: ${result.path.join(' -> ')}`);
  return result.graph;
}

/** Random graphs of up to twelve units, named so that their order is not their alphabet. */
export const anyGraph = fc
  .integer({ min: 0, max: 12 })
  .chain((size) =>
    fc.tuple(
      fc.shuffledSubarray([...'abcdefghijkl'], { minLength: size, maxLength: size }),
      fc.array(fc.array(fc.boolean(), { minLength: size, maxLength: size }), {
        minLength: size,
        maxLength: size,
      }),
    ),
  )
  .map(([names, matrix]) =>
    graphOf(
      Object.fromEntries(
        names.map((name, index) => [
          name,
          names.filter((_, other) => other < index && matrix[index]?.[other] === true),
        ]),
      ),
    ),
  );
