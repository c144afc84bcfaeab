import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenedCluster, openCluster } from '../../src/actions/cluster/open-cluster.ts';
import { openEnvironment, openWorkspace } from '../../src/config/workspace.ts';
import type { StepOutcome } from '../../src/domain/steps/step-outcome.ts';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import { deadlineIn } from '../../src/steps/deadline.ts';
import { PRE_DESTROY_STEPS } from '../../src/steps/pre-destroy/all-pre-destroy-steps.ts';
import { sweep, sweepOutcome } from '../../src/steps/sweep.ts';
import { awsCli } from '../support/aws-cli.ts';
import { makeSmallCluster, type SmallCluster } from '../support/small-cluster.ts';
import { tagSubnets } from '../support/tag-subnets.ts';
import { toolPath } from '../support/terraform.ts';
import { until } from '../support/until.ts';

/** One story on one cluster, in order: what a destroy finds, takes away, and leaves. */
const host = createNodeHost();
let small: SmallCluster;
let opened: OpenedCluster;
let directory: string | undefined;
let aws: ReturnType<typeof awsCli>;

beforeAll(async () => {
  small = await makeSmallCluster({ nodeGroups: { general: { desiredSize: 1 } } });
  aws = awsCli(small.env);
  directory = await mkdtemp(join(tmpdir(), 'pre-destroy-'));
  const workspace = await openWorkspace(host, small.tree.root);
  opened = await openCluster(host, {
    environment: await openEnvironment(host, workspace, 'small'),
    tools: { kubectl: await toolPath('kubectl'), aws: await toolPath('awscli') },
    childEnv: { PATH: process.env.PATH ?? '', HOME: small.tree.root, ...small.env },
    directory,
    signal: new AbortController().signal,
  });
  await tagSubnets(aws);
});

afterAll(async () => {
  await opened?.close();
  await small?.remove();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
});

async function run(name: string, seconds = 120, onProgress = (_text: string) => {}) {
  const step = PRE_DESTROY_STEPS.find((each) => each.name === name);
  if (step === undefined) throw new Error(`no step ${name}`);
  const said: string[] = [];
  const context = {
    ...opened.context,
    progress: (text: string) => {
      said.push(text);
      onProgress(text);
    },
  };
  const outcome = await step.run(context, deadlineIn(host.clock, seconds));
  return { outcome, said };
}

const textOf = (outcome: StepOutcome) => (outcome.kind === 'passed' ? outcome.text : outcome);

const scope = () => ({
  cluster: small.clusterName,
  environment: 'small',
  project: 'mlp',
  region: 'eu-central-1',
  heldUnits: [],
});

/** Names of what AWS still has of each kind. */
async function inAws() {
  const { LoadBalancers } = (await aws('elbv2', 'describe-load-balancers')) as {
    LoadBalancers: { LoadBalancerName: string }[];
  };
  const { TargetGroups } = (await aws('elbv2', 'describe-target-groups')) as {
    TargetGroups: unknown[];
  };
  const { Volumes } = (await aws('ec2', 'describe-volumes')) as { Volumes: { VolumeId: string }[] };
  return {
    balancers: LoadBalancers.map(({ LoadBalancerName }) => LoadBalancerName),
    targetGroups: TargetGroups.length,
    volumes: Volumes.map(({ VolumeId }) => VolumeId),
  };
}

const WORKLOAD = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  type: LoadBalancer
  loadBalancerClass: service.k8s.aws/nlb
  ports: [{ port: 80 }]
---
apiVersion: v1
kind: Service
metadata: { name: inside, namespace: shop }
spec: { ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: old, namespace: shop }
spec: { defaultBackend: { service: { name: inside, port: { number: 80 } } } }
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: goes }
provisioner: ebs.csi.aws.com
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: stays }
provisioner: ebs.csi.aws.com
reclaimPolicy: Retain
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  serviceName: db
  replicas: 1
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: db
          image: db:1
          volumeMounts: [{ name: data, mountPath: /data }, { name: kept, mountPath: /kept }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec:
        storageClassName: goes
        accessModes: [ReadWriteOnce]
        resources: { requests: { storage: 1Gi } }
    - metadata: { name: kept }
      spec:
        storageClassName: stays
        accessModes: [ReadWriteOnce]
        resources: { requests: { storage: 2Gi } }
`;

let keptVolume: string;

test('a workload with a load balancer and two volumes runs', async () => {
  await small.kubectl(['apply', '-f', '-'], WORKLOAD);
  await small.kubectl(['rollout', 'status', 'statefulset/db', '-n', 'shop', '--timeout=120s']);
  await until(async () => (await inAws()).targetGroups === 1);
  const there = await inAws();
  expect(there.balancers).toHaveLength(1);
  expect(there.volumes).toHaveLength(2);
  const handle =
    '{.items[?(@.spec.persistentVolumeReclaimPolicy=="Retain")].spec.csi.volumeHandle}';
  keptVolume = await small.kubectl(['get', 'persistentvolumes', `-o=jsonpath=${handle}`]);
  expect(there.volumes).toContain(keptVolume);
});

test('the API server answers', async () => {
  expect((await run('reach-cluster')).outcome).toEqual({
    kind: 'passed',
    text: 'the API server answers',
    acted: false,
  });
});

test('Ingress and load balancer go, in the cluster and in AWS; a Service without one stays', async () => {
  const { outcome, said } = await run('remove-load-balancers');
  expect(textOf(outcome)).toBe('removed: Ingress shop/old, Service shop/web; gone from AWS: 2');
  expect(said[0]).toBe('deleting in shop: ingresses.networking.k8s.io/old, services/web');
  const { balancers, targetGroups } = await inAws();
  expect([...balancers, targetGroups]).toEqual([0]);
  const left = await small.kubectl(['get', 'services,ingresses', '-n', 'shop', '-o=name']);
  expect(left).toBe('service/inside');
});

test('a claim that a pod holds is not waited for in silence: the pod is named, and nothing scaled', async () => {
  const { outcome } = await run('remove-volumes', 1);
  expect(outcome).toMatchObject({
    kind: 'failed',
    failure: {
      summary:
        'pod shop/db-0 holds claim shop/data-db-0: kubectl scale statefulset db --replicas=0 -n shop (waited 1 s)',
    },
  });
  const replicas = ['get', 'statefulset/db', '-n', 'shop', '-o=jsonpath={.spec.replicas}'];
  expect(await small.kubectl(replicas)).toBe('1');
  expect((await inAws()).volumes).toHaveLength(2);
});

test('when the pod is gone the claim goes with its volume; the other is kept and named', async () => {
  // As somebody does who reads the line.
  let scaled: Promise<string> | undefined;
  const { outcome } = await run('remove-volumes', 120, (text) => {
    const [, command] = /: kubectl (scale .*)$/.exec(text) ?? [];
    if (command !== undefined) scaled ??= small.kubectl(command.split(' '));
  });
  await scaled;
  expect(textOf(outcome)).toBe(
    `removed with their volumes: claim shop/data-db-0; kept by their reclaim policy: ${keptVolume}`,
  );
  expect((await inAws()).volumes).toEqual([keptVolume]);
});

test('the next destroy finds nothing to do', async () => {
  expect((await run('remove-load-balancers')).outcome).toEqual({
    kind: 'passed',
    text: 'no Ingress and no Service of type LoadBalancer',
    acted: false,
  });
  expect((await run('remove-volumes')).outcome).toMatchObject({ kind: 'passed', acted: false });
});

test('the sweep names the kept volume, and whatever else is planted, each with its command', async () => {
  const owned = `{Key=kubernetes.io/cluster/${small.clusterName},Value=owned}`;
  const logGroup = `/aws/eks/${small.clusterName}/cluster`;
  await aws('logs', 'create-log-group', `--log-group-name=${logGroup}`);
  await aws('logs', 'create-log-group', `--log-group-name=/aws/eks/${small.clusterName}-2/cluster`);
  const { GroupId: group } = (await aws(
    'ec2',
    'create-security-group',
    '--group-name=k8s-traffic',
    '--description=planted',
    `--tag-specifications=ResourceType=security-group,Tags=[{Key=elbv2.k8s.aws/cluster,Value=${small.clusterName}}]`,
  )) as { GroupId: string };
  const { Subnets } = (await aws('ec2', 'describe-subnets')) as { Subnets: { SubnetId: string }[] };
  const { NetworkInterface } = (await aws(
    'ec2',
    'create-network-interface',
    `--subnet-id=${Subnets[0]?.SubnetId}`,
    `--tag-specifications=ResourceType=network-interface,Tags=[${owned}]`,
  )) as { NetworkInterface: { NetworkInterfaceId: string } };
  const result = await sweep({ ...opened.context, progress: () => undefined }, scope());
  expect(result.unread).toEqual([]);
  const ids = result.leftovers.map(({ kind, id }) => `${kind} ${id}`);
  expect(ids).toEqual(
    expect.arrayContaining([
      `volume ${keptVolume}`,
      `security group ${group}`,
      `network interface ${NetworkInterface.NetworkInterfaceId}`,
      `log group ${logGroup}`,
    ]),
  );
  expect(ids.join()).not.toContain(`${small.clusterName}-2`);
  const planted = result.leftovers.find(({ id }) => id === group);
  expect(planted).toMatchObject({
    why: `tag elbv2.k8s.aws/cluster=${small.clusterName}`,
    remove: `aws ec2 delete-security-group --group-id=${group} --region=eu-central-1`,
  });
  expect(sweepOutcome(result)).toMatchObject({
    kind: 'failed',
    failure: { summary: expect.stringMatching(/^\d left in AWS: /) },
  });
  // What the sweep names is still there: it deletes nothing.
  expect((await inAws()).volumes).toEqual([keptVolume]);
});

test('the commands that the sweep prints are right: after them it finds nothing', async () => {
  const progress = () => undefined;
  await aws(
    'eks',
    'delete-nodegroup',
    `--cluster-name=${small.clusterName}`,
    '--nodegroup-name=general',
  );
  await aws(
    'eks',
    'wait',
    'nodegroup-deleted',
    `--cluster-name=${small.clusterName}`,
    '--nodegroup-name=general',
  );
  await aws('eks', 'delete-cluster', `--name=${small.clusterName}`);
  await aws('eks', 'wait', 'cluster-deleted', `--name=${small.clusterName}`);
  const { leftovers } = await sweep({ ...opened.context, progress }, scope());
  for (const { remove } of leftovers) {
    const [program, ...args] = remove.split(' ');
    expect(program).toBe('aws');
    await aws(...args);
  }
  const result = await sweep({ ...opened.context, progress }, scope());
  expect(sweepOutcome(result)).toEqual({
    kind: 'passed',
    text: 'nothing is left in AWS',
    acted: false,
  });
});

test('without a cluster there is nothing to take away first, and that is said', async () => {
  for (const { name } of PRE_DESTROY_STEPS) {
    expect((await run(name)).outcome).toEqual({
      kind: 'passed',
      text: `there is no EKS cluster "${small.clusterName}"`,
      acted: false,
    });
  }
});
