import { expect, test } from 'vitest';
import { judgeQuotas, quotaOf } from '../../../../src/domain/preflight/instance-quotas.ts';
import { group, types } from './sample-nodes.ts';

test.each([
  ['m6i.large', 'ON_DEMAND', 'L-1216C47A'],
  ['im4gn.large', 'ON_DEMAND', 'L-1216C47A'],
  ['m6i.large', 'SPOT', 'L-34B43A08'],
  ['g5.xlarge', 'ON_DEMAND', 'L-DB2E81BA'],
  ['gr6.4xlarge', 'ON_DEMAND', 'L-DB2E81BA'],
  ['vt1.3xlarge', 'SPOT', 'L-3819A6DF'],
  ['p5.48xlarge', 'ON_DEMAND', 'L-417A185B'],
  ['p4d.24xlarge', 'SPOT', 'L-7212CCBC'],
  ['p5.48xlarge', 'SPOT', 'L-C4BD4855'],
  ['trn1.2xlarge', 'ON_DEMAND', 'L-2C3B7624'],
  ['inf2.xlarge', 'SPOT', 'L-B5D1601B'],
  ['dl1.24xlarge', 'ON_DEMAND', undefined],
  ['hpc7g.4xlarge', 'ON_DEMAND', undefined],
  ['p6-b200.48xlarge', 'SPOT', undefined],
] as const)('%s %s counts against %s', (type, capacityType, code) => {
  expect(quotaOf({ instanceTypes: [type], capacityType })?.code).toBe(code);
});

const judge = (quotas: Record<string, number>, ...groups: ReturnType<typeof group>[]) =>
  judgeQuotas(groups, types, new Map(Object.entries(quotas)), 'eu-central-1');

test('what may grow to fits: one line with both figures', () => {
  expect(judge({ 'L-1216C47A': 8 }, group({ desiredSize: 2, maxSize: 4 }))).toEqual([
    { name: 'quota CPU', verdict: 'ok', text: 'general: 4 to 8 of 8 vCPUs', exitCode: 1 },
  ]);
});

test('what is wanted now fits and the most does not: a warning, with the command that asks for more', () => {
  const [check] = judge({ 'L-1216C47A': 7 }, group({ desiredSize: 2, maxSize: 4 }));
  expect(check?.verdict).toBe('warn');
  expect(check?.text).toContain('may grow to 8 vCPUs');
  expect(check?.fix).toBe(
    'aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A --desired-value 8 --region eu-central-1',
  );
});

test('what is wanted now does not fit: bad, and a quota of none is said to be that of a new account', () => {
  const gpu = group({ name: 'gpu', instanceTypes: ['g5.xlarge'], desiredSize: 1, maxSize: 2 });
  expect(judge({ 'L-DB2E81BA': 3 }, gpu)[0]).toMatchObject({
    verdict: 'bad',
    text: 'gpu: 4 vCPUs wanted, the quota "Running On-Demand G and VT instances" is 3',
  });
  const [none] = judge({ 'L-DB2E81BA': 0 }, gpu);
  expect(none?.text).toMatch(/is 0; a new account has none and must ask for them$/);
  expect(none?.fix).toContain('--quota-code L-DB2E81BA --desired-value 8');
});

test('groups of one family share its quota; those bought as spot have another', () => {
  const groups = [
    group({ name: 'a', desiredSize: 2, maxSize: 2 }),
    group({ name: 'b', desiredSize: 2, maxSize: 2 }),
    group({ name: 'c', desiredSize: 2, maxSize: 2, capacityType: 'SPOT' }),
  ];
  const checks = judge({ 'L-1216C47A': 7, 'L-34B43A08': 4 }, ...groups);
  expect(checks.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
    'quota CPU bad',
    'spot CPU ok',
  ]);
});

test('of several types the smallest must fit and the largest should', () => {
  const mixed = group({ instanceTypes: ['m6i.xlarge', 'm6i.large'], desiredSize: 2, maxSize: 2 });
  expect(judge({ 'L-1216C47A': 4 }, mixed)[0]?.verdict).toBe('warn');
  expect(judge({ 'L-1216C47A': 3 }, mixed)[0]?.verdict).toBe('bad');
  expect(judge({ 'L-1216C47A': 8 }, mixed)[0]?.verdict).toBe('ok');
});

test('a group scaled to nothing fits in a quota of nothing only if it may not grow', () => {
  const gpu = group({ instanceTypes: ['g5.xlarge'], desiredSize: 0, maxSize: 1 });
  expect(judge({ 'L-DB2E81BA': 0 }, gpu)[0]?.verdict).toBe('warn');
});

test('a quota that nobody could read is no line here; a family without a known one is', () => {
  expect(judge({}, group({}))).toEqual([]);
  expect(judge({}, group({ instanceTypes: ['dl1.24xlarge'] }))[0]).toMatchObject({
    verdict: 'warn',
    text: 'general: no quota is known here for "dl1.24xlarge"',
  });
});
