import { GPU_RESOURCE, type GpuPod } from '../../domain/cluster/gpu-report.ts';
import type { ProxyPod } from '../../domain/cluster/mesh-report.ts';
import type { NodeFacts } from '../../domain/cluster/node-report.ts';
import { getObjects, type Kubectl, type Objects } from '../../tools/kubernetes/kubectl.ts';
import { holds } from '../../tools/kubernetes/objects/condition.ts';
import { deploymentSchema } from '../../tools/kubernetes/objects/deployment.ts';
import { qualifiedNameOf } from '../../tools/kubernetes/objects/metadata.ts';
import { type KubeNode, nodeGroupOf, nodeSchema } from '../../tools/kubernetes/objects/node.ts';
import {
  gpuPodOf,
  type Pod,
  podSchema,
  podSpecSchema,
  proxyImage,
} from '../../tools/kubernetes/objects/pod.ts';

/** What a cluster's API server says of its nodes, its pods and its mesh. */
export interface Workloads {
  readonly nodes: readonly NodeFacts[];
  readonly gpuPods: readonly GpuPod[];
  readonly proxies: readonly ProxyPod[];
  /** Images of istiod. */
  readonly controlPlanes: readonly string[];
}

export type WorkloadsAnswer =
  | { readonly kind: 'answer'; readonly value: Workloads }
  | { readonly kind: 'failed'; readonly why: string };

const CONTROL_PLANE = 'discovery';

export async function readWorkloads(kubectl: Kubectl): Promise<WorkloadsAnswer> {
  const all = '--all-namespaces';
  const [nodes, pods, istiod] = await Promise.all([
    getObjects(kubectl, nodeSchema, ['nodes']),
    getObjects(kubectl, podSchema, ['pods', all]),
    getObjects(kubectl, deploymentSchema, ['deployments.apps', all, '--selector=app=istiod']),
  ]);
  if (nodes.kind === 'failed') return unanswered(nodes);
  if (pods.kind === 'failed') return unanswered(pods);
  if (istiod.kind === 'failed') return unanswered(istiod);
  const controlPlanes = istiod.items.flatMap(({ spec }) =>
    podSpecSchema
      .parse(spec.template.spec)
      .containers.filter(({ name }) => name === CONTROL_PLANE)
      .map(({ image }) => image),
  );
  return {
    kind: 'answer',
    value: {
      nodes: nodes.items.map(nodeFacts),
      gpuPods: pods.items.map(gpuPodOf),
      proxies: pods.items.flatMap(proxyPods),
      controlPlanes,
    },
  };
}

function unanswered({ failure }: Extract<Objects<unknown>, { kind: 'failed' }>): WorkloadsAnswer {
  return { kind: 'failed', why: failure.text };
}

function nodeFacts(node: KubeNode): NodeFacts {
  const { conditions, allocatable } = node.status;
  return {
    group: nodeGroupOf(node),
    isReady: holds(conditions, 'Ready'),
    gpus: Number(allocatable[GPU_RESOURCE] ?? 0),
  };
}

function proxyPods(pod: Pod): ProxyPod[] {
  const image = proxyImage(pod.spec);
  return image === undefined ? [] : [{ name: qualifiedNameOf(pod), image }];
}
