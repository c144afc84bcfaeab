import type { Node } from '../kubernetes-objects.ts';
import type { Patch } from '../stand-in.ts';
import { labelNode } from './node-labels.ts';

const present = 'nvidia.com/gpu.present';

/** NFD's, of which the operator takes any: vendor alone, or class (display, 3D) and vendor. */
const gpuFeatures = [
  'feature.node.kubernetes.io/pci-10de.present',
  'feature.node.kubernetes.io/pci-0302_10de.present',
  'feature.node.kubernetes.io/pci-0300_10de.present',
];

/** What DaemonSets of a node for containers (and not for VMs) select. */
const operands = [
  'driver',
  'gpu-feature-discovery',
  'container-toolkit',
  'device-plugin',
  'dcgm',
  'dcgm-exporter',
  'node-status-exporter',
  'operator-validator',
].map((operand) => `nvidia.com/gpu.deploy.${operand}`);

function hasGpuFeature({ metadata }: Node): boolean {
  return gpuFeatures.some((name) => metadata.labels[name] === 'true');
}

/**
 * Labels as the operator sets them: `labelGPUNodes` in
 * https://github.com/NVIDIA/gpu-operator/blob/main/controllers/state_manager.go. A node that says it
 * has GPUs, but on which NFD found none, is put right; a label of an operand that is there is kept.
 */
export function operatorLabels(nodes: readonly Node[]): Patch[] {
  return nodes.flatMap((node) => {
    const { labels } = node.metadata;
    if (hasGpuFeature(node)) {
      const wanted = labels['nvidia.com/gpu.deploy.operands'] !== 'false';
      const missing = operands.filter((name) => labels[name] === undefined);
      const unwanted = operands.filter((name) => labels[name] !== undefined);
      return labelNode(node, {
        [present]: 'true',
        ...(wanted
          ? Object.fromEntries(missing.map((name) => [name, 'true']))
          : Object.fromEntries(unwanted.map((name) => [name, null]))),
      });
    }
    if (labels[present] !== 'true') return [];
    return labelNode(node, {
      [present]: 'false',
      ...Object.fromEntries(operands.map((name) => [name, null])),
    });
  });
}
