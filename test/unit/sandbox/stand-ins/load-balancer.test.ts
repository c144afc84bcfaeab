import { expect, test } from 'vitest';
import {
  decideService,
  loadBalancerName,
  parseService,
  schemeOf,
  targetGroupName,
} from '../../../../src/sandbox/stand-ins/load-balancer/service-load-balancer.ts';

const finalizers = ['service.k8s.aws/resources'];
const named = { loadBalancer: { ingress: [{ hostname: 'x.elb.amazonaws.com' }] } };

function service(spec: object, metadata: object = {}, status: object = {}) {
  const identity = { name: 'istio-ingress', namespace: 'istio-ingress', uid: 'u1' };
  return parseService({ metadata: { ...identity, ...metadata }, spec, status });
}

test.each([
  ['a new one', { type: 'LoadBalancer' }, {}, {}, 'make'],
  ['one that has its name', { type: 'LoadBalancer' }, { finalizers }, named, 'leave'],
  ['one that was named, but is not held', { type: 'LoadBalancer' }, {}, named, 'make'],
  ['one that was begun', { type: 'LoadBalancer' }, { finalizers }, {}, 'make'],
  [
    'one of our class',
    { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' },
    {},
    {},
    'make',
  ],
  ['one of another class', { type: 'LoadBalancer', loadBalancerClass: 'metallb' }, {}, {}, 'leave'],
  [
    'one that is being deleted',
    { type: 'LoadBalancer' },
    { finalizers, deletionTimestamp: '2026-01-01T00:00:00Z' },
    named,
    'remove',
  ],
  [
    'one that is being deleted, and held by others',
    { type: 'LoadBalancer' },
    { finalizers: ['x/y'], deletionTimestamp: '2026-01-01T00:00:00Z' },
    {},
    'leave',
  ],
  ['one that became a ClusterIP', { type: 'ClusterIP' }, { finalizers }, named, 'remove'],
  ['a ClusterIP', {}, {}, {}, 'leave'],
] as const)('a Service, %s', (_case, spec, metadata, status, expected) => {
  expect(decideService(service(spec, metadata, status))).toBe(expected);
});

test.each([
  [{}, 'internal'],
  [{ 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' }, 'internet-facing'],
])('with annotations %j it is %s', (annotations, scheme) => {
  expect(schemeOf(service({}, { annotations }).metadata)).toBe(scheme);
});

test('names fit into 32 characters, and tell clusters, Services and ports apart', () => {
  const { metadata } = service({});
  const name = loadBalancerName('mlp', metadata, 'internal');
  expect(name).toMatch(/^k8s-istioing-istioing-[0-9a-f]{10}$/);
  expect(name.length).toBeLessThanOrEqual(32);
  const others = [
    loadBalancerName('other', metadata, 'internal'),
    loadBalancerName('mlp', service({}, { uid: 'u2' }).metadata, 'internal'),
    targetGroupName('mlp', metadata, 80),
    targetGroupName('mlp', metadata, 443),
  ];
  expect(new Set([name, ...others]).size).toBe(5);
});
