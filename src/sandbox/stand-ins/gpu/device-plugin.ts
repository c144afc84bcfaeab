import { GPU_RESOURCE } from '../../../domain/cluster/gpu-report.ts';
import {
  type Node,
  nodesWithReadyPod,
  type Pod,
  parseNode,
  parsePod,
} from '../kubernetes-objects.ts';
import { type Patch, type StandIn, sendPatches } from '../stand-in.ts';
import type { GpusOf, InstanceGpus } from './instance-gpus.ts';

/**
 * What the kubelet reports: the GPUs of a node whose plugin is ready, none to allocate when it has
 * gone (https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/).
 */
export function gpuCapacity(
  nodes: readonly Node[],
  plugins: readonly Pod[],
  gpusOf: GpusOf,
): Patch[] {
  const served = nodesWithReadyPod(plugins);
  return nodes.flatMap((node) => {
    const { metadata, status } = node;
    const gpus = gpusOf(node);
    const registered = status.capacity[GPU_RESOURCE] !== undefined;
    const ready = served.has(metadata.name);
    if (gpus === 0 || (!ready && !registered)) return [];
    const capacity = String(gpus);
    const allocatable = ready ? capacity : '0';
    if (
      status.capacity[GPU_RESOURCE] === capacity &&
      status.allocatable[GPU_RESOURCE] === allocatable
    ) {
      return [];
    }
    const body = {
      status: {
        capacity: { [GPU_RESOURCE]: capacity },
        allocatable: { [GPU_RESOURCE]: allocatable },
      },
    };
    return [{ path: `/api/v1/nodes/${metadata.name}/status`, kind: 'merge', body }];
  });
}

const selector = encodeURIComponent('app=nvidia-device-plugin-daemonset');

export function createDevicePlugin(gpus: InstanceGpus): StandIn {
  return {
    name: 'nvidia device plugin',
    reconcile: async (api) => {
      const nodes = (await api.list('/api/v1/nodes')).map(parseNode);
      const gpusOf = await gpus.of(nodes);
      if (!nodes.some((node) => gpusOf(node) > 0)) return false;
      const pods = await api.list(`/api/v1/pods?labelSelector=${selector}`);
      return sendPatches(api, gpuCapacity(nodes, pods.map(parsePod), gpusOf));
    },
  };
}
