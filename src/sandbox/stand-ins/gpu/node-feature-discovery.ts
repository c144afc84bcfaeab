import {
  type Node,
  nodesWithReadyPod,
  type Pod,
  parseNode,
  parsePod,
} from '../kubernetes-objects.ts';
import { type Patch, type StandIn, sendPatches } from '../stand-in.ts';
import type { GpusOf, InstanceGpus } from './instance-gpus.ts';
import { labelNode } from './node-labels.ts';

const workerSelector = encodeURIComponent(
  'app.kubernetes.io/name=node-feature-discovery,role=worker',
);

/** What a worker finds on a node: the operating system of EKS's images, and NVIDIA's PCI vendor 10de. */
export function featureLabels(
  nodes: readonly Node[],
  workers: readonly Pod[],
  gpusOf: GpusOf,
): Patch[] {
  const looked = nodesWithReadyPod(workers);
  return nodes
    .filter(({ metadata }) => looked.has(metadata.name))
    .flatMap((node) =>
      labelNode(node, {
        'feature.node.kubernetes.io/system-os_release.ID': 'amzn',
        ...(gpusOf(node) > 0 ? { 'feature.node.kubernetes.io/pci-10de.present': 'true' } : {}),
      }),
    );
}

/** The workers that come with the GPU operator's chart. */
export function createNodeFeatureDiscovery(gpus: InstanceGpus): StandIn {
  return {
    name: 'node feature discovery',
    reconcile: async (api) => {
      const pods = await api.list(`/api/v1/pods?labelSelector=${workerSelector}`);
      if (pods.length === 0) return false;
      const nodes = (await api.list('/api/v1/nodes')).map(parseNode);
      return sendPatches(api, featureLabels(nodes, pods.map(parsePod), await gpus.of(nodes)));
    },
  };
}
