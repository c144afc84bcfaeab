import type { NodeFacts } from './node-report.ts';

/** Name of the resource by which NVIDIA's device plugin offers GPUs. */
export const GPU_RESOURCE = 'nvidia.com/gpu';

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
  /** By sizes and instance types of the node groups; null when these do not tell one number. */
  readonly expected: number | null;
  readonly allocatable: number;
  readonly inUse: number;
}

/** @param expected null when it is not known */
export function reportGpus(
  expected: number | null,
  nodes: readonly NodeFacts[],
  pods: readonly GpuPod[],
): GpuReport {
  return {
    expected,
    allocatable: sum(nodes.filter(({ isReady }) => isReady).map(({ gpus }) => gpus)),
    inUse: gpusInUse(pods),
  };
}

export function gpusInUse(pods: readonly GpuPod[]): number {
  return sum(pods.filter(holdsGpus).map(requestOf));
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
