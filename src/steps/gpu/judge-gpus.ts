import { GPU_RESOURCE } from '../../domain/cluster/gpu-report.ts';
import type { ClusterPolicy } from '../../tools/kubernetes/objects/cluster-policy.ts';
import { causeOf, conditionOf } from '../../tools/kubernetes/objects/condition.ts';
import type { DaemonSet } from '../../tools/kubernetes/objects/daemon-set.ts';
import { type KubeNode, nodeGroupOf } from '../../tools/kubernetes/objects/node.ts';
import { nameList } from '../name-list.ts';
import { isReady, judgeNodes } from '../nodes.ts';
import { hopeless, passed, type Verdict, waiting } from '../verdict.ts';
import { countText, type ExpectedGpus } from './expected-gpus.ts';

/** What the cluster shows of its GPUs. */
export interface GpuState {
  readonly nodes: readonly KubeNode[];
  /** `no-crd`: the operator's CRD is not there. */
  readonly policies: readonly ClusterPolicy[] | 'no-crd';
  readonly daemonSets: readonly DaemonSet[];
  readonly namespace: string;
}

/** PCI vendor 10de is NVIDIA; set by Node Feature Discovery. */
const NFD_LABEL = 'feature.node.kubernetes.io/pci-10de.present';

/** What has to run on every GPU node; driver and toolkit come with the node's image. */
const OPERANDS = [
  'nvidia-device-plugin-daemonset',
  'nvidia-operator-validator',
  'nvidia-dcgm-exporter',
  'gpu-feature-discovery',
];

/**
 * The chain from nodes to GPUs that a pod can ask for, each link only after the one before it: the first
 * open one is the cause of the others. No link stands for another: the operator calls itself ready
 * without a GPU, and a DaemonSet that wants no pod has rolled out.
 *
 * @param expected more than none
 */
export function judgeGpus(
  state: GpuState,
  expected: Extract<ExpectedGpus, { readonly kind: 'known' }>,
): Verdict {
  const names = new Set(expected.groups.map(({ name }) => name));
  const own = state.nodes.filter((node) => names.has(nodeGroupOf(node) ?? ''));
  const links = [
    () => judgeGpuNodes(own, expected),
    () => judgeDiscovery(own),
    () => judgePolicies(state.policies),
    () => judgeDaemonSets(state),
    () => judgeAllocatable(own, expected),
  ];
  let last: Verdict = waiting('nothing was looked at');
  for (const link of links) {
    last = link();
    if (last.kind !== 'passed') return last;
  }
  return last;
}

function judgeGpuNodes(
  own: readonly KubeNode[],
  { groups }: Extract<ExpectedGpus, { readonly kind: 'known' }>,
): Verdict {
  const verdict = judgeNodes(own, groups);
  return verdict.kind === 'waiting' ? waiting(`GPU nodes: ${verdict.missing}`) : verdict;
}

function judgeDiscovery(own: readonly KubeNode[]): Verdict {
  const bare = own.filter(isReady).filter(({ metadata }) => metadata.labels[NFD_LABEL] !== 'true');
  if (bare.length === 0) return passed('NVIDIA devices found on all GPU nodes');
  const names = nameList(bare.map(({ metadata }) => metadata.name));
  return waiting(`node feature discovery shows no NVIDIA device (${NFD_LABEL}) on ${names}`);
}

/** Reasons with which the operator is "ready" although no GPU is served. */
const READY_WITHOUT_GPUS = new Set(['NoGPUNodes', 'NFDLabelsMissing']);

function judgePolicies(policies: GpuState['policies']): Verdict {
  if (policies === 'no-crd') {
    return waiting(
      'the CRD clusterpolicies.nvidia.com is not there: is the GPU Operator installed?',
    );
  }
  const [policy, second] = policies;
  if (policy === undefined) return waiting('there is no ClusterPolicy');
  if (second !== undefined) {
    const names = nameList(policies.map(({ metadata }) => metadata.name));
    return hopeless(
      `${policies.length} ClusterPolicies, of which the operator follows one: ${names}`,
      `keep one: kubectl delete clusterpolicy ${second.metadata.name}`,
    );
  }
  const { metadata, status } = policy;
  const name = `the ClusterPolicy ${metadata.name}`;
  if (status.state === '') return waiting(`${name} has no state yet`);
  const ready = conditionOf(status.conditions, 'Ready');
  if (status.state !== 'ready') {
    const error = conditionOf(status.conditions, 'Error');
    const cause = error?.status === 'True' ? error : ready;
    return waiting(`${name} is ${status.state}${cause === undefined ? '' : `: ${causeOf(cause)}`}`);
  }
  if (ready !== undefined && READY_WITHOUT_GPUS.has(ready.reason)) {
    return waiting(`${name} is ready but serves no GPU (${ready.reason}): ${causeOf(ready)}`);
  }
  return passed(`${name} is ready`);
}

function judgeDaemonSets({ daemonSets, namespace }: GpuState): Verdict {
  const found = new Map(daemonSets.map((set) => [set.metadata.name, set]));
  const open = OPERANDS.flatMap((name) => {
    const problem = daemonSetProblem(found.get(name));
    return problem === undefined ? [] : [`${name} (${problem})`];
  });
  const ready = OPERANDS.length - open.length;
  const text = `${ready} of ${OPERANDS.length} DaemonSets of ${namespace} serve`;
  return open.length === 0 ? passed(text) : waiting(`${text}: ${nameList(open)}`);
}

function daemonSetProblem(set: DaemonSet | undefined): string | undefined {
  if (set === undefined) return 'not there';
  const { metadata, status } = set;
  if (status.observedGeneration < metadata.generation) return 'change not observed yet';
  if (status.desiredNumberScheduled === 0) return 'no node wants it';
  if (status.updatedNumberScheduled < status.desiredNumberScheduled) {
    return `${status.updatedNumberScheduled} of ${status.desiredNumberScheduled} up to date`;
  }
  if (status.numberReady < status.desiredNumberScheduled) {
    return `${status.numberReady} of ${status.desiredNumberScheduled} ready`;
  }
  return undefined;
}

/** GPUs that pods can ask for on nodes that are Ready. */
export function allocatableGpus(nodes: readonly KubeNode[]): number {
  return nodes
    .filter(isReady)
    .reduce((sum, { status }) => sum + Number(status.allocatable[GPU_RESOURCE] ?? 0), 0);
}

function judgeAllocatable(
  own: readonly KubeNode[],
  expected: Extract<ExpectedGpus, { readonly kind: 'known' }>,
): Verdict {
  const count = allocatableGpus(own);
  const wanted = countText(expected);
  const ready = own.filter(isReady);
  if (count >= expected.atLeast && count <= expected.atMost) {
    return passed(
      `${count} of ${wanted} GPUs allocatable on ${ready.length === 1 ? '1 node' : `${ready.length} nodes`}`,
    );
  }
  const each = ready.map(
    ({ metadata, status }) => `${metadata.name} has ${status.allocatable[GPU_RESOURCE] ?? 'none'}`,
  );
  return waiting(`${count} GPUs allocatable, ${wanted} expected: ${nameList(each)}`);
}
