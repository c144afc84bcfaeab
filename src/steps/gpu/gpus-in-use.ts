import { getObjects, type Kubectl } from '../../tools/kubernetes/kubectl.ts';
import { nodeSchema } from '../../tools/kubernetes/objects/node.ts';
import { type Pod, podSchema } from '../../tools/kubernetes/objects/pod.ts';
import { allocatableGpus, GPU_RESOURCE } from './judge-gpus.ts';

/** GPUs that pods on nodes hold: of init containers the greediest one, if it wants more than the others at once. */
export function gpusInUse(pods: readonly Pod[]): number {
  return pods
    .filter(({ spec }) => spec.nodeName !== '')
    .filter(({ status }) => status.phase !== 'Succeeded' && status.phase !== 'Failed')
    .reduce((sum, { spec }) => {
      const own = spec.containers.map(gpuLimit).reduce((total, count) => total + count, 0);
      return sum + Math.max(own, ...spec.initContainers.map(gpuLimit));
    }, 0);
}

function gpuLimit({ resources }: Pod['spec']['containers'][number]): number {
  return Number(resources.limits[GPU_RESOURCE] ?? 0);
}

/** Whether pods hold every GPU that there is; false too when it is not known. */
export async function allGpusInUse(kubectl: Kubectl): Promise<boolean> {
  const schema = nodeSchema.or(podSchema);
  const found = await getObjects(kubectl, schema, ['nodes,pods', '--all-namespaces']);
  if (found.kind === 'failed') return false;
  const all = allocatableGpus(found.items.filter((item) => item.kind === 'Node'));
  return all > 0 && gpusInUse(found.items.filter((item) => item.kind === 'Pod')) >= all;
}
