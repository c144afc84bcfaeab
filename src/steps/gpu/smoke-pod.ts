import { GPU_RESOURCE } from '../../domain/cluster/gpu-report.ts';
import { causeOf, conditionOf } from '../../tools/kubernetes/objects/condition.ts';
import type { Pod } from '../../tools/kubernetes/objects/pod.ts';
import { hopeless, passed, type Verdict, waiting } from '../verdict.ts';

/**
 * The smallest of NVIDIA's own: nvidia-smi comes from the node's driver, the image brings none. CUDA 12.8
 * runs on every driver from R525 on: https://docs.nvidia.com/deploy/cuda-compatibility/
 */
export const SMOKE_IMAGE = 'nvcr.io/nvidia/cuda:12.8.0-base-ubuntu22.04';

export interface SmokePod {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  /** It ends itself then, should nobody be left to remove it. */
  readonly lifeSeconds: number;
}

/** A pod that has one GPU, runs nvidia-smi once, and may do nothing else. */
export function smokePodManifest({ namespace, name, image, lifeSeconds }: SmokePod): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name,
      labels: {
        'app.kubernetes.io/name': 'gpu-check',
        'app.kubernetes.io/managed-by': 'platform',
        // With a sidecar it would never complete.
        'sidecar.istio.io/inject': 'false',
      },
    },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: lifeSeconds,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: [{ key: GPU_RESOURCE, operator: 'Exists', effect: 'NoSchedule' }],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65534,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'nvidia-smi',
          image,
          command: ['nvidia-smi'],
          resources: { limits: { [GPU_RESOURCE]: '1' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          // Its last words are then in the pod's status.
          terminationMessagePolicy: 'FallbackToLogsOnError',
        },
      ],
    },
  };
}

export function isUnschedulable({ status }: Pod): boolean {
  return conditionOf(status.conditions, 'PodScheduled')?.reason === 'Unschedulable';
}

/** Reasons for which the kubelet does not try again, or not with another outcome. */
const STAYS = new Set(['InvalidImageName', 'CreateContainerConfigError']);

export function judgeSmokePod(pod: Pod | undefined, name: string): Verdict {
  if (pod === undefined) return hopeless(`the pod ${name} has been deleted meanwhile`);
  const { status } = pod;
  const state = status.containerStatuses[0]?.state ?? {};
  if (status.phase === 'Succeeded') return passed('a pod with one GPU completed (nvidia-smi)');
  if (status.phase === 'Failed') {
    const { terminated } = state;
    const exit = terminated === undefined ? '' : ` with exit code ${terminated.exitCode}`;
    const words = terminated?.message.trim().split('\n').at(-1) || status.message || status.reason;
    return hopeless(`nvidia-smi failed${exit}: ${words || 'no reason is told'}`);
  }
  const scheduled = conditionOf(status.conditions, 'PodScheduled');
  if (scheduled?.status === 'False') {
    return waiting(`the pod ${name} is not scheduled (${scheduled.reason}): ${causeOf(scheduled)}`);
  }
  const { waiting: held } = state;
  if (held !== undefined) {
    const text = `the pod ${name} waits (${held.reason})${held.message === '' ? '' : `: ${held.message}`}`;
    return STAYS.has(held.reason) ? hopeless(text) : waiting(text);
  }
  return waiting(`the pod ${name} is ${status.phase === '' ? 'made' : status.phase}`);
}
