import { expect, test } from 'vitest';
import { graphDot, graphJson, graphMermaid, graphTree } from '../../../src/ui/graph-text.ts';
import { graphOf } from '../support/graphs.ts';

const graph = graphOf({ web: ['api', 'cdn'], api: ['vpc'], cdn: ['vpc'], vpc: [], kms: [] });

test('the tree: each unit once, under the last of what it waits for, the rest behind it', () => {
  expect(graphTree(graph)).toBe(
    ['kms', 'vpc', '├─ api', '└─ cdn', '   └─ web  (also: api)', ''].join('\n'),
  );
});

test('mermaid: names are quoted, arrows point to who waits', () => {
  expect(graphMermaid(graphOf({ 'a"b': [], c: ['a"b'] }))).toBe(
    'graph LR\n  u0["a#quot;b"]\n  u1["c"]\n  u0 --> u1\n',
  );
});

test('dot: names are quoted, arrows point to who waits', () => {
  expect(graphDot(graphOf({ 'a"b': [], c: ['a"b'] }))).toBe(
    'digraph units {\n  rankdir = LR;\n  "a\\"b";\n  "c";\n  "a\\"b" -> "c";\n}\n',
  );
});

test('JSON: in run order', () => {
  expect(graphJson(graph).units.map(({ unit }) => unit)).toEqual(graph.order);
  expect(graphJson(graph).units.at(-1)).toEqual({ unit: 'web', dependencies: ['api', 'cdn'] });
});
