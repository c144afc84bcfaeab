import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/sandbox/cluster/api-client.ts';
import { type Charts, openCharts } from './stand-in-charts.ts';
import { makeStandInCluster, type StandInCluster } from './stand-in-cluster.ts';

let cluster: StandInCluster;
let charts: Charts;

beforeAll(async () => {
  cluster = await makeStandInCluster();
  charts = await openCharts(cluster.kubeconfig);
});

afterAll(async () => {
  await charts?.remove();
  await cluster?.remove();
});

/** Polls until the value is as expected; one that never is runs into the test's time limit. */
async function until<T>(look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Text of one field by JSONPath; empty where nothing is there. */
async function read(resource: string, path: string): Promise<string> {
  const { text } = await cluster.kubectl(['get', ...resource.split(' '), `-o=jsonpath=${path}`]);
  return text.includes('NotFound') ? '' : text;
}

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
    cluster.kubectl(['create', '--dry-run=server', '-o=json', '-f=-'], probe(name));

  beforeAll(() => cluster.addNode('cpu', 'm6i.large', 'eu-central-1a'));

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
    expect((await cluster.kubectl(['rollout', 'restart', ...deployment])).exitCode).toBe(0);
    const status = await cluster.kubectl(['rollout', 'status', ...deployment, '--timeout=60s']);
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
    const { exitCode, text } = await cluster.kubectl(['apply', '-f=-'], gateway);
    expect(text).toContain('created');
    expect(exitCode).toBe(0);
  });

  test('without a ready pod of istiod nobody answers its webhooks, and no pod is made', async () => {
    const scale = (replicas: number) =>
      cluster.kubectl(['scale', 'deployment/istiod', '-n=istio-system', `--replicas=${replicas}`]);
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
  const allocatable = () => read('node gpu', '{.status.allocatable.nvidia\\.com/gpu}');
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
    await cluster.addNode('gpu', 'g5.12xlarge', 'eu-central-1b');
    await until(allocatable, (text) => text === '4');
    await until(reason, (text) => text === 'Reconciled');
    expect(await read('node gpu', '{.metadata.labels.nvidia\\.com/gpu\\.present}')).toBe('true');
    const daemonSets = 'daemonsets -n gpu-operator';
    expect(
      await read(daemonSets, '{range .items[*]}{.metadata.name}={.status.numberReady} {end}'),
    ).toContain('nvidia-dcgm-exporter=1');
    expect(await read('node cpu', '{.status.allocatable.nvidia\\.com/gpu}')).toBe('');
  });

  test('a pod gets one of them', async () => {
    const container = { name: 'cuda', image: 'cuda:12' };
    const limits = { 'nvidia.com/gpu': '1' };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'one-gpu', namespace: 'default' },
      spec: { containers: [{ ...container, resources: { limits } }] },
    };
    await cluster.kubectl(['apply', '-f=-'], pod);
    const node = () => read('pod one-gpu', '{.spec.nodeName}');
    expect(await until(node, (text) => text !== '')).toBe('gpu');
  });

  test('an operand that is not ready makes the policy not ready', async () => {
    const fate = { spec: { template: { metadata: { annotations: { 'rig/fate': 'never' } } } } };
    const exporter = '/apis/apps/v1/namespaces/gpu-operator/daemonsets/nvidia-dcgm-exporter';
    await cluster.api.patch(exporter, fate, 'merge');
    await until(state, (text) => text === 'notReady');
    const error = '{.status.conditions[?(@.type=="Error")].message}';
    expect(await read('clusterpolicy cluster-policy', error)).toBe(
      'ClusterPolicy is not ready, states not ready: [state-dcgm-exporter]',
    );
  });

  test('GPUs cannot be allocated any more when the device plugin has gone', async () => {
    const plugin =
      '/apis/apps/v1/namespaces/gpu-operator/daemonsets/nvidia-device-plugin-daemonset';
    await cluster.api.remove(plugin);
    await until(allocatable, (text) => text === '0');
    expect(await read('node gpu', '{.status.capacity.nvidia\\.com/gpu}')).toBe('4');
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
    await cluster.kubectl(['apply', '-f=-'], service);
    const name = await until(hostname, (text) => text !== '');
    const balancers = await cluster.aws('elasticloadbalancing', 'DescribeLoadBalancers');
    expect(balancers).toContain(`<DNSName>${name}</DNSName>`);
    expect(balancers).toContain('<Scheme>internet-facing</Scheme>');
    expect(balancers).toContain('<Type>network</Type>');
    const groups = await cluster.aws('elasticloadbalancing', 'DescribeTargetGroups');
    expect(groups).toContain('<Port>443</Port>');
  });

  test('what is made for it goes before it', async () => {
    const name = await hostname();
    await cluster.kubectl(['delete', 'service/web', '--wait=true', '--timeout=60s']);
    const balancers = await cluster.aws('elasticloadbalancing', 'DescribeLoadBalancers');
    expect(balancers).not.toContain(name);
    const groups = await cluster.aws('elasticloadbalancing', 'DescribeTargetGroups');
    expect(groups).not.toContain('k8s-default-web');
  });
});

describe.sequential('volumes', () => {
  const phase = () => read('pvc data', '{.status.phase}');
  const disks = () => cluster.aws('ec2', 'DescribeVolumes');
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
  const consumer: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'consumer', namespace: 'default' },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': 'cpu' },
      containers: [
        { name: 'app', image: 'app:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  };

  test('a claim that waits for its first consumer has no disk', async () => {
    await cluster.kubectl(['apply', '-f=-'], storageClass);
    await cluster.kubectl(['apply', '-f=-'], claim);
    const message = () =>
      read('events --field-selector=involvedObject.name=data', '{.items[*].reason}');
    await until(message, (text) => text.includes('WaitForFirstConsumer'));
    expect(await phase()).toBe('Pending');
    expect(await disks()).not.toContain('CSIVolumeName');
  });

  test('with its consumer it is bound to a disk in the zone of that node', async () => {
    await cluster.kubectl(['apply', '-f=-'], consumer);
    await until(phase, (text) => text === 'Bound');
    const described = await disks();
    expect(described).toContain('kubernetes.io/created-for/pvc/name');
    expect(described).toContain('<availabilityZone>eu-central-1a</availabilityZone>');
    expect(described).toContain('<size>10</size>');
    expect(described).toContain('<encrypted>true</encrypted>');
    await until(
      () => read('pod consumer', '{.status.phase}'),
      (text) => text === 'Running',
    );
  });

  test('with the claim the disk goes, and the volume', async () => {
    await cluster.kubectl(['delete', 'pod/consumer', 'pvc/data', '--timeout=60s']);
    await until(
      () => read('pv', '{.items[*].metadata.name}'),
      (text) => text === '',
    );
    expect(await disks()).not.toContain('CSIVolumeName');
  });
});

test('nothing that a stand-in did failed', () => {
  expect(cluster.lines).toEqual([]);
});
