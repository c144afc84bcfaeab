import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  DeleteAddonCommand,
  DeleteClusterCommand,
  DeleteNodegroupCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  UpdateNodegroupConfigCommand,
  waitUntilClusterActive,
  waitUntilNodegroupActive,
} from '@aws-sdk/client-eks';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { platform } from '../support/platform.ts';
import { makeSmallCluster, type SmallCluster } from '../support/small-cluster.ts';

let cluster: SmallCluster;

beforeAll(async () => {
  cluster = await makeSmallCluster({
    nodeGroups: {
      general: { desiredSize: 2, labels: { team: 'ml' } },
      gpu: {
        instanceType: 'g5.xlarge',
        taints: [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NO_SCHEDULE' }],
      },
    },
    addons: ['vpc-cni', 'coredns'],
  });
});

afterAll(() => cluster?.remove());

/** Polls until it is so; a test that waits in vain runs into its own time limit. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 100));
}

interface KubeNode {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly spec: { readonly taints?: readonly object[] };
  readonly status: {
    readonly conditions: readonly object[];
    readonly capacity: Record<string, string>;
    readonly allocatable: Record<string, string>;
  };
}

async function nodes(selector = ''): Promise<KubeNode[]> {
  const args = ['get', 'nodes', '-o', 'json', ...(selector === '' ? [] : ['-l', selector])];
  return JSON.parse(await cluster.kubectl(args)).items;
}

const ofGroup = (name: string) => nodes(`eks.amazonaws.com/nodegroup=${name}`);

async function settled(nodegroupName: string): Promise<void> {
  const waiter = { client: cluster.eks, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  await waitUntilNodegroupActive(waiter, { clusterName: cluster.clusterName, nodegroupName });
}

test('a node group that is ACTIVE has its nodes, ready, with what EKS puts on them', async () => {
  const general = await ofGroup('general');
  expect(general).toHaveLength(2);
  const zones = general.map((node) => node.metadata.labels['topology.kubernetes.io/zone']);
  expect(new Set(zones).size).toBe(2);
  for (const node of general) {
    expect(node.metadata.labels).toMatchObject({
      team: 'ml',
      'node.kubernetes.io/instance-type': 'm6i.large',
      'eks.amazonaws.com/capacityType': 'ON_DEMAND',
    });
    expect(node.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'True' }),
    );
    expect(node.status.capacity).toMatchObject({ cpu: '2', pods: '29' });
  }
  const [gpu] = await ofGroup('gpu');
  expect(gpu?.spec.taints).toEqual([
    { key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' },
  ]);
  // GPUs are what the device plugin says.
  expect(gpu?.status.allocatable['nvidia.com/gpu']).toBeUndefined();
});

test('add-ons are workloads that run, on the addresses that EKS gives', async () => {
  const timeout = '--timeout=60s';
  await cluster.kubectl(['rollout', 'status', 'deployment/coredns', '-n', 'kube-system', timeout]);
  await cluster.kubectl(['rollout', 'status', 'daemonset/aws-node', '-n', 'kube-system', timeout]);
  const dns = JSON.parse(
    await cluster.kubectl(['get', 'service', 'kube-dns', '-n', 'kube-system', '-o', 'json']),
  );
  expect(dns.spec.clusterIP).toBe('172.20.0.10');
  const { clusterName } = cluster;
  await cluster.eks.send(new DeleteAddonCommand({ clusterName, addonName: 'vpc-cni' }));
  await until(async () => !(await cluster.kubectl(['get', 'ds', '-A'])).includes('aws-node'));
});

test('nodes follow their group: more, other labels and taints, fewer, none', async () => {
  const { clusterName, eks } = cluster;
  const before = (await ofGroup('general')).map((node) => node.metadata.name);
  await eks.send(
    new UpdateNodegroupConfigCommand({
      clusterName,
      nodegroupName: 'general',
      scalingConfig: { desiredSize: 3 },
      labels: { addOrUpdateLabels: { stage: 'two' }, removeLabels: ['team'] },
      taints: { addOrUpdateTaints: [{ key: 'soft', effect: 'PREFER_NO_SCHEDULE' }] },
    }),
  );
  await settled('general');
  const more = await ofGroup('general');
  expect(more).toHaveLength(3);
  expect(more.map((node) => node.metadata.name)).toEqual(expect.arrayContaining(before));
  for (const node of more) {
    expect(node.metadata.labels.stage).toBe('two');
    expect(node.metadata.labels.team).toBeUndefined();
    expect(node.spec.taints).toEqual([{ key: 'soft', effect: 'PreferNoSchedule' }]);
  }
  await eks.send(
    new UpdateNodegroupConfigCommand({
      clusterName,
      nodegroupName: 'general',
      scalingConfig: { desiredSize: 2 },
      taints: { removeTaints: [{ key: 'soft', effect: 'PREFER_NO_SCHEDULE' }] },
    }),
  );
  await settled('general');
  const fewer = await ofGroup('general');
  expect(fewer.map((node) => node.metadata.name).sort()).toEqual([...before].sort());
  expect(fewer.flatMap((node) => node.spec.taints ?? [])).toEqual([]);
  await eks.send(new DeleteNodegroupCommand({ clusterName, nodegroupName: 'gpu' }));
  await until(async () => (await ofGroup('gpu')).length === 0);
});

test('a node group of machines that EC2 does not have is CREATE_FAILED and says so', async () => {
  const { clusterName, eks } = cluster;
  const found = await eks.send(
    new DescribeNodegroupCommand({ clusterName, nodegroupName: 'general' }),
  );
  const group = { clusterName, nodegroupName: 'odd' };
  await eks.send(
    new CreateNodegroupCommand({
      ...group,
      nodeRole: found.nodegroup?.nodeRole,
      subnets: found.nodegroup?.subnets,
      instanceTypes: ['m99.huge'],
    }),
  );
  const describe = async () => (await eks.send(new DescribeNodegroupCommand(group))).nodegroup;
  await until(async () => (await describe())?.status !== 'CREATING');
  expect(await describe()).toMatchObject({
    status: 'CREATE_FAILED',
    health: { issues: [{ message: expect.stringContaining('m99.huge') }] },
  });
  await eks.send(new DeleteNodegroupCommand(group));
});

/** A person's own shell: `aws eks update-kubeconfig` and kubectl, with the keys of `key`. */
async function kubectlAs(key: Record<string, string>, args: readonly string[]) {
  const kubeconfig = join(cluster.tree.root, `kubeconfig-${key.AWS_ACCESS_KEY_ID}`);
  const env = { ...cluster.env, ...key, HOME: cluster.tree.root, KUBECONFIG: kubeconfig };
  await execa('aws', ['eks', 'update-kubeconfig', `--name=${cluster.clusterName}`], { env });
  const { exitCode, stdout, stderr } = await execa('kubectl', args, { env, reject: false });
  return { exitCode, stdout, stderr };
}

/** An IAM user with an access key, made by the real AWS CLI. */
async function newUser(name: string) {
  const aws = async (...args: string[]) =>
    JSON.parse((await execa('aws', ['iam', ...args], { env: { ...cluster.env } })).stdout);
  const { User } = await aws('create-user', `--user-name=${name}`);
  const { AccessKey } = await aws('create-access-key', `--user-name=${name}`);
  return {
    arn: User.Arn as string,
    key: {
      AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId as string,
      AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey as string,
    },
  };
}

test('a token of aws eks get-token is worth what the access entry says', async () => {
  const { clusterName, eks } = cluster;
  const admin = await kubectlAs({}, ['auth', 'whoami', '-o', 'json']);
  expect(JSON.parse(admin.stdout).status.userInfo).toMatchObject({
    groups: expect.arrayContaining(['system:masters']),
  });
  const viewer = await newUser('viewer');
  expect((await kubectlAs(viewer.key, ['get', 'pods'])).stderr).toContain('Unauthorized');
  await eks.send(
    new CreateAccessEntryCommand({
      clusterName,
      principalArn: viewer.arn,
      kubernetesGroups: ['readers'],
    }),
  );
  await until(async () => {
    const { stderr } = await kubectlAs(viewer.key, ['get', 'pods']);
    return stderr.includes('Forbidden');
  });
  await eks.send(
    new AssociateAccessPolicyCommand({
      clusterName,
      principalArn: viewer.arn,
      policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
      accessScope: { type: 'cluster' },
    }),
  );
  await until(async () => (await kubectlAs(viewer.key, ['get', 'pods'])).exitCode === 0);
  const refused = await kubectlAs(viewer.key, ['create', 'namespace', 'mine']);
  expect(refused.stderr).toContain('Forbidden');
});

test('a session of a role is its role, and named as a session', async () => {
  const { clusterName, eks, env } = cluster;
  const aws = async (...args: string[]) =>
    JSON.parse((await execa('aws', args, { env: { ...env } })).stdout);
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  });
  const role = await aws(
    'iam',
    'create-role',
    '--role-name=builder',
    '--path=/teams/',
    `--assume-role-policy-document=${policy}`,
  );
  const principalArn = role.Role.Arn as string;
  await eks.send(new CreateAccessEntryCommand({ clusterName, principalArn }));
  const session = await aws(
    'sts',
    'assume-role',
    `--role-arn=${principalArn}`,
    '--role-session-name=build-7',
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = session.Credentials;
  const key = {
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    AWS_SESSION_TOKEN: SessionToken,
  };
  const whoami = await kubectlAs(key, ['auth', 'whoami', '-o', 'json']);
  expect(JSON.parse(whoami.stdout).status.userInfo.username).toBe(
    'arn:aws:sts::123456789012:assumed-role/builder/build-7',
  );
});

test('clusters that are made at once have each an API server, and go without a trace', async () => {
  const { eks } = cluster;
  const first = await eks.send(new DescribeClusterCommand({ name: cluster.clusterName }));
  const subnetIds = first.cluster?.resourcesVpcConfig?.subnetIds;
  const names = ['left', 'right'];
  const waiter = { client: eks, maxWaitTime: 120, minDelay: 1, maxDelay: 1 };
  const made = await Promise.all(
    names.map(async (name) => {
      const roleArn = first.cluster?.roleArn;
      const input = { name, roleArn, resourcesVpcConfig: { subnetIds } };
      const created = await eks.send(new CreateClusterCommand(input));
      expect(created.cluster).toMatchObject({ status: 'CREATING' });
      expect(created.cluster?.endpoint).toBeUndefined();
      await waitUntilClusterActive(waiter, { name });
      return (await eks.send(new DescribeClusterCommand({ name }))).cluster;
    }),
  );
  const endpoints = [first.cluster, ...made].map((each) => each?.endpoint);
  expect(new Set(endpoints).size).toBe(3);
  const folders = readdirSync(clustersFolder());
  expect(folders.sort()).toEqual([
    'eu-central-1.left',
    'eu-central-1.mlp-sandbox',
    'eu-central-1.right',
  ]);
  for (const name of names) await eks.send(new DeleteClusterCommand({ name }));
  await until(() => readdirSync(clustersFolder()).length === 1);
  expect(processesOf('.left/')).toEqual([]);
});

function sandboxFolder(): string {
  return dirname(dirname(dirname(dirname(cluster.kubeconfig))));
}

function clustersFolder(): string {
  return join(sandboxFolder(), 'kubernetes', 'clusters');
}

/** Command lines of running processes that name this part of the sandbox's folder of control planes. */
function processesOf(part = ''): string[] {
  const lines = execFileSync('ps', ['-ww', '-eo', 'args'], { encoding: 'utf8' }).split('\n');
  const programs = `${clustersFolder()}/`;
  return lines.filter((line) => line.startsWith(programs) && line.includes(part));
}

test('everything listens on loopback alone', async () => {
  const pids = readdirSync(join(clustersFolder(), 'eu-central-1.mlp-sandbox', 'pids')).map((name) =>
    readFileSync(join(clustersFolder(), 'eu-central-1.mlp-sandbox', 'pids', name), 'utf8').trim(),
  );
  const listening = execFileSync('ss', ['-ltnpH'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => pids.some((pid) => line.includes(`pid=${pid},`)));
  expect(listening.length).toBeGreaterThan(3);
  for (const line of listening) expect(line).toMatch(/ 127\.0\.0\.1:\d+ /);
});

// The last one: it ends the sandbox of this file.
test('what a killed daemon leaves is ended by the next start, and down leaves nothing', async () => {
  const folder = sandboxFolder();
  const { gatewayPid } = JSON.parse(readFileSync(join(folder, 'sandbox.json'), 'utf8'));
  expect(processesOf()).toHaveLength(5);
  process.kill(gatewayPid, 'SIGKILL');
  await cluster.kubectl(['get', 'namespaces']);
  const up = await platform(['sandbox', 'up', 'small'], { cwd: cluster.tree.root });
  expect(up.exitCode).toBe(0);
  expect(processesOf()).toEqual([]);
  expect(existsSync(join(folder, 'kubernetes'))).toBe(false);
});
