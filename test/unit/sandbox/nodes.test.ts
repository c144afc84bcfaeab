import { expect, test } from 'vitest';
import type { InstanceFacts } from '../../../src/sandbox/cluster/node-facts.ts';
import {
  groupArnOf,
  type NodePlan,
  type PresentNode,
  planNodes,
  readPresentNode,
  type WantedNodes,
} from '../../../src/sandbox/cluster/nodes.ts';
import type { NodeGroup } from '../../../src/sandbox/eks/store.ts';

const REGION = 'eu-central-1';

const m6i: InstanceFacts = {
  instanceType: 'm6i.large',
  vcpus: 2,
  memoryMiB: 8192,
  architecture: 'amd64',
  networkInterfaces: 3,
  addressesPerInterface: 10,
};

const subnets = ['a', 'b', 'c'].map((zone, index) => ({
  id: `subnet-${zone}`,
  zone: `${REGION}${zone}`,
  cidr: `10.10.${index * 64}.0/18`,
}));

function group(changes: Partial<NodeGroup> = {}, desiredSize = 2): WantedNodes {
  const name = changes.name ?? 'general';
  return {
    group: {
      phase: 'CREATING',
      settledAt: 0,
      name,
      arn: `arn:aws:eks:${REGION}:111122223333:nodegroup/demo/${name}/1`,
      createdAt: 0,
      modifiedAt: 0,
      version: '1.34',
      releaseVersion: '1.34.1-20251112',
      capacityType: 'ON_DEMAND',
      scaling: { minSize: 0, maxSize: 9, desiredSize },
      subnets: subnets.map((subnet) => subnet.id),
      amiType: 'AL2023_x86_64_STANDARD',
      nodeRole: 'arn:aws:iam::111122223333:role/node',
      labels: {},
      taints: [],
      diskSize: 20,
      updateConfig: {},
      tags: {},
      ...changes,
    },
    facts: { subnets, instance: m6i },
  };
}

/** What the cluster has when a plan was carried out, the first made first. */
function carriedOut(plan: NodePlan): PresentNode[] {
  return plan.apply.map(({ object }, index) => {
    const metadata = { ...(object.metadata as object), creationTimestamp: new Date(index * 1000) };
    return readPresentNode(JSON.parse(JSON.stringify({ metadata })));
  });
}

const names = (plan: NodePlan) => plan.apply.map((node) => node.name);

test('a new group has its nodes in as many zones as it can, named by addresses of their subnets', () => {
  const plan = planNodes(REGION, [group({}, 4)], []);
  const zones = carriedOut(plan).map((node) => node.zone);
  expect(zones).toEqual([`${REGION}a`, `${REGION}b`, `${REGION}c`, `${REGION}a`]);
  expect(new Set(names(plan)).size).toBe(4);
  const [first, second] = names(plan);
  expect(first).toMatch(/^ip-10-10-([0-9]|[1-5]\d|6[0-3])-\d+\.eu-central-1\.compute\.internal$/);
  expect(second).toMatch(/^ip-10-10-(6[4-9]|[7-9]\d|1[01]\d|12[0-7])-\d+\./);
  expect(planNodes('us-east-1', [group({}, 1)], []).apply[0]?.name).toMatch(/\.ec2\.internal$/);
});

test('what EKS puts on a node', () => {
  const taints = [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NO_SCHEDULE' }];
  const wanted = group({ labels: { team: 'ml' }, taints, capacityType: 'SPOT' }, 1);
  const [node] = planNodes(REGION, [wanted], []).apply;
  expect(node?.object).toMatchObject({
    metadata: {
      labels: {
        team: 'ml',
        'eks.amazonaws.com/nodegroup': 'general',
        'eks.amazonaws.com/capacityType': 'SPOT',
        'node.kubernetes.io/instance-type': 'm6i.large',
        'topology.kubernetes.io/zone': 'eu-central-1a',
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': node?.name,
      },
    },
    spec: {
      providerID: expect.stringMatching(/^aws:\/\/\/eu-central-1a\/i-[0-9a-f]{17}$/),
      taints: [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' }],
    },
  });
  expect(node?.status.status).toMatchObject({
    // https://github.com/awslabs/amazon-eks-ami: eni-max-pods.txt has 29 for m6i.large.
    capacity: { cpu: '2', memory: '8192Mi', pods: '29', 'ephemeral-storage': '20Gi' },
    allocatable: { cpu: '1930m', memory: '7518Mi', pods: '29' },
    nodeInfo: { kubeletVersion: 'v1.34.1-eks-sandbox' },
  });
});

test('what is there is kept: nothing changes, nothing goes', () => {
  const wanted = [group(), group({ name: 'gpu' }, 1)];
  const first = planNodes(REGION, wanted, []);
  const second = planNodes(REGION, wanted, carriedOut(first));
  expect(names(second)).toEqual(names(first));
  expect(second.remove).toEqual([]);
});

test('more nodes are added to those that are there, fewer take the youngest', () => {
  const before = carriedOut(planNodes(REGION, [group({}, 3)], []));
  const more = planNodes(REGION, [group({}, 4)], before);
  expect(names(more).slice(0, 3)).toEqual(before.map((node) => node.name));
  const fewer = planNodes(REGION, [group({}, 1)], before);
  expect(names(fewer)).toEqual([before[0]?.name]);
  expect(fewer.remove.map((node) => node.name)).toEqual(before.slice(1).map((node) => node.name));
});

test('labels and taints change on the nodes that are there', () => {
  const before = carriedOut(planNodes(REGION, [group()], []));
  const after = planNodes(REGION, [group({ labels: { a: 'b' } })], before);
  expect(names(after)).toEqual(before.map((node) => node.name));
  expect(after.apply[0]?.object).toMatchObject({ metadata: { labels: { a: 'b' } } });
});

test.each<[string, WantedNodes]>([
  ['another version', group({ version: '1.35', releaseVersion: '1.35.0-20260129' })],
  [
    'another instance type',
    { ...group(), facts: { subnets, instance: { ...m6i, instanceType: 'm6i.xlarge' } } },
  ],
])('%s makes other nodes, and the old ones go', (_, wanted) => {
  const before = carriedOut(planNodes(REGION, [group()], []));
  const plan = planNodes(REGION, [wanted], before);
  const old = before.map((node) => node.name);
  expect(plan.apply).toHaveLength(2);
  for (const name of names(plan)) expect(old).not.toContain(name);
  expect(plan.remove.map((node) => node.name).sort()).toEqual([...old].sort());
});

test('the nodes of a group that is gone go, and those that somebody else made stay', () => {
  const before = carriedOut(planNodes(REGION, [group()], []));
  const foreign = { name: 'mine', madeFor: undefined, zone: undefined, createdAt: 0 };
  const plan = planNodes(REGION, [], [...before, foreign]);
  expect(plan.remove).toEqual(
    before.map((node) => ({ name: node.name, groupArn: group().group.arn })),
  );
  expect(groupArnOf(foreign)).toBeUndefined();
});

test('a subnet whose addresses are taken says so', () => {
  const small = [{ id: 'subnet-s', zone: `${REGION}a`, cidr: '10.0.0.0/29' }];
  const wanted = { ...group({}, 4), facts: { subnets: small, instance: m6i } };
  expect(() => planNodes(REGION, [wanted], [])).toThrow('no address is left in subnet "subnet-s"');
  const three = { ...group({}, 3), facts: wanted.facts };
  expect(new Set(names(planNodes(REGION, [three], []))).size).toBe(3);
});
