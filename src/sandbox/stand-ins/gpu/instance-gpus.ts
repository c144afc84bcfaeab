import { type EmulatorTarget, element, query } from '../../gateway/emulator-query.ts';
import type { Node } from '../kubernetes-objects.ts';

/** How many NVIDIA GPUs a node has. */
export type GpusOf = (node: Node) => number;

export interface InstanceGpus {
  /** For these nodes; EC2 is asked once for each instance type. */
  of(nodes: readonly Node[]): Promise<GpusOf>;
}

/** What is plugged into the machines that the nodes stand for, as EC2 describes their types. */
export function createInstanceGpus(target: EmulatorTarget): InstanceGpus {
  const known = new Map<string, number>();
  return {
    of: async (nodes) => {
      for (const type of new Set(nodes.map(instanceTypeOf))) {
        if (!known.has(type)) known.set(type, await ask(target, type));
      }
      return (node) => known.get(instanceTypeOf(node)) ?? 0;
    },
  };
}

function instanceTypeOf({ metadata }: Node): string {
  return metadata.labels['node.kubernetes.io/instance-type'] ?? '';
}

async function ask(target: EmulatorTarget, type: string): Promise<number> {
  if (type === '') return 0;
  const found = await query(target, 'ec2', {
    Action: 'DescribeInstanceTypes',
    'InstanceType.1': type,
  });
  return found.kind === 'got' ? readGpus(found.value) : 0;
}

/** @param xml of DescribeInstanceTypes for one type */
export function readGpus(xml: string): number {
  const info = /<gpuInfo>(.*?)<\/gpuInfo>/s.exec(xml)?.[1] ?? '';
  if (element(info, 'manufacturer') !== 'NVIDIA') return 0;
  // A fraction of a GPU is one, to who sees nothing else.
  return Number(element(info, 'logicalGpuCount') ?? element(info, 'count') ?? 0);
}
