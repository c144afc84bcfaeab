import { z } from 'zod';
import { metadataSchema, type Node } from '../kubernetes-objects.ts';
import type { Patch } from '../stand-in.ts';

/** Of the operator's states those of a node for containers, with their switch in the policy. */
const states = [
  { name: 'state-driver', app: 'nvidia-driver-daemonset', key: 'driver' },
  { name: 'state-container-toolkit', app: 'nvidia-container-toolkit-daemonset', key: 'toolkit' },
  { name: 'state-operator-validation', app: 'nvidia-operator-validator', key: 'validator' },
  { name: 'state-device-plugin', app: 'nvidia-device-plugin-daemonset', key: 'devicePlugin' },
  { name: 'state-dcgm-exporter', app: 'nvidia-dcgm-exporter', key: 'dcgmExporter' },
  { name: 'gpu-feature-discovery', app: 'gpu-feature-discovery', key: 'gfd' },
  { name: 'state-mig-manager', app: 'nvidia-mig-manager', key: 'migManager' },
];

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTransitionTime: z.string().default(''),
});

const clusterPolicySchema = z.object({
  metadata: metadataSchema,
  spec: z.record(z.string(), z.unknown()).default({}),
  status: z
    .object({ state: z.string().default(''), conditions: z.array(conditionSchema).default([]) })
    .prefault({}),
});

const daemonSetSchema = z.object({
  metadata: metadataSchema,
  status: z
    .object({
      desiredNumberScheduled: z.number().default(0),
      numberUnavailable: z.number().default(0),
    })
    .prefault({}),
});

export type ClusterPolicy = z.infer<typeof clusterPolicySchema>;
export type DaemonSet = z.infer<typeof daemonSetSchema>;
type Condition = z.infer<typeof conditionSchema>;

export function parseClusterPolicy(object: unknown): ClusterPolicy {
  return clusterPolicySchema.parse(object);
}

export function parseDaemonSet(object: unknown): DaemonSet {
  return daemonSetSchema.parse(object);
}

interface Verdict {
  readonly state: 'ready' | 'notReady';
  readonly reason: 'Reconciled' | 'NoGPUNodes' | 'NFDLabelsMissing' | 'OperandNotReady';
  readonly message: string;
}

/**
 * As the operator judges, with its words, its `ready` without any GPU and its readiness of what is
 * scheduled nowhere: `Reconcile` and `isDaemonSetReady` in
 * https://github.com/NVIDIA/gpu-operator/tree/main/controllers
 */
export function judgePolicy(
  policy: ClusterPolicy,
  nodes: readonly Node[],
  daemonSets: readonly DaemonSet[],
): Verdict {
  const labels = nodes.map(({ metadata }) => metadata.labels);
  const hasGpuNodes = labels.some((of) => of['nvidia.com/gpu.present'] === 'true');
  const hasFeatures = labels.some((of) =>
    Object.keys(of).some((name) => name.startsWith('feature.node.kubernetes.io/')),
  );
  const notReady = hasGpuNodes
    ? states.filter(({ app, key }) => isEnabled(policy, key) && !isReady(app, daemonSets))
    : [];
  if (notReady.length > 0) {
    const names = notReady.map(({ name }) => name).join(' ');
    const message = `ClusterPolicy is not ready, states not ready: [${names}]`;
    return { state: 'notReady', reason: 'OperandNotReady', message };
  }
  if (!hasFeatures) {
    return { state: 'ready', reason: 'NFDLabelsMissing', message: 'No NFD labels found' };
  }
  if (!hasGpuNodes) {
    const message = 'No GPU node found, watching for new nodes to join the cluster.';
    return { state: 'ready', reason: 'NoGPUNodes', message };
  }
  const message = 'ClusterPolicy is ready as all resources have been successfully reconciled';
  return { state: 'ready', reason: 'Reconciled', message };
}

function isEnabled({ spec }: ClusterPolicy, key: string): boolean {
  const operand = z.object({ enabled: z.boolean() }).safeParse(spec[key]);
  return !operand.success || operand.data.enabled;
}

function isReady(app: string, daemonSets: readonly DaemonSet[]): boolean {
  const found = daemonSets.find(({ metadata }) => metadata.name === app);
  return found !== undefined && found.status.numberUnavailable === 0;
}

/** @param now RFC 3339, to the second */
export function policyPatch(
  { metadata, status }: ClusterPolicy,
  { state, reason, message }: Verdict,
  now: string,
): Patch[] {
  const isReady = state === 'ready';
  const wanted = [
    isReady
      ? { type: 'Ready', status: 'True', reason, message }
      : { type: 'Ready', status: 'False', reason: 'Error', message: '' },
    isReady
      ? { type: 'Error', status: 'False', reason: 'Ready', message: '' }
      : { type: 'Error', status: 'True', reason, message },
  ];
  if (status.state === state && wanted.every((each) => holds(each, status.conditions))) return [];
  const conditions = wanted.map((each) => {
    const before = status.conditions.find(({ type }) => type === each.type);
    const since = before?.status === each.status ? before.lastTransitionTime : now;
    return { ...each, lastTransitionTime: since };
  });
  const path = `/apis/nvidia.com/v1/clusterpolicies/${metadata.name}/status`;
  const body = { status: { state, namespace: 'gpu-operator', conditions } };
  return [{ path, kind: 'merge', body }];
}

function holds(
  wanted: Omit<Condition, 'lastTransitionTime'>,
  conditions: readonly Condition[],
): boolean {
  return conditions.some(
    ({ type, status, reason, message }) =>
      type === wanted.type &&
      status === wanted.status &&
      reason === wanted.reason &&
      message === wanted.message,
  );
}
