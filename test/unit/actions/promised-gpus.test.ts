import { expect, test } from 'vitest';
import { promisedGpus } from '../../../src/actions/cluster/promised-gpus.ts';
import type { InstanceType } from '../../../src/tools/aws/ec2.ts';
import type { EksNodeGroup } from '../../../src/tools/aws/eks-reader.ts';
import { stepScene } from '../support/step-scene.ts';

const group: EksNodeGroup = {
  name: 'gpu',
  status: 'ACTIVE',
  desiredSize: 2,
  instanceTypes: ['g5.12xlarge'],
  amiType: 'AL2023_x86_64_NVIDIA',
  issues: [],
};
const counts = { 'g5.xlarge': 1, 'g5.12xlarge': 4 };
const known: InstanceType[] = Object.entries(counts).map(([name, gpus]) => ({
  name,
  vcpus: 4,
  gpus,
  addressesPerInterface: 15,
}));

const promised = (groups: readonly EksNodeGroup[], value: unknown = known) =>
  promisedGpus({ ask: async () => ({ kind: 'answer', value }) as never }, groups);

test('the GPUs that EC2 counts, times the nodes that EKS wants', async () => {
  expect(await promised([group])).toBe(8);
});

test.each<[string, readonly EksNodeGroup[]]>([
  ['no group has the driver', [{ ...group, amiType: 'AL2023_x86_64_STANDARD' }]],
  ['the groups that do are scaled to zero', [{ ...group, desiredSize: 0 }]],
])('none where %s, and EC2 is not asked', async (_, groups) => {
  expect(await promisedGpus(stepScene().aws, groups)).toBe(0);
});

test.each<[string, readonly EksNodeGroup[], unknown]>([
  ['EC2 does not know the type', [group], []],
  ['EKS tells no type', [{ ...group, instanceTypes: [] }], known],
  ['a group may get different ones', [{ ...group, instanceTypes: Object.keys(counts) }], known],
])('not known where %s', async (_, groups, value) => {
  expect(await promised(groups, value)).toBeNull();
});

test('not known where EC2 does not answer', async () => {
  const failure = { kind: 'failed', failure: { kind: 'other', text: 'no' } } as never;
  expect(await promisedGpus({ ask: async () => failure }, [group])).toBeNull();
});
