import { expect, test } from 'vitest';
import type { CloudResource } from '../../../../src/domain/leftover.ts';
import { judgeLoadBalancers } from '../../../../src/steps/pre-destroy/judge-load-balancers.ts';
import { exposedObjectSchema } from '../../../../src/tools/kubernetes/objects/exposed-object.ts';

const service = (name: string, uid = name, finalizers: string[] = []) =>
  exposedObjectSchema.parse({
    kind: 'Service',
    metadata: { name, namespace: 'web', uid, finalizers },
    spec: { type: 'LoadBalancer' },
  });

const balancer = (about: string, tags: CloudResource['tags']): CloudResource => ({
  kind: 'load balancer',
  id: `arn:${about}`,
  about,
  tags: { 'elbv2.k8s.aws/cluster': 'c1', ...tags },
});

const ofShop = balancer('k8s-web-shop', { 'service.k8s.aws/stack': 'web/shop' });
const group: CloudResource = { ...ofShop, kind: 'target group', about: 'k8s-web-shop-80' };
const first = { objects: [service('shop')], resources: [ofShop, group] };

const judge = (now: typeof first, before: typeof first = first) =>
  judgeLoadBalancers('c1', before, now);

test('a Service that waits for its finalizer is named with the one who takes it away', () => {
  const waits = service('shop', 'shop', ['service.k8s.aws/resources']);
  expect(judge({ ...first, objects: [waits] })).toEqual({
    kind: 'waiting',
    missing:
      'Service web/shop waits for the AWS Load Balancer Controller (finalizer service.k8s.aws/resources): does it run?',
  });
});

test('a Service that somebody makes again is said to come again', () => {
  expect(judge({ ...first, objects: [service('shop', 'other-uid')] })).toMatchObject({
    missing: 'Service web/shop was deleted and has been made again: what makes it must go first',
  });
});

test('the Service is gone and its load balancer and target group are not', () => {
  expect(judge({ objects: [], resources: [ofShop, group] })).toEqual({
    kind: 'waiting',
    missing: 'still in AWS: load balancer k8s-web-shop, target group k8s-web-shop-80',
  });
  expect(judge({ objects: [], resources: [group] }).kind).toBe('waiting');
});

test('all of it is gone', () => {
  expect(judge({ objects: [], resources: [] })).toEqual({
    kind: 'passed',
    text: 'removed: Service web/shop; gone from AWS: 2',
  });
});

test('what belongs to another cluster is not waited for', () => {
  const foreign = { ...ofShop, tags: { 'elbv2.k8s.aws/cluster': 'c2' } };
  expect(judge({ objects: [], resources: [foreign] }).kind).toBe('passed');
});

test('what names a Service that was not there is left to the sweep, and said', () => {
  const orphan = balancer('old', { 'service.k8s.aws/stack': 'web/gone' });
  const before = { ...first, resources: [ofShop, orphan] };
  expect(judge({ objects: [], resources: [orphan] }, before)).toEqual({
    kind: 'passed',
    text: 'removed: Service web/shop; gone from AWS: 1; 1 in AWS belong to nothing in the cluster',
  });
});

test('a group of Ingresses is waited for as long as there was any object', () => {
  const shared = balancer('shared', { 'ingress.k8s.aws/stack': 'my-group' });
  expect(judge({ objects: [], resources: [shared] }).kind).toBe('waiting');
  const nothing = { objects: [], resources: [shared] };
  expect(judge(nothing, nothing).kind).toBe('passed');
});

test('one without a name of its origin, as the classic kind may be, is waited for too', () => {
  const { tags, ...rest } = balancer('a1b2', {});
  const classic: CloudResource = {
    ...rest,
    kind: 'classic load balancer',
    tags: { 'kubernetes.io/cluster/c1': 'owned' },
  };
  expect(tags).toBeDefined();
  expect(judge({ objects: [], resources: [classic] }).kind).toBe('waiting');
});

test('nothing was there', () => {
  const nothing = { objects: [], resources: [] };
  expect(judge(nothing, nothing)).toEqual({
    kind: 'passed',
    text: 'no Ingress and no Service of type LoadBalancer',
  });
});
