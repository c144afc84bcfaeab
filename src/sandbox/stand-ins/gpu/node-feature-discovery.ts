import {
  type Node,
  nodesWithReadyPod,
  type Pod,
  parseNode,
  parsePod,
} from '../kubernetes-objects.ts';
import { type Patch, type StandIn, sendPatches } from '../stand-in.ts';
import { gpusOf } from './instance-gpus.ts';
import { labelNode } from './node-labels.ts';

const workerSelector = encodeURIComponent(
  'app.kubernetes.io/name=node-feature-discovery,role=worker',
);

/** What a worker finds on a node: the operating system of EKS's images, and NVIDIA's PCI vendor 10de. */
export function featureLabels(nodes: readonly Node[], workers: readonly Pod[]): Patch[] {
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
export const nodeFeatureDiscovery: StandIn = {
  name: 'node feature discovery',
  reconcile: async (api) => {
    const pods = await api.list(`/api/v1/pods?labelSelector=${workerSelector}`);
    if (pods.length === 0) return false;
    const nodes = await api.list('/api/v1/nodes');
    return sendPatches(api, featureLabels(nodes.map(parseNode), pods.map(parsePod)));
  },
};
