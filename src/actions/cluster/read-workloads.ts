import type { GpuPod } from '../../domain/cluster/gpu-report.ts';
import type { ProxyPod } from '../../domain/cluster/mesh-report.ts';
import type { NodeFacts } from '../../domain/cluster/node-report.ts';
import { getObjects, type Kubectl, type Objects } from '../../tools/kubernetes/kubectl.ts';
import { holds } from '../../tools/kubernetes/objects/condition.ts';
import { deploymentSchema } from '../../tools/kubernetes/objects/deployment.ts';
import { qualifiedNameOf } from '../../tools/kubernetes/objects/metadata.ts';
import { type KubeNode, nodeGroupOf, nodeSchema } from '../../tools/kubernetes/objects/node.ts';
import { podSpecSchema } from '../../tools/kubernetes/objects/pod.ts';
import { type RunningPod, runningPodSchema } from '../../tools/kubernetes/objects/running-pod.ts';

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

const GPU = 'nvidia.com/gpu';
const PROXY = 'istio-proxy';
const CONTROL_PLANE = 'discovery';

export async function readWorkloads(kubectl: Kubectl): Promise<WorkloadsAnswer> {
  const all = '--all-namespaces';
  const [nodes, pods, istiod] = await Promise.all([
    getObjects(kubectl, nodeSchema, ['nodes']),
    getObjects(kubectl, runningPodSchema, ['pods', all]),
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
      gpuPods: pods.items.map(gpuPod),
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
    gpus: Number(allocatable[GPU] ?? 0),
  };
}

function gpuPod({ spec, status }: RunningPod): GpuPod {
  const gpusOf = (containers: RunningPod['spec']['containers']) =>
    containers.map(({ resources }) => Number(resources.requests[GPU] ?? 0));
  return {
    phase: status.phase,
    isScheduled: spec.nodeName !== '',
    requests: gpusOf(spec.containers),
    initRequests: gpusOf(spec.initContainers),
  };
}

/** A proxy is a container, or an init container that never ends (a native sidecar). */
function proxyPods(pod: RunningPod): ProxyPod[] {
  const { containers, initContainers } = pod.spec;
  const proxy = [...containers, ...initContainers].find(({ name }) => name === PROXY);
  return proxy === undefined ? [] : [{ name: qualifiedNameOf(pod), image: proxy.image }];
}
