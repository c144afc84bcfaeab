import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../../src/domain/check.ts';
import type { ClusterState } from '../../src/domain/cluster/cluster-state.ts';
import { awsCli } from '../support/aws-cli.ts';
import { platform } from '../support/platform.ts';
import { makeSmallCluster, type SmallCluster } from '../support/small-cluster.ts';
import { makeSmallSandbox, type SmallSandbox } from '../support/small-sandbox.ts';

describe('preflight, on an account without a cluster', () => {
  let sandbox: SmallSandbox;
  let envYaml: string;
  const doctor = async () => {
    const { stdout, stderr, exitCode } = await platform(['--json', 'doctor', 'small'], {
      cwd: sandbox.tree.root,
    });
    if (stdout === '') throw new Error(stderr);
    const { checks } = JSON.parse(stdout) as { checks: Check[] };
    return { exitCode, checks: (name: string) => checks.filter((each) => each.name === name) };
  };
  const quotas = async (method: string, body?: object) => {
    const response = await fetch(`${sandbox.env.AWS_ENDPOINT_URL}/_platform/quotas`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
  };
  const withEdit = async (from: string | RegExp, to: string, look: () => Promise<void>) => {
    const edited = envYaml.replace(from, to);
    expect(edited).not.toBe(envYaml);
    await sandbox.tree.write('small/env.yaml', edited);
    await look();
    await sandbox.tree.write('small/env.yaml', envYaml);
  };

  beforeAll(async () => {
    sandbox = await makeSmallSandbox({ 'small/unit': {} });
    envYaml = await readFile(join(sandbox.tree.root, 'small/env.yaml'), 'utf8');
  });
  afterAll(() => sandbox?.remove());

  test('everything that a cluster needs is there', async () => {
    const { checks, exitCode } = await doctor();
    expect(exitCode).toBe(0);
    for (const name of ['add-ons', 'instances', 'quota CPU', 'quota G/VT', 'addresses']) {
      expect(checks(name)).toMatchObject([{ verdict: 'ok' }]);
    }
    expect(checks('addresses')[0]?.text).toContain('of 10.10.0.0/16, not there yet');
    // Whether it is still supported is a matter of the day; that EKS offers it is not.
    expect(checks('EKS version')).toMatchObject([{ text: expect.stringMatching(/^1\.34\b/) }]);
  });

  test('a quota of a new account is bad, and the command that asks for more is printed', async () => {
    await quotas('POST', { 'L-DB2E81BA': 0 });
    const { checks, exitCode } = await doctor();
    expect(exitCode).toBe(1);
    expect(checks('quota G/VT')).toEqual([
      {
        name: 'quota G/VT',
        verdict: 'bad',
        text: 'gpu: 4 vCPUs wanted, the quota "Running On-Demand G and VT instances" is 0; a new account has none and must ask for them',
        fix: 'aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-DB2E81BA --desired-value 8 --region eu-central-1',
        exitCode: 1,
      },
    ]);
    expect(checks('quota CPU')[0]?.verdict).toBe('ok');
    await quotas('DELETE');
    expect((await doctor()).exitCode).toBe(0);
  });

  test('an instance type that EC2 does not have', () =>
    withEdit('[m6i.large]', '[m66i.large]', async () => {
      const { checks, exitCode } = await doctor();
      expect(exitCode).toBe(1);
      expect(checks('instances')).toMatchObject([
        { verdict: 'bad', text: expect.stringContaining('"m66i.large" in eu-central-1') },
      ]);
    }));

  test('a Kubernetes version and an add-on version that EKS does not offer', () =>
    withEdit(
      'version: "1.34"',
      'version: "1.21"\n  addonVersions: { coredns: v1.12.4-eksbuild.1 }',
      async () => {
        const { checks, exitCode } = await doctor();
        expect(exitCode).toBe(1);
        expect(checks('EKS version')).toMatchObject([
          { verdict: 'bad', text: 'EKS does not offer Kubernetes "1.21"' },
        ]);
        expect(checks('add-ons')).toMatchObject([
          { verdict: 'bad', text: 'EKS has no add-on "coredns" for Kubernetes 1.21' },
        ]);
      },
    ));

  test('subnets that are there are counted as AWS counts them', async () => {
    const aws = awsCli(sandbox.env);
    const { Vpc } = (await aws('ec2', 'create-vpc', '--cidr-block=10.10.0.0/16')) as {
      Vpc: { VpcId: string };
    };
    const tags =
      '{Key=kubernetes.io/cluster/mlp-sandbox,Value=shared},{Key=kubernetes.io/role/internal-elb,Value=1}';
    await aws(
      'ec2',
      'create-subnet',
      `--vpc-id=${Vpc.VpcId}`,
      '--cidr-block=10.10.0.0/28',
      `--tag-specifications=ResourceType=subnet,Tags=[${tags}]`,
    );
    expect((await doctor()).checks('addresses')).toMatchObject([
      {
        verdict: 'warn',
        text: '11 free in 1 private subnets (as AWS counts them), new nodes may take 70',
      },
    ]);
  });

  test('status without a cluster says so, and is no failure', async () => {
    const { stdout, exitCode } = await platform(['status', 'small'], { cwd: sandbox.tree.root });
    expect(stdout).toContain('\ncluster mlp-sandbox: not there\n');
    expect(exitCode).toBe(0);
  });
});

describe('status of a cluster with a real API server', () => {
  let small: SmallCluster;
  const status = async (...flags: string[]) => {
    const { stdout, stderr, exitCode } = await platform([...flags, 'status', 'small'], {
      cwd: small.tree.root,
    });
    if (stdout === '') throw new Error(stderr);
    return { stdout, exitCode };
  };
  const clusterOf = async () => {
    const { stdout, exitCode } = await status('--json');
    const { cluster } = JSON.parse(stdout) as { cluster: ClusterState };
    if (cluster.kind !== 'cluster') throw new Error(stdout);
    return { cluster, exitCode };
  };

  beforeAll(async () => {
    small = await makeSmallCluster({
      nodeGroups: { general: { desiredSize: 2 } },
      addons: ['vpc-cni'],
    });
  });
  afterAll(() => small?.remove());

  test('nodes, add-ons, insights and support as they are', async () => {
    const { cluster, exitCode } = await clusterOf();
    expect(exitCode).toBe(0);
    expect(cluster).toMatchObject({
      status: 'ACTIVE',
      support: { kind: 'known', value: { until: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } },
      nodeGroups: {
        value: [{ name: 'general', status: 'ACTIVE', ready: 2, expected: 2 }],
      },
      gpus: { value: { expected: 0, allocatable: 0, inUse: 0 } },
      mesh: { value: { versions: [], proxies: 0, differing: [] } },
    });
    expect(cluster.addons).toMatchObject({
      value: [{ name: 'vpc-cni', behind: 'latest', latestVersion: 'v1.21.1-eksbuild.1' }],
    });
  });

  test('a node that is not ready, and a proxy that differs from its control plane', async () => {
    const node = await small.kubectl(['get', 'nodes', '-o=jsonpath={.items[0].metadata.name}']);
    await small.kubectl(['label', 'node', node, 'sandbox/not-ready=true']);
    await small.kubectl(['wait', `node/${node}`, '--for=condition=Ready=false', '--timeout=60s']);
    await small.kubectl(['apply', '-f', '-'], MESH);
    const { stdout } = await status();
    expect(stdout).toContain('  nodes     general: 1 of 2 ready\n');
    expect(stdout).toContain('  mesh      istiod 1.28.1, 1 proxy, 1 of another version\n');
    expect(stdout).toContain('            default/gateway: 1.27.0\n');
    await small.kubectl(['label', 'node', node, 'sandbox/not-ready-']);
  });

  test('who may not ask the API server sees question marks, and not 0', async () => {
    const aws = awsCli(small.env);
    const cluster = `--cluster-name=${small.clusterName}`;
    const { accessEntries } = (await aws('eks', 'list-access-entries', cluster)) as {
      accessEntries: string[];
    };
    for (const principal of accessEntries) {
      await aws('eks', 'delete-access-entry', cluster, `--principal-arn=${principal}`);
    }
    const { stdout, exitCode } = await status();
    expect(stdout).toContain('  nodes     general: ? of 2 ready\n');
    expect(stdout).toMatch(/ {2}GPUs {6}\? \(/);
    expect(stdout).toMatch(/ {2}mesh {6}\? \(/);
    expect(stdout).toMatch(/ {2}version {3}Kubernetes 1\.\d+, .*support/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(exitCode).toBe(1);
  });
});

const MESH = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: default, labels: { app: istiod } }
spec:
  replicas: 0
  selector: { matchLabels: { app: istiod } }
  template:
    metadata: { labels: { app: istiod } }
    spec:
      containers: [{ name: discovery, image: "docker.io/istio/pilot:1.28.1" }]
---
apiVersion: v1
kind: Pod
metadata: { name: gateway, namespace: default }
spec:
  containers: [{ name: istio-proxy, image: "docker.io/istio/proxyv2:1.27.0" }]
`;
