import { rootCertificates } from 'node:tls';
import { UpdateNodegroupConfigCommand } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StepName, StepOptions } from '../../src/domain/steps/step-declaration.ts';
import type { StepOutcome } from '../../src/domain/steps/step-outcome.ts';
import { runStep } from '../../src/steps/all-steps.ts';
import type { StepContext } from '../../src/steps/step-context.ts';
import { type Charts, openCharts } from '../sandbox/stand-in-charts.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { makeSmallCluster, type SmallCluster } from '../support/small-cluster.ts';
import { type StepSurroundings, surroundingsOf } from '../support/step-surroundings.ts';
import { until } from '../support/until.ts';

let cluster: SmallCluster;
let charts: Charts;
let scene: StepSurroundings;
let proxy: FaultProxy;

beforeAll(async () => {
  cluster = await makeSmallCluster({
    nodeGroups: {
      general: { desiredSize: 2 },
      gpu: {
        instanceType: 'g5.xlarge',
        taints: [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NO_SCHEDULE' }],
      },
    },
    addons: ['vpc-cni', 'coredns'],
  });
  charts = await openCharts(cluster.kubeconfig);
  scene = await surroundingsOf(cluster);
  proxy = await startFaultProxy(scene.api);
});

afterAll(async () => {
  await proxy?.close();
  await scene?.close();
  await charts?.remove();
  await cluster?.remove();
});

beforeEach(() => {
  scene.said.length = 0;
});

const kubectl = (...args: string[]) => cluster.kubectl(args);
const plant = (...objects: object[]) =>
  cluster.kubectl(
    ['apply', '--filename=-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  );
/** A field by JSONPath. */
const read = (what: string, path: string) =>
  kubectl('get', ...what.split(' '), `-o=jsonpath=${path}`);

type OptionsFor<Name extends StepName> = NonNullable<StepOptions[Name]>;

function run<Name extends StepName>(
  name: Name,
  options: OptionsFor<Name>,
  context: StepContext = scene.context,
): Promise<StepOutcome> {
  return runStep(context, { name, options: { [name]: options } });
}

/** Fails when its deadline of a second is over, or before it, with a line like this. */
async function fails<Name extends StepName>(
  name: Name,
  summary: string | RegExp,
  options?: Partial<OptionsFor<Name>>,
  context?: StepContext,
): Promise<void> {
  const given = { deadlineSeconds: 1, ...options } as OptionsFor<Name>;
  expect(await run(name, given, context)).toMatchObject({
    kind: 'failed',
    failure: {
      summary:
        typeof summary === 'string'
          ? expect.stringContaining(summary)
          : expect.stringMatching(summary),
    },
  });
}

async function passes<Name extends StepName>(
  name: Name,
  text: string,
  options?: Partial<OptionsFor<Name>>,
  acted = false,
): Promise<void> {
  const given = { deadlineSeconds: 90, ...options } as OptionsFor<Name>;
  expect(await run(name, given)).toEqual({
    kind: 'passed',
    text: expect.stringContaining(text),
    acted,
  });
}

const crd = (plural: string, group: string, kind: string, scope: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope,
    names: { plural, kind, singular: kind.toLowerCase() },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
});

describe.sequential('what EKS and Kubernetes say', () => {
  const forced = (resource: string, status: string, code: string) =>
    cluster.control('POST forced', {
      resource,
      status,
      issues: [{ code, message: 'so says AWS' }],
    });

  test('cluster', async () => {
    await forced(`cluster/${cluster.clusterName}`, 'UPDATING', 'InsufficientFreeAddresses');
    await fails('cluster', 'is UPDATING: InsufficientFreeAddresses: so says AWS (waited 1 s)');
    await cluster.control('DELETE forced');
    await passes('cluster', `cluster ${cluster.clusterName} is ACTIVE`);
  });

  test('node groups', async () => {
    const resource = `node-group/${cluster.clusterName}/general`;
    await forced(resource, 'DEGRADED', 'AsgInstanceLaunchFailures');
    await fails('node-groups', 'node group "general" is DEGRADED: AsgInstanceLaunchFailures');
    await cluster.control('DELETE forced');
    await passes('node-groups', '2 of 2 node groups ACTIVE: general, gpu');
  });

  test('a degraded add-on is told with what DescribeAddon knows', async () => {
    await forced(
      `addon/${cluster.clusterName}/coredns`,
      'DEGRADED',
      'InsufficientNumberOfReplicas',
    );
    await fails(
      'addons',
      'add-on "coredns" is DEGRADED: InsufficientNumberOfReplicas: so says AWS',
    );
    await cluster.control('DELETE forced');
    await passes('addons', '2 of 2 add-ons ACTIVE: coredns, vpc-cni');
  });

  test('a node that is not ready', async () => {
    const name = await read(
      'nodes -l eks.amazonaws.com/nodegroup=general',
      '{.items[0].metadata.name}',
    );
    await passes('nodes', '3 of 3 nodes ready');
    await kubectl('label', 'node', name, 'sandbox/not-ready=true');
    await kubectl('wait', `node/${name}`, '--for=condition=Ready=false', '--timeout=30s');
    await fails('nodes', `2 of 3 nodes ready: ${name} (KubeletNotReady)`);
    await kubectl('label', 'node', name, 'sandbox/not-ready-');
    await passes('nodes', '3 of 3 nodes ready');
  });

  test('CoreDNS', async () => {
    await passes('coredns', 'kube-system/coredns: 2 of 2 available, 2 endpoints ready');
    await kubectl('scale', 'deployment/coredns', '-n=kube-system', '--replicas=0');
    await fails('coredns', 'the deployment kube-system/coredns is scaled to zero');
    await kubectl('scale', 'deployment/coredns', '-n=kube-system', '--replicas=2');
    await passes('coredns', '2 of 2 available');
  });

  test('a missing CRD', async () => {
    const names = ['widgets.example.com', 'gadgets.example.com'];
    await plant(crd('widgets', 'example.com', 'Widget', 'Namespaced'));
    await fails('crds', '1 of 2 CRDs not there: gadgets.example.com', { names });
    await plant(crd('gadgets', 'example.com', 'Gadget', 'Namespaced'));
    await passes('crds', '2 of 2 CRDs established', { names });
  });

  test('webhooks: absent, without caBundle, without endpoints', async () => {
    const options = { validating: ['probe'] };
    const webhook = (caBundle: string) => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'probe' },
      webhooks: [
        {
          name: 'probe.example.com',
          clientConfig: { service: { namespace: 'default', name: 'probe' }, caBundle },
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    await fails('webhooks', '1 of 1 webhook configurations not there: validating probe', options);
    await plant(webhook(''));
    await fails('webhooks', 'probe has an empty caBundle in 1 of 1: probe.example.com', options);
    await plant(webhook(Buffer.from(scene.api.certificateAuthority).toString('base64')));
    await fails('webhooks', 'probe has no ready endpoint behind default/probe', options);
    const labels = { app: 'probe' };
    const container = { name: 'probe', image: 'probe:1' };
    await plant(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'probe', namespace: 'default' },
        spec: { selector: labels, ports: [{ port: 443 }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'probe', namespace: 'default', labels },
        spec: { containers: [container] },
      },
    );
    await passes('webhooks', '1 of 1 webhook configurations answer', options);
  });

  test('default StorageClass: none, one, two', async () => {
    const storageClass = (name: string, isDefault: boolean) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name,
        annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) },
      },
      provisioner: 'ebs.csi.aws.com',
    });
    await plant(storageClass('gp3', false));
    await fails('storage-class', 'no StorageClass is the default: there are gp2, gp3');
    await plant(storageClass('gp3', true));
    await passes('storage-class', 'StorageClass gp3 is the only default');
    await plant(storageClass('io2', true));
    await fails('storage-class', '2 StorageClasses are the default: gp3, io2');
  });

  test('a load balancer without and with a hostname', async () => {
    const options = { services: ['default/edge'] };
    await plant({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'edge', namespace: 'default' },
      // Nobody answers for this class.
      spec: { type: 'LoadBalancer', loadBalancerClass: 'example.com/none', ports: [{ port: 443 }] },
    });
    await fails('load-balancer', '1 of 1 load balancers have no hostname: default/edge', options);
    const status = { loadBalancer: { ingress: [{ hostname: 'edge.example.com' }] } };
    await patchStatus('service/edge', { status }, '-n=default');
    await passes('load-balancer', '1 of 1 load balancers: edge.example.com', options);
  });

  test('a certificate: CRD absent, not there, not issued, issued', async () => {
    const options = { certificates: ['default/edge'] };
    await fails('certificate', 'is cert-manager installed?', options);
    await plant(crd('certificates', 'cert-manager.io', 'Certificate', 'Namespaced'));
    await kubectl('wait', 'crd/certificates.cert-manager.io', '--for=condition=Established');
    await fails('certificate', '1 of 1 Certificates not there: default/edge', {
      ...options,
      deadlineSeconds: 5,
    });
    await plant({
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'edge', namespace: 'default' },
    });
    const ready = (status: string, message: string) =>
      patchStatus(
        'certificates.cert-manager.io/edge',
        { status: { conditions: [{ type: 'Ready', status, reason: 'Because', message }] } },
        '-n=default',
      );
    await ready('False', 'Issuing certificate as Secret does not exist');
    await fails(
      'certificate',
      'default/edge (Issuing certificate as Secret does not exist)',
      options,
    );
    await ready('True', 'Certificate is up to date');
    await passes('certificate', '1 of 1 Certificates issued', options);
  });
});

function patchStatus(what: string, body: object, ...more: string[]): Promise<string> {
  const patch = `--patch=${JSON.stringify(body)}`;
  return kubectl('patch', what, '--subresource=status', '--type=merge', patch, ...more);
}

describe.sequential('istio-restart', () => {
  const gateway = 'deployment/istio-ingress';
  const namespace = '-n=istio-ingress';
  const images = () =>
    read('pods -n istio-ingress -l istio=ingress', '{.items[*].spec.containers[*].image}');
  const generation = () => read(`${gateway} -n istio-ingress`, '{.metadata.generation}');

  test('waits for a control plane, and for one that serves', async () => {
    const values = { autoscaling: { enabled: false }, replicaCount: 2 };
    await charts.install({
      'istio-ingress': { namespace: 'istio-ingress', chart: 'gateway', values, wait: false },
    });
    expect(await images()).toBe('auto auto');
    await fails('istio-restart', 'the deployment istio-system/istiod is not there');
    expect(await generation()).toBe('1');
    const istiod = { autoscaleEnabled: false, replicaCount: 1 };
    await charts.install({
      'istio-base': { namespace: 'istio-system', chart: 'base' },
      istiod: { namespace: 'istio-system', chart: 'istiod', values: istiod },
    });
  });

  test('refuses a paused deployment as kubectl does', async () => {
    await kubectl('rollout', 'pause', gateway, namespace);
    await fails('istio-restart', "can't restart paused deployment (run rollout resume first)", {
      deadlineSeconds: 60,
    });
    await kubectl('rollout', 'resume', gateway, namespace);
  });

  test('heals the pods with image "auto" by one restart', async () => {
    const before = Number(await generation());
    const text = 'restarted, 2 pods had the image "auto"; 2 of 2 pods have ';
    await passes('istio-restart', text, {}, true);
    expect(await images()).toMatch(/^(\S+\/proxyv2:\S+) \1$/);
    expect(Number(await generation())).toBe(before + 1);
    expect(scene.said).toContainEqual(
      expect.stringMatching(/^2 of 2 gateway pods have image "auto": .*kubectl rollout restart/),
    );
  });

  test('a second run restarts nothing', async () => {
    const before = await generation();
    await passes('istio-restart', 'no restart needed');
    expect(await generation()).toBe(before);
  });

  test('a control plane that nobody is left of is waited for', async () => {
    await kubectl('scale', 'deployment/istiod', '-n=istio-system', '--replicas=0');
    await fails('istio-restart', 'the deployment istio-system/istiod is scaled to zero');
    await kubectl('scale', 'deployment/istiod', '-n=istio-system', '--replicas=1');
    await passes('istio-restart', 'no restart needed');
  });

  test('a rollout beyond its progress deadline fails before ours', async () => {
    const template = { metadata: { annotations: { 'sandbox/fate': 'never' } } };
    const patch = { spec: { progressDeadlineSeconds: 1, template } };
    await kubectl('patch', gateway, namespace, `--patch=${JSON.stringify(patch)}`);
    await fails('istio-restart', 'exceeded its progress deadline', { deadlineSeconds: 300 });
    await kubectl('rollout', 'undo', gateway, namespace);
    await passes('istio-restart', 'no restart needed');
  });

  /** As before the injector: pods that are made while nobody is asked. */
  async function makeAnew(): Promise<void> {
    await kubectl('label', 'namespace/istio-ingress', 'istio-injection=disabled');
    await kubectl('delete', 'pods', namespace, '--all');
    await until(async () => (await images()) === 'auto auto');
    await kubectl('label', 'namespace/istio-ingress', 'istio-injection-');
  }

  test.each([
    ['throttled twice', { status: 429, times: 2 }, 3],
    ['cut off', { reset: true, times: 1 }, 2],
    ['answered with 503', { status: 503, times: 1 }, 2],
  ])('a patch that is %s is made again', async (_, fault, patches) => {
    await makeAnew();
    const context = await scene.through(proxy.port, scene.admin);
    proxy.set({ match: /deployments\/istio-ingress/, method: 'PATCH', ...fault });
    expect(await run('istio-restart', { deadlineSeconds: 90 }, context)).toMatchObject({
      kind: 'passed',
      acted: true,
    });
    expect(proxy.seen.filter((line) => line.startsWith('PATCH'))).toHaveLength(patches);
  });

  test('a person whose permission cannot be asked for patches nothing', async () => {
    await makeAnew();
    const context = await scene.through(proxy.port, scene.admin);
    proxy.set({ match: /selfsubjectaccessreviews/, method: 'POST', status: 403 });
    await fails('istio-restart', 'forbidden', { deadlineSeconds: 60 }, context);
    expect(proxy.seen.filter((line) => line.startsWith('PATCH'))).toEqual([]);
  });
});

describe.sequential('gpu-check', () => {
  const policy = (state: string, reason: string, message = '') =>
    patchStatus('clusterpolicies.nvidia.com/cluster-policy', {
      status: { state, conditions: [{ type: 'Ready', status: 'True', reason, message }] },
    });
  const gpuNode = () =>
    read('nodes -l eks.amazonaws.com/nodegroup=gpu', '{.items[0].metadata.name}');
  const scaleTo = async (desiredSize: number) => {
    const { clusterName, eks } = cluster;
    await eks.send(
      new UpdateNodegroupConfigCommand({
        clusterName,
        nodegroupName: 'gpu',
        scalingConfig: { desiredSize },
      }),
    );
    await passes('node-groups', '2 of 2');
  };
  const operand = (name: string) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'gpu-operator' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          nodeSelector: { 'eks.amazonaws.com/nodegroup': 'gpu' },
          tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }],
          containers: [{ name: 'main', image: 'operand:1' }],
        },
      },
    },
  });
  const LABEL = 'feature.node.kubernetes.io/pci-10de.present';
  const pods = () => read('pods -n gpu-operator -l app.kubernetes.io/name=gpu-check', '{.items}');

  const taint = async (change: string) => kubectl('taint', 'node', await gpuNode(), change);

  test('scaled to zero is no failure', async () => {
    await scaleTo(0);
    await passes('gpu-check', '0 GPUs expected: scaled to zero');
    await scaleTo(1);
  });

  test('each link by itself, from the node to what is allocatable', async () => {
    await until(async () => (await gpuNode()) !== '');
    const node = await gpuNode();
    await passes('nodes', '3 of 3 nodes ready');
    await fails('gpu-check', `shows no NVIDIA device (${LABEL}) on ${node}`);
    await kubectl('label', 'node', node, `${LABEL}=true`);
    await fails('gpu-check', 'is the GPU Operator installed?');
    await plant(crd('clusterpolicies', 'nvidia.com', 'ClusterPolicy', 'Cluster'));
    await kubectl('wait', 'crd/clusterpolicies.nvidia.com', '--for=condition=Established');
    await fails('gpu-check', 'there is no ClusterPolicy', { deadlineSeconds: 5 });
    await plant(
      {
        apiVersion: 'nvidia.com/v1',
        kind: 'ClusterPolicy',
        metadata: { name: 'cluster-policy' },
      },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gpu-operator' } },
    );
    await fails('gpu-check', 'the ClusterPolicy cluster-policy has no state yet');
    await policy('ready', 'NoGPUNodes', 'No GPU node found');
    await fails('gpu-check', 'is ready but serves no GPU (NoGPUNodes): No GPU node found');
    await policy('ready', 'NFDLabelsMissing', 'No NFD labels found');
    await fails('gpu-check', 'is ready but serves no GPU (NFDLabelsMissing): No NFD labels found');
    await policy('notReady', 'OperandNotReady', 'state-device-plugin');
    await fails('gpu-check', 'the ClusterPolicy cluster-policy is notReady: state-device-plugin');
    await policy('ready', 'Reconciled');
    await fails('gpu-check', '0 of 4 DaemonSets of gpu-operator serve: nvidia-device-plugin');
    await plant(
      operand('nvidia-device-plugin-daemonset'),
      operand('nvidia-operator-validator'),
      operand('nvidia-dcgm-exporter'),
      operand('gpu-feature-discovery'),
    );
    await passes('gpu-check', '1 of 1 GPUs allocatable on 1 node', { smokePod: false });
  });

  test('fewer allocatable than the node group promises', async () => {
    const promised = {
      ...scene.context,
      eks: {
        ...scene.context.eks,
        nodeGroups: async () => {
          const answer = await scene.context.eks.nodeGroups();
          if (answer.kind !== 'answer') throw new Error('no node groups');
          const value = answer.value.map((group) =>
            group.name === 'gpu' ? { ...group, instanceTypes: ['g5.12xlarge'] } : group,
          );
          return { kind: 'answer', value } as const;
        },
      },
    };
    await fails('gpu-check', '1 GPUs allocatable, 4 expected: ', undefined, promised);
  });

  test('nvidia-smi runs in a pod with one GPU, which is gone afterwards', async () => {
    await passes('gpu-check', '1 of 1 GPUs allocatable on 1 node, a pod with one GPU completed');
    await until(async () => (await pods()) === '[]');
  });

  test('where other pods hold every GPU they are the proof', async () => {
    await plant({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'holder', namespace: 'default' },
      spec: {
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }],
        containers: [
          { name: 'job', image: 'job:1', resources: { limits: { 'nvidia.com/gpu': '1' } } },
        ],
      },
    });
    await kubectl('wait', 'pod/holder', '-n=default', '--for=condition=Ready', '--timeout=30s');
    await passes('gpu-check', 'each in use by other pods: nvidia-smi was not run');
    await until(async () => (await pods()) === '[]');
    await kubectl('delete', 'pod/holder', '-n=default');
  });

  test('a pod that finds no node says so at the deadline, and is gone', async () => {
    await taint('example.com/closed=true:NoSchedule');
    await fails('gpu-check', 'is not scheduled (Unschedulable)', { deadlineSeconds: 5 });
    await until(async () => (await pods()) === '[]');
  });

  test('a stop while the pod waits leaves none behind', async () => {
    const own = await surroundingsOf(cluster);
    const outcome = run(
      'gpu-check',
      { deadlineSeconds: 120 },
      {
        ...own.context,
        progress: (text) => {
          if (text.includes('is not scheduled')) own.signal.abort();
        },
      },
    );
    expect(await outcome).toEqual({ kind: 'interrupted' });
    await until(async () => (await pods()) === '[]');
    await own.close();
    await taint('example.com/closed-');
  });
});

describe.sequential('what goes wrong between here and the API server', () => {
  const nodes = /\/nodes/;
  const through = () => scene.through(proxy.port, scene.admin);

  test.each([
    ['429', { status: 429, times: 2 }],
    ['429 that names a time', { status: 429, retryAfter: 1, times: 2 }],
    ['500', { status: 500, times: 2 }],
    ['503', { status: 503, times: 2 }],
    ['a cut connection', { reset: true, times: 1 }],
  ])('%s passes by itself', async (_, fault) => {
    const context = await through();
    proxy.set({ match: nodes, ...fault });
    expect(await run('nodes', { deadlineSeconds: 60 }, context)).toMatchObject({ kind: 'passed' });
    expect(proxy.seen.filter((line) => nodes.test(line)).length).toBeGreaterThan(1);
  });

  test('429 for ever is told at the deadline', async () => {
    proxy.set({ match: nodes, status: 429 });
    await fails('nodes', 'nodes: (TooManyRequests)', {}, await through());
  });

  test('an API server that takes a request and never answers is given up', async () => {
    proxy.set({ match: nodes, hang: true });
    await fails(
      'nodes',
      /nodes: .*(Client\.Timeout|no answer within|deadline exceeded)/,
      {},
      await through(),
    );
  });

  test('nobody there', async () => {
    const closed = await startFaultProxy(scene.api);
    const context = await scene.through(closed.port, scene.admin);
    await closed.close();
    await fails('nodes', 'was refused', {}, context);
  });

  test('403 names what may not be read', async () => {
    await fails(
      'nodes',
      'not allowed to read nodes: (Forbidden): nodes is forbidden: User "nobody" cannot list',
      { deadlineSeconds: 60 },
      await scene.through(scene.api.port, { ...scene.admin, as: 'nobody' }),
    );
  });

  test('an expired token is a matter of identity', async () => {
    const token = await expiredToken();
    const context = await scene.through(scene.api.port, { token });
    expect(await run('nodes', { deadlineSeconds: 60 }, context)).toMatchObject({
      kind: 'failed',
      failure: {
        kind: 'identity',
        summary: expect.stringContaining('the API server does not accept the credentials'),
      },
    });
  });

  test('the certificate of somebody else', async () => {
    const stranger = await scene.through(scene.api.port, scene.admin, rootCertificates[0]);
    await fails(
      'nodes',
      "the API server's certificate is not the cluster's",
      { deadlineSeconds: 60 },
      stranger,
    );
  });
});

/** One that `aws eks get-token` made, as it was an hour ago. */
async function expiredToken(): Promise<string> {
  const answer = await scene.freshToken();
  const [prefix = '', encoded = ''] = answer.split('.');
  const url = new URL(Buffer.from(encoded, 'base64url').toString());
  const anHourAgo = new Date(Date.now() - 3_600_000).toISOString().replace(/[-:]|\.\d+/g, '');
  url.searchParams.set('X-Amz-Date', anHourAgo);
  return `${prefix}.${Buffer.from(url.href).toString('base64url')}`;
}
