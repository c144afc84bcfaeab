import { describe, expect, test } from 'vitest';
import {
  judgePolicy,
  parseClusterPolicy,
  parseDaemonSet,
  policyPatch,
} from '../../../../src/sandbox/stand-ins/gpu/cluster-policy.ts';
import { gpuCapacity } from '../../../../src/sandbox/stand-ins/gpu/device-plugin.ts';
import { readGpus } from '../../../../src/sandbox/stand-ins/gpu/instance-gpus.ts';
import { featureLabels } from '../../../../src/sandbox/stand-ins/gpu/node-feature-discovery.ts';
import { operatorLabels } from '../../../../src/sandbox/stand-ins/gpu/operator-labels.ts';
import type { Node } from '../../../../src/sandbox/stand-ins/kubernetes-objects.ts';
import { node, podOn } from './objects.ts';

const type = 'node.kubernetes.io/instance-type';
const pci = 'feature.node.kubernetes.io/pci-10de.present';
const gpus: Readonly<Record<string, number>> = { 'g5.xlarge': 1, 'g5.12xlarge': 4 };
const gpusOf = ({ metadata }: Node) => gpus[metadata.labels[type] ?? ''] ?? 0;
const os = 'feature.node.kubernetes.io/system-os_release.ID';
const present = 'nvidia.com/gpu.present';
const deploy = (operand: string) => `nvidia.com/gpu.deploy.${operand}`;

function labelsOf(patches: readonly { readonly body: object }[]) {
  return patches.map(({ body }) => (body as { metadata: { labels: object } }).metadata.labels);
}

describe('node feature discovery', () => {
  test.each([
    ['a GPU node with a ready worker', 'g5.xlarge', 'ready', [{ [os]: 'amzn', [pci]: 'true' }]],
    ['a node without GPU', 'm6i.large', 'ready', [{ [os]: 'amzn' }]],
    ['a worker that is not ready', 'g5.xlarge', 'waiting', []],
    ['a worker that is on its way out', 'g5.xlarge', 'leaving', []],
  ] as const)('%s', (_case, instanceType, state, expected) => {
    const nodes = [node('a', { [type]: instanceType }), node('b', { [type]: 'g5.xlarge' })];
    expect(labelsOf(featureLabels(nodes, [podOn('a', state)], gpusOf))).toEqual(expected);
  });

  test('labels that are there are not set again', () => {
    const labelled = node('a', { [type]: 'g5.xlarge', [os]: 'amzn', [pci]: 'true' });
    expect(featureLabels([labelled], [podOn('a', 'ready')], gpusOf)).toEqual([]);
  });
});

test.each([
  ['a type with four', 'NVIDIA', '<count>4</count><logicalGpuCount>4</logicalGpuCount>', 4],
  [
    'a type with a share of one',
    'NVIDIA',
    '<count>0</count><logicalGpuCount>1</logicalGpuCount>',
    1,
  ],
  ['a type whose GPUs are not divided', 'NVIDIA', '<count>8</count>', 8],
  ['GPUs of another maker', 'AMD', '<count>1</count>', 0],
])('%s, in what EC2 says', (_case, maker, counts, expected) => {
  const item = `<manufacturer>${maker}</manufacturer>${counts}`;
  const other = '<inferenceAcceleratorInfo><count>9</count></inferenceAcceleratorInfo>';
  const xml = `${other}<gpuInfo>\n<gpus><item>${item}</item></gpus>\n</gpuInfo>`;
  expect(readGpus(xml)).toBe(expected);
  expect(readGpus(other)).toBe(0);
});

describe('labels of the operator', () => {
  test('a node with the feature gets them all, and keeps one that was set by hand', () => {
    const [labels] = labelsOf(
      operatorLabels([node('a', { [pci]: 'true', [deploy('dcgm-exporter')]: 'false' })]),
    );
    expect(labels).toMatchObject({
      [present]: 'true',
      [deploy('device-plugin')]: 'true',
      [deploy('gpu-feature-discovery')]: 'true',
      [deploy('operator-validator')]: 'true',
    });
    expect(labels).not.toHaveProperty([deploy('dcgm-exporter')]);
  });

  test('a node whose operands are switched off loses them', () => {
    const off = node('a', {
      [pci]: 'true',
      [present]: 'true',
      [deploy('operands')]: 'false',
      [deploy('driver')]: 'true',
    });
    expect(labelsOf(operatorLabels([off]))).toEqual([{ [deploy('driver')]: null }]);
  });

  test('a node that only says it has GPUs is put right until NFD has looked', () => {
    const claimed = node('a', { [present]: 'true', [deploy('driver')]: 'true' });
    expect(labelsOf(operatorLabels([claimed]))).toEqual([
      { [present]: 'false', [deploy('driver')]: null },
    ]);
  });

  test('other nodes are left alone', () => {
    expect(
      operatorLabels([node('a', { [os]: 'amzn' }), node('b', { [present]: 'false' })]),
    ).toEqual([]);
  });
});

describe('what the kubelet reports', () => {
  const gpu = 'nvidia.com/gpu';
  const nodes = (resources: object) => [node('a', { [type]: 'g5.12xlarge' }, resources)];

  test.each([
    ['a ready plugin', {}, 'ready', [{ capacity: { [gpu]: '4' }, allocatable: { [gpu]: '4' } }]],
    ['a plugin that is not ready yet', {}, 'waiting', []],
    [
      'a ready plugin whose GPUs are reported',
      { capacity: { [gpu]: '4' }, allocatable: { [gpu]: '4' } },
      'ready',
      [],
    ],
    [
      'a plugin that has gone',
      { capacity: { [gpu]: '4' }, allocatable: { [gpu]: '4' } },
      'leaving',
      [{ capacity: { [gpu]: '4' }, allocatable: { [gpu]: '0' } }],
    ],
    [
      'a plugin that went earlier',
      { capacity: { [gpu]: '4' }, allocatable: { [gpu]: '0' } },
      'leaving',
      [],
    ],
  ] as const)('%s', (_case, resources, state, expected) => {
    const patches = gpuCapacity(nodes(resources), [podOn('a', state)], gpusOf);
    expect(patches.map(({ body }) => (body as { status: object }).status)).toEqual(expected);
  });

  test('a plugin on a node without GPUs reports none', () => {
    expect(
      gpuCapacity([node('a', { [type]: 'm6i.large' })], [podOn('a', 'ready')], gpusOf),
    ).toEqual([]);
  });
});

describe('state of the cluster policy', () => {
  const apps = [
    'nvidia-operator-validator',
    'nvidia-device-plugin-daemonset',
    'nvidia-dcgm-exporter',
    'gpu-feature-discovery',
  ];
  const off = { driver: { enabled: false }, toolkit: { enabled: false } };
  const policy = (spec: object = {}, status: object = {}) =>
    parseClusterPolicy({
      metadata: { name: 'cluster-policy' },
      spec: { ...off, migManager: { enabled: false }, ...spec },
      status,
    });
  const operands = (unavailable: Readonly<Record<string, number>> = {}) =>
    apps.map((name) =>
      parseDaemonSet({
        metadata: { name },
        status: { desiredNumberScheduled: 1, numberUnavailable: unavailable[name] ?? 0 },
      }),
    );
  const gpuNode = node('a', { [pci]: 'true', [present]: 'true' });

  test.each([
    ['every operand ready', [gpuNode], operands(), 'ready', 'Reconciled'],
    ['no node with a GPU', [node('b', { [os]: 'amzn' })], operands(), 'ready', 'NoGPUNodes'],
    ['no node that NFD has looked at', [node('b', {})], operands(), 'ready', 'NFDLabelsMissing'],
    [
      'an operand with an unavailable pod',
      [gpuNode],
      operands({ 'nvidia-dcgm-exporter': 1 }),
      'notReady',
      'OperandNotReady',
    ],
    ['an operand that is not there', [gpuNode], operands().slice(1), 'notReady', 'OperandNotReady'],
  ])('%s', (_case, nodes, daemonSets, state, reason) => {
    expect(judgePolicy(policy(), nodes, daemonSets)).toMatchObject({ state, reason });
  });

  test('an operand that is switched off does not count', () => {
    const spec = { validator: { enabled: false } };
    expect(judgePolicy(policy(spec), [gpuNode], operands().slice(1)).reason).toBe('Reconciled');
  });

  test('the message names what is not ready', () => {
    const unavailable = { 'nvidia-dcgm-exporter': 1, 'nvidia-device-plugin-daemonset': 2 };
    expect(judgePolicy(policy(), [gpuNode], operands(unavailable)).message).toBe(
      'ClusterPolicy is not ready, states not ready: [state-device-plugin state-dcgm-exporter]',
    );
  });

  const now = '2026-01-02T03:04:05Z';
  const statusAfter = (before: object, verdict: ReturnType<typeof judgePolicy>) => {
    const [patch] = policyPatch(policy({}, before), verdict, now);
    return patch === undefined ? undefined : (patch.body as { status: object }).status;
  };
  const reconciled = judgePolicy(policy(), [gpuNode], operands());
  const waiting = judgePolicy(policy(), [gpuNode], []);

  test('what is ready is Ready with its reason, and no Error', () => {
    expect(statusAfter({}, reconciled)).toEqual({
      state: 'ready',
      namespace: 'gpu-operator',
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'Reconciled',
          message: reconciled.message,
          lastTransitionTime: now,
        },
        { type: 'Error', status: 'False', reason: 'Ready', message: '', lastTransitionTime: now },
      ],
    });
  });

  test('what is not ready tells the reason with its Error', () => {
    expect(statusAfter({}, waiting)).toMatchObject({
      state: 'notReady',
      conditions: [
        { type: 'Ready', status: 'False', reason: 'Error' },
        { type: 'Error', status: 'True', reason: 'OperandNotReady' },
      ],
    });
  });

  test('the time is that of the transition, and the same status is not written again', () => {
    const before = '2026-01-01T00:00:00Z';
    const noGpus = judgePolicy(policy(), [node('b', { [os]: 'amzn' })], []);
    const status = policyPatch(policy(), noGpus, before).map(({ body }) => {
      return (body as { status: object }).status;
    })[0];
    if (status === undefined) throw new Error('no status');
    expect(statusAfter(status, noGpus)).toBeUndefined();
    expect(statusAfter(status, reconciled)).toMatchObject({
      conditions: [{ reason: 'Reconciled', lastTransitionTime: before }, {}],
    });
    expect(statusAfter(status, waiting)).toMatchObject({
      conditions: [{ status: 'False', lastTransitionTime: now }, { lastTransitionTime: now }],
    });
  });
});
