import { gpusInUse } from '../../domain/cluster/gpu-report.ts';
import { getObjects, type Kubectl } from '../../tools/kubernetes/kubectl.ts';
import { nodeSchema } from '../../tools/kubernetes/objects/node.ts';
import { gpuPodOf, podSchema } from '../../tools/kubernetes/objects/pod.ts';
import { allocatableGpus } from './judge-gpus.ts';

/** Whether pods hold every GPU that there is; false too when it is not known. */
export async function allGpusInUse(kubectl: Kubectl): Promise<boolean> {
  const schema = nodeSchema.or(podSchema);
  const found = await getObjects(kubectl, schema, ['nodes,pods', '--all-namespaces']);
  if (found.kind === 'failed') return false;
  const all = allocatableGpus(found.items.filter((item) => item.kind === 'Node'));
  const pods = found.items.filter((item) => item.kind === 'Pod').map(gpuPodOf);
  return all > 0 && gpusInUse(pods) >= all;
}
