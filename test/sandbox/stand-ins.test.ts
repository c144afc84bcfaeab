import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateNodegroupCommand, DescribeNodegroupCommand } from '@aws-sdk/client-eks';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsCli } from '../support/aws-cli.ts';
import { makeSmallCluster, type SmallCluster } from '../support/small-cluster.ts';
import { tagSubnets } from '../support/tag-subnets.ts';
import { until } from '../support/until.ts';
import { type Charts, openCharts } from './stand-in-charts.ts';

let cluster: SmallCluster;
let charts: Charts;

beforeAll(async () => {
  cluster = await makeSmallCluster({ nodeGroups: { general: { desiredSize: 2 } } });
  charts = await openCharts(cluster.kubeconfig);
  await tagSubnets(awsCli(cluster.env));
});

afterAll(async () => {
  await charts?.remove();
  await cluster?.remove();
});

async function kubectl(args: readonly string[], input?: object) {
  const { exitCode, all } = await execa('kubectl', ['--kubeconfig', cluster.kubeconfig, ...args], {
    reject: false,
    all: true,
    env: { HOME: cluster.tree.root },
    ...(input === undefined ? {} : { input: JSON.stringify(input) }),
  });
  return { exitCode, text: all };
}

/** Text of a field by JSONPath; empty where nothing is there. */
async function read(resource: string, path: string): Promise<string> {
  const { text } = await kubectl(['get', ...resource.split(' '), `-o=jsonpath=${path}`]);
  return text.includes('NotFound') ? '' : text;
}

/** What EC2 or ELB answers, as XML. */
async function aws(service: keyof typeof API, parameters: Readonly<Record<string, string>>) {
  const scope = `test/20260101/eu-central-1/${service}/aws4_request`;
  const response = await fetch(cluster.gatewayUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Version: API[service], ...parameters }).toString(),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

const API = { ec2: '2016-11-15', elasticloadbalancing: '2015-12-01' };

describe.sequential('istiod', () => {
  const gateways = 'pods -n istio-ingress -l istio=ingress';
  const images = () => read(gateways, '{.items[*].spec.containers[*].image}');
  const ready = () => read(gateways, '{.items[*].status.conditions[?(@.type=="Ready")].status}');
  const injector = 'mutatingwebhookconfiguration istio-sidecar-injector';
  const probe = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { 'sidecar.istio.io/inject': 'true' } },
    spec: { containers: [{ name: 'app', image: 'app:1' }] },
  });
  const create = (name: string) =>
    kubectl(['create', '--dry-run=server', '-o=json', '-f=-'], probe(name));

  test('gateway pods that came before the injector have the image auto, and are not ready', async () => {
    const values = { autoscaling: { enabled: false }, replicaCount: 2 };
    const release = { namespace: 'istio-ingress', chart: 'gateway', values, wait: false } as const;
    await charts.install({ 'istio-ingress': release });
    await until(ready, (text) => text === 'False False');
    expect(await images()).toBe('auto auto');
  });

  test('istiod puts its CA into every webhook, and the pods of before stay as they were', async () => {
    const values = { autoscaleEnabled: false, replicaCount: 2 };
    await charts.install({
      'istio-base': { namespace: 'istio-system', chart: 'base' },
      istiod: { namespace: 'istio-system', chart: 'istiod', values },
    });
    const ca = await read('secret istiod-standin-tls -n istio-system', '{.data.ca\\.crt}');
    const bundles = () => read(injector, '{.webhooks[*].clientConfig.caBundle}');
    await until(bundles, (text) => text === Array(4).fill(ca).join(' '));
    const policies = () =>
      read('validatingwebhookconfigurations', '{.items[*].webhooks[*].failurePolicy}');
    await until(policies, (text) => text === 'Fail Fail');
    expect(await images()).toBe('auto auto');
    expect(await ready()).toBe('False False');
  });

  test('a restart heals them', async () => {
    const deployment = ['deployment/istio-ingress', '-n=istio-ingress'];
    expect((await kubectl(['rollout', 'restart', ...deployment])).exitCode).toBe(0);
    const status = await kubectl(['rollout', 'status', ...deployment, '--timeout=60s']);
    expect(status.text).toContain('successfully rolled out');
    const image = 'docker.io/istio/proxyv2:1.31.1';
    await until(images, (text) => text === `${image} ${image}`);
  });

  test('a pod that asks for it gets a sidecar', async () => {
    const { text } = await create('asks');
    expect(JSON.parse(text).spec.containers).toMatchObject([
      { name: 'app', image: 'app:1' },
      { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.31.1' },
    ]);
  });

  test('a configuration is taken when istiod has seen it', async () => {
    const gateway = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'main', namespace: 'default' },
      spec: { selector: { istio: 'ingress' } },
    };
    const { exitCode, text } = await kubectl(['apply', '-f=-'], gateway);
    expect(text).toContain('created');
    expect(exitCode).toBe(0);
  });

  test('without a ready pod of istiod nobody answers its webhooks, and no pod is made', async () => {
    const scale = (replicas: number) =>
      kubectl(['scale', 'deployment/istiod', '-n=istio-system', `--replicas=${replicas}`]);
    await scale(0);
    const refusal = 'no endpoints available for service "istiod"';
    const refused = await until(
      () => create('refused'),
      ({ text }) => text.includes(refusal),
    );
    expect(refused.exitCode).toBe(1);
    await scale(2);
    await until(
      () => create('again'),
      ({ exitCode }) => exitCode === 0,
    );
  });
});

describe.sequential('GPU operator', () => {
  const gpuNodes = 'nodes -l eks.amazonaws.com/nodegroup=gpu';
  const allocatable = () => read(gpuNodes, '{.items[*].status.allocatable.nvidia\\.com/gpu}');
  const state = () => read('clusterpolicy cluster-policy', '{.status.state}');
  const reason = () =>
    read('clusterpolicy cluster-policy', '{.status.conditions[?(@.type=="Ready")].reason}');

  test('without GPUs the policy is ready, and says that there is none', async () => {
    const off = { enabled: false };
    await charts.install({
      'gpu-operator': {
        namespace: 'gpu-operator',
        chart: 'gpu-operator',
        values: { driver: off, toolkit: off },
      },
    });
    await until(reason, (text) => text === 'NoGPUNodes');
    expect(await state()).toBe('ready');
  });

  test('from a new node to GPUs that can be allocated', async () => {
    const { clusterName } = cluster;
    const like = { clusterName, nodegroupName: 'general' };
    const { nodegroup } = await cluster.eks.send(new DescribeNodegroupCommand(like));
    await cluster.eks.send(
      new CreateNodegroupCommand({
        clusterName,
        nodegroupName: 'gpu',
        nodeRole: nodegroup?.nodeRole,
        subnets: nodegroup?.subnets,
        instanceTypes: ['g5.12xlarge'],
        scalingConfig: { minSize: 0, desiredSize: 1, maxSize: 1 },
        labels: { 'nvidia.com/gpu.present': 'true' },
        taints: [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NO_SCHEDULE' }],
      }),
    );
    await until(allocatable, (text) => text === '4');
    await until(reason, (text) => text === 'Reconciled');
    const present = '{.items[*].metadata.labels.nvidia\\.com/gpu\\.present}';
    expect(await read(gpuNodes, present)).toBe('true');
    const daemonSets = 'daemonsets -n gpu-operator';
    expect(
      await read(daemonSets, '{range .items[*]}{.metadata.name}={.status.numberReady} {end}'),
    ).toContain('nvidia-dcgm-exporter=1');
    const others = 'nodes -l eks.amazonaws.com/nodegroup=general';
    expect(await read(others, '{.items[*].status.allocatable.nvidia\\.com/gpu}')).toBe('');
  });

  test('a pod gets one of them', async () => {
    const container = { name: 'cuda', image: 'cuda:12' };
    const limits = { 'nvidia.com/gpu': '1' };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'one-gpu', namespace: 'default' },
      spec: {
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }],
        containers: [{ ...container, resources: { limits } }],
      },
    };
    await kubectl(['apply', '-f=-'], pod);
    const node = () => read('pod one-gpu', '{.spec.nodeName}');
    const gpuNode = await read(gpuNodes, '{.items[*].metadata.name}');
    expect(await until(node, (text) => text !== '')).toBe(gpuNode);
  });

  test('an operand that is not ready makes the policy not ready', async () => {
    const fate = { spec: { template: { metadata: { annotations: { 'sandbox/fate': 'never' } } } } };
    const exporter = ['daemonset/nvidia-dcgm-exporter', '-n=gpu-operator'];
    await kubectl(['patch', ...exporter, '--type=merge', `--patch=${JSON.stringify(fate)}`]);
    await until(state, (text) => text === 'notReady');
    const error = '{.status.conditions[?(@.type=="Error")].message}';
    expect(await read('clusterpolicy cluster-policy', error)).toBe(
      'ClusterPolicy is not ready, states not ready: [state-dcgm-exporter]',
    );
  });

  test('GPUs cannot be allocated any more when the device plugin has gone', async () => {
    await kubectl(['delete', 'daemonset/nvidia-device-plugin-daemonset', '-n=gpu-operator']);
    await until(allocatable, (text) => text === '0');
    expect(await read(gpuNodes, '{.items[*].status.capacity.nvidia\\.com/gpu}')).toBe('4');
  });
});

describe.sequential('load balancers', () => {
  const hostname = () => read('service web', '{.status.loadBalancer.ingress[0].hostname}');
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'web',
      namespace: 'default',
      annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' },
    },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      selector: { app: 'web' },
      ports: [
        { name: 'http', port: 80 },
        { name: 'https', port: 443 },
      ],
    },
  };

  test('a Service gets one, with the name that AWS gave it', async () => {
    await kubectl(['apply', '-f=-'], service);
    const name = await until(hostname, (text) => text !== '');
    const balancers = await aws('elasticloadbalancing', { Action: 'DescribeLoadBalancers' });
    expect(balancers).toContain(`<DNSName>${name}</DNSName>`);
    expect(balancers).toContain('<Scheme>internet-facing</Scheme>');
    expect(balancers).toContain('<Type>network</Type>');
    const groups = await aws('elasticloadbalancing', { Action: 'DescribeTargetGroups' });
    expect(groups).toContain('<Port>443</Port>');
  });

  test('what is made for it goes before it', async () => {
    const name = await hostname();
    await kubectl(['delete', 'service/web', '--wait=true', '--timeout=60s']);
    const balancers = await aws('elasticloadbalancing', { Action: 'DescribeLoadBalancers' });
    expect(balancers).not.toContain(name);
    const groups = await aws('elasticloadbalancing', { Action: 'DescribeTargetGroups' });
    expect(groups).not.toContain('k8s-default-web');
  });
});

describe.sequential('volumes', () => {
  const phase = () => read('pvc data', '{.status.phase}');
  const disks = () => aws('ec2', { Action: 'DescribeVolumes' });
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'gp3' },
    provisioner: 'ebs.csi.aws.com',
    volumeBindingMode: 'WaitForFirstConsumer',
    parameters: { type: 'gp3', encrypted: 'true' },
  };
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
    spec: {
      storageClassName: 'gp3',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '10Gi' } },
    },
  };
  const consumer = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'consumer', namespace: 'default' },
    spec: {
      containers: [
        { name: 'app', image: 'app:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  };

  test('a claim that waits for its first consumer has no disk', async () => {
    await kubectl(['apply', '-f=-'], storageClass);
    await kubectl(['apply', '-f=-'], claim);
    const message = () =>
      read('events --field-selector=involvedObject.name=data', '{.items[*].reason}');
    await until(message, (text) => text.includes('WaitForFirstConsumer'));
    expect(await phase()).toBe('Pending');
    expect(await disks()).not.toContain('CSIVolumeName');
  });

  test('with its consumer it is bound to a disk in the zone of that node', async () => {
    await kubectl(['apply', '-f=-'], consumer);
    await until(phase, (text) => text === 'Bound');
    // The scheduler names the node when the volume is bound.
    await until(
      () => read('pod consumer', '{.status.phase}'),
      (text) => text === 'Running',
    );
    const described = await disks();
    expect(described).toContain('kubernetes.io/created-for/pvc/name');
    const node = await read('pod consumer', '{.spec.nodeName}');
    const zone = await read(`node ${node}`, '{.metadata.labels.topology\\.kubernetes\\.io/zone}');
    expect(described).toContain(`<availabilityZone>${zone}</availabilityZone>`);
    expect(described).toContain('<size>10</size>');
    expect(described).toContain('<encrypted>true</encrypted>');
  });

  test('with the claim the disk goes, and the volume', async () => {
    expect(await phase()).toBe('Bound');
    await kubectl(['delete', 'pod/consumer', 'pvc/data', '--timeout=60s']);
    await until(
      () => read('pv', '{.items[*].metadata.name}'),
      (text) => text === '',
    );
    expect(await disks()).not.toContain('CSIVolumeName');
  });
});

test('nothing that was played failed', async () => {
  const log = await readFile(join(cluster.kubeconfig, '../../../../gateway.log'), 'utf8');
  expect(log).not.toContain(`eu-central-1/${cluster.clusterName}: `);
});
