import { describe, expect, test } from 'vitest';
import { ToolError } from '../../../src/domain/errors.ts';
import { deadlineIn } from '../../../src/steps/deadline.ts';
import { expectedGpus, gpuGroups } from '../../../src/steps/gpu/expected-gpus.ts';
import { type GpuState, judgeGpus } from '../../../src/steps/gpu/judge-gpus.ts';
import { judgeSmokePod, smokePodManifest } from '../../../src/steps/gpu/smoke-pod.ts';
import { gpuCheckStep } from '../../../src/steps/gpu-check.ts';
import type { OptionsOf } from '../../../src/steps/step.ts';
import type { StepContext } from '../../../src/steps/step-context.ts';
import type { InstanceType } from '../../../src/tools/aws/ec2.ts';
import type { EksNodeGroup } from '../../../src/tools/aws/eks-reader.ts';
import { clusterPolicySchema } from '../../../src/tools/kubernetes/objects/cluster-policy.ts';
import { daemonSetSchema } from '../../../src/tools/kubernetes/objects/daemon-set.ts';
import { nodeSchema } from '../../../src/tools/kubernetes/objects/node.ts';
import { podSchema } from '../../../src/tools/kubernetes/objects/pod.ts';
import { fakeKubectl, type KubectlAnswer } from '../support/fake-kubectl.ts';
import { fixture } from '../support/fixture.ts';
import { recorded, recordedText, shown, stepScene } from '../support/step-scene.ts';

const group: EksNodeGroup = {
  name: 'gpu',
  status: 'ACTIVE',
  desiredSize: 1,
  instanceTypes: ['g5.xlarge'],
  amiType: 'AL2023_x86_64_NVIDIA',
  issues: [],
};
const instanceType = (name: string, gpus: number): InstanceType => ({
  name,
  vcpus: 4,
  gpus,
  addressesPerInterface: 15,
});
const types = [
  instanceType('g5.xlarge', 1),
  instanceType('g5.12xlarge', 4),
  instanceType('m6i.large', 0),
];

describe('how many GPUs are expected', () => {
  test.each([
    ['AL2023_x86_64_NVIDIA', true],
    ['AL2023_ARM_64_NVIDIA', true],
    ['BOTTLEROCKET_x86_64_NVIDIA', true],
    ['AL2_x86_64_GPU', true],
    ['AL2023_x86_64_STANDARD', false],
    ['AL2023_x86_64_NEURON', false],
  ])('an image %s has the driver: %s', (amiType, expected) => {
    expect(gpuGroups([{ ...group, amiType }])).toHaveLength(expected ? 1 : 0);
  });

  test.each([
    [[{ ...group, desiredSize: 3 }], { kind: 'known', atLeast: 3, atMost: 3 }],
    [
      [group, { ...group, desiredSize: 2, instanceTypes: ['g5.12xlarge'] }],
      { kind: 'known', atLeast: 9, atMost: 9 },
    ],
    [
      [{ ...group, desiredSize: 2, instanceTypes: ['g5.xlarge', 'g5.12xlarge'] }],
      { kind: 'known', atLeast: 2, atMost: 8 },
    ],
    [
      [{ ...group, instanceTypes: ['g99.huge'] }],
      { kind: 'unknown', why: 'EC2 does not know the instance type g99.huge' },
    ],
    [
      [{ ...group, instanceTypes: [] }],
      { kind: 'unknown', why: 'EKS tells no instance type of the node group "gpu"' },
    ],
  ])('%#', (groups, expected) => {
    expect(expectedGpus(groups, types)).toMatchObject(expected);
  });
});

const nodes = recorded(nodeSchema, 'nodes');
const policies = (name: string) => recorded(clusterPolicySchema, name);
const daemonSets = (name: string) => recorded(daemonSetSchema, name);
const healthy: GpuState = {
  nodes,
  policies: policies('policy-ready'),
  daemonSets: daemonSets('daemonsets-ready'),
  namespace: 'gpu-operator',
};
const GPU_NODE = 'ip-10-10-3-13.eu-central-1.compute.internal';

/** The GPU node with something else. */
function gpuNode(change: {
  readonly labels?: Readonly<Record<string, string>>;
  readonly allocatable?: Readonly<Record<string, string>>;
}) {
  return nodes.map((node) => {
    if (node.metadata.name !== GPU_NODE) return node;
    const { labels = {}, allocatable = node.status.allocatable } = change;
    return {
      ...node,
      metadata: { ...node.metadata, labels: { ...node.metadata.labels, ...labels } },
      status: { ...node.status, allocatable: { ...allocatable } },
    };
  });
}

function judge(changes: Partial<GpuState>, desiredSize = 1): string {
  const expected = expectedGpus([{ ...group, desiredSize }], types);
  if (expected.kind === 'unknown') throw new Error(expected.why);
  return shown(judgeGpus({ ...healthy, ...changes }, expected));
}

describe('each link of the chain has its own message', () => {
  test('all of it holds', () => {
    expect(judge({})).toBe('passed: 1 of 1 GPUs allocatable on 1 node');
  });

  test.each<[string, Partial<GpuState>, number, string]>([
    [
      'a node is missing',
      {},
      2,
      'waiting: GPU nodes: 1 of 2 nodes ready: 1 of node group "gpu" not registered',
    ],
    [
      'NFD has not seen the device',
      { nodes: gpuNode({ labels: { 'feature.node.kubernetes.io/pci-10de.present': 'false' } }) },
      1,
      `waiting: node feature discovery shows no NVIDIA device (feature.node.kubernetes.io/pci-10de.present) on ${GPU_NODE}`,
    ],
    [
      'no CRD',
      { policies: 'no-crd' },
      1,
      'waiting: the CRD clusterpolicies.nvidia.com is not there: is the GPU Operator installed?',
    ],
    ['no ClusterPolicy', { policies: [] }, 1, 'waiting: there is no ClusterPolicy'],
    [
      'two ClusterPolicies',
      { policies: [...policies('policy-ready'), ...policies('policy-ready')] },
      1,
      'hopeless (failed): 2 ClusterPolicies, of which the operator follows one: cluster-policy, cluster-policy',
    ],
    [
      'no state',
      { policies: policies('policy-fresh') },
      1,
      'waiting: the ClusterPolicy cluster-policy has no state yet',
    ],
    [
      'not ready',
      { policies: policies('policy-not-ready') },
      1,
      'waiting: the ClusterPolicy cluster-policy is notReady: ClusterPolicy is not ready, states not ready: [state-device-plugin]',
    ],
    [
      'ready without GPU nodes',
      { policies: policies('policy-no-gpu-nodes') },
      1,
      'waiting: the ClusterPolicy cluster-policy is ready but serves no GPU (NoGPUNodes): No GPU node found, watching for new nodes to join the cluster.',
    ],
    [
      'ready without NFD labels',
      { policies: policies('policy-nfd-missing') },
      1,
      'waiting: the ClusterPolicy cluster-policy is ready but serves no GPU (NFDLabelsMissing): No NFD labels found, watching for new nodes with NFD labels to join the cluster.',
    ],
    [
      'no DaemonSets',
      { daemonSets: [] },
      1,
      'waiting: 0 of 4 DaemonSets of gpu-operator serve: nvidia-device-plugin-daemonset (not there), nvidia-operator-validator (not there), nvidia-dcgm-exporter (not there) and 1 more',
    ],
    [
      'DaemonSets that no node wants',
      { daemonSets: daemonSets('daemonsets-none-desired') },
      1,
      'waiting: 0 of 4 DaemonSets of gpu-operator serve: nvidia-device-plugin-daemonset (no node wants it), nvidia-operator-validator (no node wants it), nvidia-dcgm-exporter (no node wants it) and 1 more',
    ],
    [
      'a DaemonSet that is not ready',
      { daemonSets: daemonSets('daemonsets-one-down') },
      1,
      'waiting: 3 of 4 DaemonSets of gpu-operator serve: nvidia-dcgm-exporter (0 of 1 ready)',
    ],
    [
      'allocatable 0',
      { nodes: gpuNode({ allocatable: { 'nvidia.com/gpu': '0' } }) },
      1,
      `waiting: 0 GPUs allocatable, 1 expected: ${GPU_NODE} has 0`,
    ],
    [
      'allocatable missing',
      { nodes: gpuNode({ allocatable: { cpu: '4' } }) },
      1,
      `waiting: 0 GPUs allocatable, 1 expected: ${GPU_NODE} has none`,
    ],
    [
      'more than promised',
      { nodes: gpuNode({ allocatable: { 'nvidia.com/gpu': '4' } }) },
      1,
      `waiting: 4 GPUs allocatable, 1 expected: ${GPU_NODE} has 4`,
    ],
  ])('%s', (_, changes, desiredSize, expected) => {
    expect(judge(changes, desiredSize)).toBe(expected);
  });
});

const pod = (name: string) => recorded(podSchema, name)[0];

test.each([
  ['smoke-succeeded', 'passed: a pod with one GPU completed (nvidia-smi)'],
  [
    'smoke-failed',
    'hopeless (failed): nvidia-smi failed with exit code 9: NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.',
  ],
  [
    'smoke-unschedulable',
    'waiting: the pod check is not scheduled (Unschedulable): 0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient nvidia.com/gpu.',
  ],
  [
    'smoke-image-missing',
    'waiting: the pod check waits (ImagePullBackOff): Back-off pulling image "missing/cuda:12.8.0-base-ubuntu22.04"',
  ],
])('%s: %s', (name, expected) => {
  expect(shown(judgeSmokePod(pod(name), 'check'))).toContain(expected);
});

test('the pod may do nothing but look at one GPU, and ends by itself', () => {
  const manifest = smokePodManifest({ namespace: 'n', name: 'p', image: 'i', lifeSeconds: 90 });
  expect(manifest).toMatchObject({
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: 90,
      automountServiceAccountToken: false,
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }],
      containers: [{ command: ['nvidia-smi'], resources: { limits: { 'nvidia.com/gpu': '1' } } }],
    },
  });
});

const POD = 'platform-gpu-check-abababab';
const DELETE = `delete pod ${POD} --namespace=gpu-operator --ignore-not-found --wait=false`;
const CREATE = 'create --filename=-';

function nodesAnd(pods: readonly object[]): string {
  const { items } = JSON.parse(recordedText('nodes'));
  return JSON.stringify({ kind: 'List', items: [...items, ...pods] });
}

const holder = (phase: string, gpus: string) => ({
  kind: 'Pod',
  metadata: { name: 'training', namespace: 'ml' },
  spec: {
    nodeName: GPU_NODE,
    containers: [{ name: 'main', resources: { requests: { 'nvidia.com/gpu': gpus } } }],
  },
  status: { phase },
});

type Answers = Readonly<Record<string, KubectlAnswer | (() => KubectlAnswer)>>;

function rehearse(
  given: {
    readonly answers?: Answers;
    readonly groups?: readonly EksNodeGroup[];
    readonly options?: OptionsOf<'gpu-check'>;
    readonly seconds?: number;
    readonly stopper?: AbortController;
    /** Pods that are there beside ours. */
    readonly holders?: readonly object[];
  } = {},
) {
  const asked: string[][] = [];
  const kubectl = fakeKubectl((line) => {
    const own = Object.entries(given.answers ?? {}).find(([start]) => line.startsWith(start))?.[1];
    if (own !== undefined) return typeof own === 'function' ? own() : own;
    if (line.startsWith('get nodes,pods')) return nodesAnd(given.holders ?? []);
    if (line.startsWith('get nodes')) return recordedText('nodes');
    if (line.startsWith('get clusterpolicies')) return recordedText('policy-ready');
    if (line.startsWith('get daemonsets')) return recordedText('daemonsets-ready');
    if (line === CREATE) return 'created';
    if (line.startsWith(`get pods ${POD}`)) return recordedText('smoke-succeeded');
    if (line === DELETE) return 'deleted';
    return undefined;
  }, given.stopper?.signal);
  const aws: StepContext['aws'] = {
    ask: async ({ args, parse }) => {
      asked.push([...args]);
      const InstanceTypes = types.map(({ name, gpus }) => ({
        InstanceType: name,
        VCpuInfo: { DefaultVCpus: 4 },
        GpuInfo: { Gpus: [{ Count: gpus }] },
        NetworkInfo: { Ipv4AddressesPerInterface: 15 },
      }));
      return { kind: 'answer', value: parse(JSON.stringify({ InstanceTypes })) };
    },
  };
  const scene = stepScene({
    kubectl,
    aws,
    eks: { nodeGroups: async () => ({ kind: 'answer', value: given.groups ?? [group] }) },
    ...(given.stopper === undefined ? {} : { stopper: given.stopper }),
  });
  const deadline = deadlineIn(scene.clock, given.seconds ?? 60);
  return { outcome: gpuCheckStep.run(scene, given.options ?? {}, deadline), kubectl, asked, scene };
}

describe('the step', () => {
  test('passes with the exact numbers, and leaves no pod', async () => {
    const { outcome, kubectl } = rehearse();
    expect(await outcome).toEqual({
      kind: 'passed',
      text: '1 of 1 GPUs allocatable on 1 node, a pod with one GPU completed (nvidia-smi)',
      acted: false,
    });
    const created = kubectl.calls.find(({ line }) => line === CREATE);
    expect(JSON.parse(created?.options.stdin ?? '')).toMatchObject({ metadata: { name: POD } });
    expect(kubectl.ran.at(-1)).toBe(DELETE);
  });

  test.each([
    [[{ ...group, desiredSize: 0 }], '0 GPUs expected: scaled to zero'],
    [[], 'no GPU node group'],
  ])('without a GPU to expect the cluster is not asked: %#', async (groups, text) => {
    const { outcome, kubectl, asked } = rehearse({ groups });
    expect(await outcome).toEqual({ kind: 'passed', text, acted: false });
    expect([...kubectl.ran, ...asked]).toEqual([]);
  });

  test('EC2 is asked once, however long it waits', async () => {
    const { outcome, asked } = rehearse({
      answers: { 'get clusterpolicies': recordedText('policy-no-gpu-nodes') },
      seconds: 30,
    });
    expect(await outcome).toMatchObject({
      kind: 'failed',
      failure: { summary: expect.stringMatching(/NoGPUNodes.*\(waited 30 s\)$/) },
    });
    expect(asked).toHaveLength(1);
  });

  test('smokePod: false makes no pod', async () => {
    const { outcome, kubectl } = rehearse({ options: { smokePod: false } });
    expect(await outcome).toMatchObject({ kind: 'passed' });
    expect(kubectl.ran).not.toContain(CREATE);
  });

  test('without the CRD it says so', async () => {
    const stderr = fixture('kubernetes/1.36.3/no-such-kind.stderr');
    const { outcome } = rehearse({ answers: { 'get clusterpolicies': { stderr } }, seconds: 1 });
    expect(await outcome).toMatchObject({
      failure: { summary: expect.stringContaining('is the GPU Operator installed?') },
    });
  });

  test.each([
    ['smoke-failed', 'nvidia-smi failed with exit code 9'],
    ['smoke-unschedulable', 'Insufficient nvidia.com/gpu'],
  ])('the pod goes away when it is %s', async (name, text) => {
    const { outcome, kubectl } = rehearse({
      answers: { [`get pods ${POD}`]: recordedText(name) },
      seconds: 5,
    });
    expect(await outcome).toMatchObject({ failure: { summary: expect.stringContaining(text) } });
    expect(kubectl.ran.at(-1)).toBe(DELETE);
  });

  test.each([
    ['Running', '1', 'passed'],
    ['Pending', '1', 'passed'],
    ['Succeeded', '1', 'failed'],
    ['Running', '0', 'failed'],
  ])('unschedulable beside a %s pod with %s GPUs: %s', async (phase, gpus, kind) => {
    const { outcome, kubectl } = rehearse({
      answers: { [`get pods ${POD}`]: recordedText('smoke-unschedulable') },
      holders: [holder(phase, gpus)],
      seconds: 5,
    });
    expect((await outcome).kind).toBe(kind);
    expect(kubectl.ran.at(-1)).toBe(DELETE);
  });

  test('a stop while the pod runs takes the pod away, by a kubectl that the stop does not end', async () => {
    const stopper = new AbortController();
    const { outcome, kubectl } = rehearse({
      stopper,
      answers: {
        [`get pods ${POD}`]: () => {
          stopper.abort();
          return recordedText('smoke-unschedulable');
        },
      },
    });
    expect(await outcome).toEqual({ kind: 'interrupted' });
    expect(kubectl.calls.at(-1)).toMatchObject({
      line: DELETE,
      options: { evenWhenStopped: true },
    });
  });

  test('a pod whose making got no answer is taken away too', async () => {
    const stderr = fixture('kubernetes/1.36.3/failures/get-hang.stderr');
    const { outcome, kubectl } = rehearse({ answers: { [CREATE]: { stderr } }, seconds: 2 });
    expect(await outcome).toMatchObject({ kind: 'failed' });
    expect(kubectl.ran.at(-1)).toBe(DELETE);
  });

  test('an answer that cannot be read leaves no pod either', async () => {
    const { outcome, kubectl } = rehearse({ answers: { [`get pods ${POD}`]: 'not JSON' } });
    await expect(outcome).rejects.toThrow(ToolError);
    expect(kubectl.ran.at(-1)).toBe(DELETE);
  });

  test('a pod that may not be made fails at once', async () => {
    const stderr = fixture('kubernetes/1.36.3/failures/get-403.stderr');
    const { outcome, kubectl } = rehearse({ answers: { [CREATE]: { stderr } } });
    expect(await outcome).toMatchObject({
      failure: { summary: expect.stringContaining('a pod with a GPU cannot be made') },
    });
    expect(kubectl.ran.filter((line) => line === CREATE)).toHaveLength(1);
  });

  test('a pod that stays behind is a failure that says how to remove it', async () => {
    const stderr = fixture('kubernetes/1.36.3/failures/get-403.stderr');
    const { outcome } = rehearse({ answers: { [DELETE]: { stderr } } });
    expect(await outcome).toMatchObject({
      kind: 'failed',
      failure: {
        summary: expect.stringContaining(`but the pod gpu-operator/${POD} could not be removed`),
        next: `kubectl ${DELETE}`,
      },
    });
  });
});
