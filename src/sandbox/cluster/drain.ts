import type { ApiClient, KubeObject } from './api-client.ts';

interface PodMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly ownerReferences?: readonly { readonly kind: string }[];
}

/** Pods that a finalizer holds are left to who has to take it off. */
const rounds = 3;

/** As EKS takes a node away: no new pods, those that are there are ended, then the node goes. */
export async function drainAndRemove(api: ApiClient, node: string): Promise<void> {
  const path = `/api/v1/nodes/${node}`;
  if ((await api.get(path)) === undefined) return;
  await api.patch(path, { spec: { unschedulable: true } }, 'merge');
  const pods = await podsOn(api, node);
  // A DaemonSet would make its pods anew as long as the node is there.
  await removePods(
    api,
    pods.filter((pod) => !isOfDaemonSet(pod)),
  );
  await api.remove(path);
  // Kubernetes itself takes up to a minute to collect what is left.
  for (let round = 0; round < rounds; round += 1) {
    const left = await podsOn(api, node);
    if (left.length === 0) return;
    await removePods(api, left);
  }
}

function podsOn(api: ApiClient, node: string): Promise<KubeObject[]> {
  return api.list(`/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`);
}

async function removePods(api: ApiClient, pods: readonly KubeObject[]): Promise<void> {
  for (const pod of pods) {
    const { name, namespace } = pod.metadata as PodMetadata;
    await api.remove(`/api/v1/namespaces/${namespace}/pods/${name}`, { gracePeriodSeconds: 0 });
  }
}

function isOfDaemonSet(pod: KubeObject): boolean {
  const { ownerReferences = [] } = pod.metadata as PodMetadata;
  return ownerReferences.some((owner) => owner.kind === 'DaemonSet');
}
