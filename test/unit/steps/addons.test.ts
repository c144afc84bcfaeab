import { expect, test } from 'vitest';
import { judgeAddons } from '../../../src/steps/addons.ts';
import type { EksAddon } from '../../../src/tools/aws/eks-reader.ts';
import { shown } from '../support/step-scene.ts';

const addon: EksAddon = { name: 'coredns', status: 'ACTIVE', version: 'v1.12.4', issues: [] };
const judge = (...value: EksAddon[]) => shown(judgeAddons({ kind: 'answer', value }, 'demo'));
const issue = (code: string) => ({ code, message: 'so says AWS' });

test.each([
  [[addon, { ...addon, name: 'vpc-cni' }], 'passed: 2 of 2 add-ons ACTIVE: coredns, vpc-cni'],
  [[{ ...addon, status: 'UPDATING' }], 'waiting: add-on "coredns" is UPDATING'],
  [[{ ...addon, status: 'CREATE_FAILED' }], 'hopeless (failed): add-on "coredns" is CREATE_FAILED'],
  [
    [{ ...addon, status: 'DEGRADED', issues: [issue('InsufficientNumberOfReplicas')] }],
    'waiting: add-on "coredns" is DEGRADED: InsufficientNumberOfReplicas: so says AWS',
  ],
  [
    [{ ...addon, status: 'DEGRADED', issues: [issue('ConfigurationConflict')] }],
    'hopeless (failed): add-on "coredns" is DEGRADED: ConfigurationConflict: so says AWS',
  ],
])('%j: %s', (addons, expected) => {
  expect(judge(...addons)).toBe(expected);
});

test('a failed add-on names the command that shows all of it', () => {
  const value = [{ ...addon, status: 'UPDATE_FAILED' }];
  expect(judgeAddons({ kind: 'answer', value }, 'demo')).toMatchObject({
    failure: { next: 'aws eks describe-addon --cluster-name=demo --addon-name=coredns' },
  });
});
