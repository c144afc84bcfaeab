import { expect, test } from 'vitest';
import { deadlineIn } from '../../../src/steps/deadline.ts';
import { judgeLoadBalancers, loadBalancerStep } from '../../../src/steps/load-balancer.ts';
import { serviceSchema } from '../../../src/tools/kubernetes/objects/service.ts';
import { fakeKubectl } from '../support/fake-kubectl.ts';
import { recorded, shown, stepScene } from '../support/step-scene.ts';

const all = recorded(serviceSchema, 'services');
const pending = recorded(serviceSchema, 'service-pending');
const balanced = recorded(serviceSchema, 'service-with-hostname');
const name = 'istio-ingress/istio-ingress';

test.each([
  [[], [name], `waiting: 1 of 1 Services not there: ${name}`],
  [pending, [name], `waiting: 1 of 1 load balancers have no hostname: ${name}`],
  [all, [], `waiting: 1 of 1 load balancers have no hostname: ${name}`],
  [
    balanced,
    [name],
    'passed: 1 of 1 load balancers: k8s-istioing-0a1b2c3d4e.elb.eu-central-1.amazonaws.com',
  ],
  [[], [], 'waiting: there is no Service of type LoadBalancer'],
  [
    all.filter(({ metadata }) => metadata.name === 'istiod'),
    ['istio-system/istiod'],
    'hopeless (failed): the Service istio-system/istiod is of type ClusterIP',
  ],
])('%#: %3$s', (found, names, expected) => {
  expect(shown(judgeLoadBalancers(found, names))).toBe(expected);
});

test('asks each namespace once', async () => {
  const kubectl = fakeKubectl(() => '');
  const scene = stepScene({ kubectl });
  const options = { services: ['a/x', 'b/y', 'a/z'] };
  await loadBalancerStep.run(scene, options, deadlineIn(scene.clock, 0));
  expect(kubectl.ran).toEqual([
    'get services x z --namespace=a --ignore-not-found --output=json',
    'get services y --namespace=b --ignore-not-found --output=json',
  ]);
});
