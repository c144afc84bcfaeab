import { qualifiedNameOf } from '../../tools/kubernetes/objects/metadata.ts';
import type { Pod } from '../../tools/kubernetes/objects/pod.ts';
import {
  ebsVolumeOf,
  type PersistentVolume,
  type VolumeClaim,
} from '../../tools/kubernetes/objects/volume-claim.ts';
import { nameList } from '../name-list.ts';
import { passed, type Verdict, waiting } from '../verdict.ts';

export interface VolumeFacts {
  readonly claims: readonly VolumeClaim[];
  readonly volumes: readonly PersistentVolume[];
  readonly pods: readonly Pod[];
}

/** Claims whose volume goes with them. */
export function claimsThatDelete({ claims, volumes }: VolumeFacts): VolumeClaim[] {
  const deleting = new Set(volumes.filter(isDeletedWithClaim).map(claimOf));
  return claims.filter((claim) => deleting.has(qualifiedNameOf(claim)));
}

/** EBS volumes that go with the claims. */
export function ebsVolumesOf({ volumes }: VolumeFacts): string[] {
  return volumes.filter(isDeletedWithClaim).flatMap((volume) => ebsVolumeOf(volume) ?? []);
}

/**
 * @param first what was there before anything was deleted
 * @param now what is there
 * @param inAws ids of the first volumes that AWS still has
 */
export function judgeVolumes(
  first: VolumeFacts,
  now: VolumeFacts,
  inAws: readonly string[],
): Verdict {
  const claims = claimsThatDelete(now);
  const held = claims.flatMap((claim) =>
    holdersOf(claim, now.pods)
      .filter((pod) => !hasEnded(pod))
      .map((pod) => ({ claim, pod })),
  );
  const [holder] = held;
  if (holder !== undefined) return waiting(heldText(holder.claim, holder.pod, held.length - 1));
  if (claims.length > 0) return waiting(`still there: ${nameList(claims.map(claimName))}`);
  const [volume] = now.volumes.filter(isDeletedWithClaim);
  if (volume !== undefined) {
    const { phase, message } = volume.status;
    const why = message === '' ? phase : `${phase}, ${message.split('\n')[0]}`;
    return waiting(`volume ${volume.metadata.name} is still there: ${why}`);
  }
  if (inAws.length > 0) return waiting(`still in AWS: ${nameList(inAws)}`);
  return passed(whatHolds(first, now));
}

/**
 * Deleted when its claim is, or on its way already. One that waits for a claim (`Available`) belongs to
 * nobody yet and stays.
 */
function isDeletedWithClaim({ spec, status }: PersistentVolume): boolean {
  return (
    spec.persistentVolumeReclaimPolicy === 'Delete' &&
    ['Bound', 'Released', 'Failed'].includes(status.phase)
  );
}

function claimOf({ spec }: PersistentVolume): string {
  const { namespace = '', name = '' } = spec.claimRef ?? {};
  return `${namespace}/${name}`;
}

function claimName(claim: VolumeClaim): string {
  return `claim ${qualifiedNameOf(claim)}`;
}

/**
 * Pods that have ended and still keep a claim from going: to `pvc-protection` a pod holds its claims
 * until it is deleted (seen on 1.36). They run nothing and go with the cluster anyway.
 */
export function endedHolders(facts: VolumeFacts): Pod[] {
  const holders = claimsThatDelete(facts).flatMap((claim) => holdersOf(claim, facts.pods));
  return [...new Set(holders)].filter(hasEnded);
}

function hasEnded({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed';
}

function holdersOf({ metadata }: VolumeClaim, pods: readonly Pod[]): Pod[] {
  return pods.filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      pod.spec.volumes.some(
        ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name,
      ),
  );
}

function heldText(claim: VolumeClaim, pod: Pod, others: number): string {
  const more = others > 0 ? ` (and ${others} more)` : '';
  return `pod ${qualifiedNameOf(pod)} holds ${claimName(claim)}${more}: ${releaseCommand(pod)}`;
}

/** What lets go of the claim for good: a pod that is only deleted comes back. */
function releaseCommand({ metadata }: Pod): string {
  const { namespace, name, labels, ownerReferences } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller);
  const hash = labels['pod-template-hash'];
  if (owner?.kind === 'ReplicaSet' && hash !== undefined) {
    return scale(namespace, 'deployment', owner.name.replace(new RegExp(`-${hash}$`), ''));
  }
  if (owner?.kind === 'StatefulSet') return scale(namespace, 'statefulset', owner.name);
  const [kind, what] = owner === undefined ? ['pod', name] : [owner.kind, owner.name];
  return `kubectl delete ${kind.toLowerCase()} ${what} -n ${namespace}`;
}

function scale(namespace: string, kind: string, name: string): string {
  return `kubectl scale ${kind} ${name} --replicas=0 -n ${namespace}`;
}

function whatHolds(first: VolumeFacts, now: VolumeFacts): string {
  const removed = claimsThatDelete(first);
  const kept = now.volumes.filter(({ status }) => status.phase === 'Bound');
  const text =
    removed.length === 0
      ? 'no claim has a volume that would go with it'
      : `removed with their volumes: ${nameList(removed.map(claimName))}`;
  if (kept.length === 0) return text;
  return `${text}; kept by their reclaim policy: ${nameList(kept.map((volume) => ebsVolumeOf(volume) ?? volume.metadata.name))}`;
}
