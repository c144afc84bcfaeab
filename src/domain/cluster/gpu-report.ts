import type { ExpectedGroup, NodeFacts } from './node-report.ts';

/** A pod as far as GPUs go. */
export interface GpuPod {
  readonly phase: string;
  /** It has a node: the scheduler counts what it asks for. */
  readonly isScheduled: boolean;
  /** Of each container. */
  readonly requests: readonly number[];
  readonly initRequests: readonly number[];
}

export interface GpuReport {
  /** By the sizes of the node groups; null when a group's GPUs are not known. */
  readonly expected: number | null;
  readonly allocatable: number;
  readonly inUse: number;
}

/**
 * @param gpusPerNode by node group, as `env.yaml` says
 */
export function reportGpus(
  groups: readonly ExpectedGroup[],
  gpusPerNode: Readonly<Record<string, number>>,
  nodes: readonly NodeFacts[],
  pods: readonly GpuPod[],
): GpuReport {
  const perGroup = groups.map(({ name, desiredSize }) => {
    const gpus = gpusPerNode[name];
    return gpus === undefined ? null : gpus * desiredSize;
  });
  return {
    expected: perGroup.reduce(
      (total, gpus) => (total === null || gpus === null ? null : total + gpus),
      0,
    ),
    allocatable: sum(nodes.filter(({ isReady }) => isReady).map(({ gpus }) => gpus)),
    inUse: sum(pods.filter(holdsGpus).map(requestOf)),
  };
}

function holdsGpus({ phase, isScheduled }: GpuPod): boolean {
  return isScheduled && phase !== 'Succeeded' && phase !== 'Failed';
}

/**
 * Init containers run one after the other and before the others:
 * https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
 */
function requestOf({ requests, initRequests }: GpuPod): number {
  return Math.max(sum(requests), ...initRequests);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
