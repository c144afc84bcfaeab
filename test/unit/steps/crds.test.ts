import { expect, test } from 'vitest';
import { crdsStep, judgeCrds } from '../../../src/steps/crds.ts';
import { deadlineIn } from '../../../src/steps/deadline.ts';
import { customResourceDefinitionSchema } from '../../../src/tools/kubernetes/objects/custom-resource-definition.ts';
import { fakeKubectl } from '../support/fake-kubectl.ts';
import { recorded, recordedText, shown, stepScene } from '../support/step-scene.ts';

const found = recorded(customResourceDefinitionSchema, 'crds');
const only = (...names: string[]) => found.filter(({ metadata }) => names.includes(metadata.name));
const gateways = 'gateways.networking.istio.io';
const clash = 'othergateways.networking.istio.io';

test.each([
  [[gateways], [gateways], 'passed: 1 of 1 CRDs established'],
  [[gateways], [gateways, 'a.b'], 'waiting: 1 of 2 CRDs not there: a.b'],
  [[], [], 'waiting: there is no CRD'],
  [[gateways], [], 'passed: 1 of 1 CRDs established'],
])('%j there, %j wanted: %s', (there, names, expected) => {
  expect(shown(judgeCrds(only(...there), names))).toBe(expected);
});

test('names that clash with those of another CRD are told as the cause', () => {
  expect(shown(judgeCrds(only(gateways, clash), [gateways, clash]))).toMatch(
    /^waiting: 1 of 2 CRDs not established: othergateways\.networking\.istio\.io \(.*"GatewayList" is already in use\)$/,
  );
});

test('a CRD that is served while its newer names are refused is not good', () => {
  const [good] = only(gateways);
  const [refused] = only(clash);
  const names = refused?.status.conditions.filter(({ type }) => type === 'NamesAccepted') ?? [];
  const served = good?.status.conditions.filter(({ type }) => type === 'Established') ?? [];
  const both = only(gateways).map((each) => ({
    ...each,
    status: { conditions: [...names, ...served] },
  }));
  expect(shown(judgeCrds(both, [gateways]))).toContain('1 of 1 CRDs not established');
});

test('asks for all of them by one command', async () => {
  const kubectl = fakeKubectl(() => recordedText('crds'));
  const scene = stepScene({ kubectl });
  await crdsStep.run(scene, { names: [gateways, 'a.b'] }, deadlineIn(scene.clock, 0));
  expect(kubectl.ran).toEqual([
    `get customresourcedefinitions.apiextensions.k8s.io ${gateways} a.b --ignore-not-found --output=json`,
  ]);
});
