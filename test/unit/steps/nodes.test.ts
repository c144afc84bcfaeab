import { expect, test } from 'vitest';
import { judgeNodes } from '../../../src/steps/nodes.ts';
import { nodeSchema } from '../../../src/tools/kubernetes/objects/node.ts';
import { recorded, shown } from '../support/step-scene.ts';

/** general: one ready, one not; gpu: one ready. */
const nodes = recorded(nodeSchema, 'nodes');
const judge = (general: number, gpu: number) =>
  shown(
    judgeNodes(nodes, [
      { name: 'general', desiredSize: general },
      { name: 'gpu', desiredSize: gpu },
    ]),
  );
const broken = 'ip-10-10-2-12.eu-central-1.compute.internal (KubeletNotReady)';

test.each([
  [1, 1, 'passed: 2 of 2 nodes ready'],
  [1, 0, 'passed: 1 of 1 nodes ready'],
  [0, 0, 'passed: 0 of 0 nodes ready'],
  [2, 1, `waiting: 2 of 3 nodes ready: ${broken}`],
  [3, 1, `waiting: 2 of 4 nodes ready: ${broken}, 1 of node group "general" not registered`],
  [1, 3, 'waiting: 2 of 4 nodes ready: 2 of node group "gpu" not registered'],
])('%i general and %i GPU nodes wanted: %s', (general, gpu, expected) => {
  expect(judge(general, gpu)).toBe(expected);
});

test('nodes of another group do not make up for missing ones', () => {
  expect(shown(judgeNodes(nodes, [{ name: 'other', desiredSize: 1 }]))).toBe(
    'waiting: 0 of 1 nodes ready: 1 of node group "other" not registered',
  );
});

test('a node without any status is not ready', () => {
  const [first] = nodes;
  if (first === undefined) throw new Error('no node was recorded');
  const fresh = nodeSchema.parse({ kind: 'Node', metadata: first.metadata });
  expect(shown(judgeNodes([fresh], [{ name: 'general', desiredSize: 1 }]))).toBe(
    'waiting: 0 of 1 nodes ready: ip-10-10-1-11.eu-central-1.compute.internal (no status yet)',
  );
});

test('three causes are named, of a hundred', () => {
  const many = Array.from({ length: 100 }, (_, index) =>
    nodeSchema.parse({
      kind: 'Node',
      metadata: { name: `n${index}`, labels: { 'eks.amazonaws.com/nodegroup': 'general' } },
    }),
  );
  expect(shown(judgeNodes(many, [{ name: 'general', desiredSize: 100 }]))).toBe(
    'waiting: 0 of 100 nodes ready: n0 (no status yet), n1 (no status yet), n2 (no status yet) and 97 more',
  );
});
