import { expect, test } from 'vitest';
import { judgeCoredns } from '../../../src/steps/coredns.ts';
import { deploymentSchema } from '../../../src/tools/kubernetes/objects/deployment.ts';
import { endpointSliceSchema } from '../../../src/tools/kubernetes/objects/endpoint-slice.ts';
import { recorded, shown } from '../support/step-scene.ts';

const [available] = recorded(deploymentSchema, 'coredns');
const [fresh] = recorded(deploymentSchema, 'coredns-fresh');
const slices = recorded(endpointSliceSchema, 'endpointslices');

test.each([
  [undefined, slices, 'waiting: the deployment kube-system/coredns is not there'],
  [fresh, slices, 'waiting: the deployment kube-system/coredns is not available, 0 of 2'],
  [available, [], 'waiting: the Service kube-system/kube-dns has no ready endpoint'],
  [available, slices, 'passed: kube-system/coredns: 2 of 2 available, 2 endpoints ready'],
])('%#: %3$s', (deployment, found, expected) => {
  expect(shown(judgeCoredns(deployment, found))).toBe(expected);
});

test('endpoints that are not ready do not count', () => {
  const down = slices.map((slice) => ({
    ...slice,
    endpoints: (slice.endpoints ?? []).map((each) => ({ ...each, conditions: { ready: false } })),
  }));
  expect(shown(judgeCoredns(available, down))).toContain('no ready endpoint');
});
