import { expect, test } from 'vitest';
import { judgeNodeGroups } from '../../../src/steps/node-groups.ts';
import type { EksNodeGroup } from '../../../src/tools/aws/eks-reader.ts';
import { shown } from '../support/step-scene.ts';

const group: EksNodeGroup = {
  name: 'general',
  status: 'ACTIVE',
  desiredSize: 2,
  instanceTypes: ['m6i.large'],
  amiType: 'AL2023_x86_64_STANDARD',
  issues: [],
};
const judge = (...value: EksNodeGroup[]) =>
  shown(judgeNodeGroups({ kind: 'answer', value }, 'demo'));
const issue = (code: string) => ({ code, message: 'so says AWS' });

test.each([
  [[], 'passed: 0 of 0 node groups ACTIVE'],
  [[group, { ...group, name: 'gpu' }], 'passed: 2 of 2 node groups ACTIVE: general, gpu'],
  [[{ ...group, status: 'CREATING' }], 'waiting: node group "general" is CREATING'],
  [
    [{ ...group, status: 'CREATE_FAILED' }],
    'hopeless (failed): node group "general" is CREATE_FAILED',
  ],
])('%j: %s', (groups, expected) => {
  expect(judge(...groups)).toBe(expected);
});

test.each([
  ['AsgInstanceLaunchFailures', 'waiting'],
  ['InsufficientFreeAddresses', 'waiting'],
  ['NodeCreationFailure', 'waiting'],
  ['InternalFailure', 'waiting'],
  ['AccessDenied', 'hopeless (failed)'],
  ['IamNodeRoleNotFound', 'hopeless (failed)'],
  ['Ec2SubnetInvalidConfiguration', 'hopeless (failed)'],
  ['Ec2LaunchTemplateVersionMismatch', 'hopeless (failed)'],
])('the issue %s is told, and %s', (code, kind) => {
  const text = `node group "general" is DEGRADED: ${code}: so says AWS`;
  expect(judge({ ...group, status: 'DEGRADED', issues: [issue(code)] })).toBe(`${kind}: ${text}`);
});

test('a group that waiting does not help is told before one that it does', () => {
  const slow = { ...group, status: 'CREATING' };
  const lost = { ...group, name: 'gpu', status: 'CREATE_FAILED' };
  expect(judge(slow, lost)).toContain('hopeless (failed): node group "gpu"');
});

test('an ACTIVE group with an issue is not good yet', () => {
  expect(judge({ ...group, issues: [issue('AsgInstanceLaunchFailures')] })).toContain('waiting');
});
