import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
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
  EKSClient,
  UpdateNodegroupConfigCommand,
  waitUntilClusterActive,
  waitUntilNodegroupActive,
} from '@aws-sdk/client-eks';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { kubernetesSettings } from '../../src/actions/sandbox-binaries.ts';
import { openWorkspace } from '../../src/config/workspace.ts';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import { sandboxStatus, startSandbox, stopSandbox } from '../../src/sandbox/lifecycle.ts';
import { platform } from '../support/platform.ts';
import { defaultSubnets, makeSmallCluster, type SmallCluster } from '../support/small-cluster.ts';
import { until } from '../support/until.ts';

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
  if (!existsSync(kubeconfig)) {
    await execa('aws', ['eks', 'update-kubeconfig', `--name=${cluster.clusterName}`], { env });
  }
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

/** Command lines of running programs from the sandbox's folder of control planes, with this in them. */
function processesOf(part = ''): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });
  const programs = `${clustersFolder()}/`;
  return lines.filter((line) => line.startsWith(programs) && line.includes(part));
}

/** Addresses, in the hex of /proc/net/tcp, on which the processes listen. */
function listeningOf(pids: readonly string[]): string[] {
  const sockets = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)),
  );
  const rows = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/net/${name}`, 'utf8').trim().split('\n').slice(1),
  );
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((row) => row[3] === '0A' && sockets.includes(`socket:[${row[9]}]`))
    .map((row) => row[1]?.split(':')[0] ?? '');
}

test('everything listens on loopback alone', () => {
  const folder = join(clustersFolder(), `eu-central-1.${cluster.clusterName}`, 'pids');
  const pids = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8').trim());
  const addresses = listeningOf(pids);
  expect(addresses.length).toBeGreaterThanOrEqual(6);
  expect(new Set(addresses)).toEqual(new Set(['0100007F']));
});

test('sandbox status asks every API server', async () => {
  const { stdout } = await platform(['--json', 'sandbox', 'status', 'small'], {
    cwd: cluster.tree.root,
  });
  expect(JSON.parse(stdout).sandbox.clusters).toEqual([
    {
      name: cluster.clusterName,
      version: expect.stringMatching(/^1\./),
      endpoint: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
      apiServer: 'answers',
    },
  ]);
});

test('a token that was signed more than 15 minutes ago is not taken', async () => {
  const env = { ...cluster.env };
  const args = ['eks', 'get-token', `--cluster-name=${cluster.clusterName}`, '--output=json'];
  const { stdout } = await execa('aws', args, { env });
  const { token } = JSON.parse(stdout).status as { token: string };
  const signed = Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString('utf8');
  const old = new Date(Date.now() - 16 * 60_000).toISOString().replace(/[-:]|\.\d+/g, '');
  const aged = signed.replace(/X-Amz-Date=[^&]+/, `X-Amz-Date=${old}`);
  expect(aged).not.toBe(signed);
  const withToken = async (text: string) => {
    const bearer = `--token=k8s-aws-v1.${Buffer.from(text).toString('base64url')}`;
    const kubeconfig = join(cluster.tree.root, 'no-user');
    const admin = await cluster.kubectl(['config', 'view', '--raw', '--flatten', '-o', 'json']);
    await writeFile(kubeconfig, JSON.stringify({ ...JSON.parse(admin), users: [] }));
    const what = [`--kubeconfig=${kubeconfig}`, '--user=', bearer, 'get', 'namespaces'];
    return execa('kubectl', what, { env, reject: false });
  };
  expect((await withToken(signed)).exitCode).toBe(0);
  expect((await withToken(aged)).stderr).toContain('Unauthorized');
});

test('a control plane that cannot be started makes a FAILED cluster that says why', async () => {
  const host = createNodeHost();
  const directory = await host.files.makeTemporary('control-plane-');
  const workspace = await openWorkspace(host, cluster.tree.root);
  const { kubernetes } = await kubernetesSettings(host, workspace);
  const programs = join(directory, 'programs');
  await host.files.makeDirectory(programs);
  for (const { name } of await host.files.list(kubernetes?.directory ?? '')) {
    await host.files.symlink(join(kubernetes?.directory ?? '', name), join(programs, name));
  }
  await host.files.remove(join(programs, 'etcd'));
  await host.files.writeAtomic(
    join(programs, 'etcd'),
    `#!/bin/sh
case "$*" in *version) exec ${join(kubernetes?.directory ?? '', 'etcd')} "$@" ;; esac
echo no room for data >&2
exit 1
`,
    { mode: 0o755 },
  );
  const settings = {
    directory: join(directory, 'sandbox'),
    emulatorDirectory: join(workspace.settings.cacheDirectory, 'emulator'),
    account: '123456789012',
    region: 'eu-central-1',
    buckets: [],
    python: 'python3',
    kubernetes: { directory: programs, kubectl: join(programs, 'kubectl') },
  };
  onTestFinished(async () => {
    await stopSandbox(host, settings);
    await host.files.remove(directory);
  });
  const info = await startSandbox(host, settings, () => undefined);
  const endpoint = `http://127.0.0.1:${info.gatewayPort}`;
  const eks = new EKSClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await eks.send(
    new CreateClusterCommand({
      name: 'broken',
      roleArn: 'arn:aws:iam::123456789012:role/cluster',
      resourcesVpcConfig: { subnetIds: await defaultSubnets(endpoint) },
    }),
  );
  const describe = async () =>
    (await eks.send(new DescribeClusterCommand({ name: 'broken' }))).cluster;
  await until(async () => (await describe())?.status !== 'CREATING');
  expect(await describe()).toMatchObject({
    status: 'FAILED',
    health: { issues: [{ message: expect.stringMatching(/etcd ended: .*no room for data/) }] },
  });
  expect(await sandboxStatus(host, settings)).toMatchObject({
    clusters: [{ apiServer: 'failed', reason: expect.stringContaining('no room for data') }],
  });
  await eks.send(new DeleteClusterCommand({ name: 'broken' }));
  await expect(describe()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
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
