import { z } from 'zod';
import { metadataSchema, type Node } from '../kubernetes-objects.ts';
import { gibibytesOf } from './quantity.ts';

/** The EBS CSI driver, and that of EKS Auto Mode. */
const drivers = ['ebs.csi.aws.com', 'ebs.csi.eks.amazonaws.com'];

/** The external provisioner's, on the volumes it made, until the disk behind it is gone. */
export const finalizer = 'external-provisioner.volume.kubernetes.io/finalizer';

const claimSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    storageClassName: z.string().optional(),
    volumeName: z.string().default(''),
    volumeMode: z.string().default('Filesystem'),
    accessModes: z.array(z.string()).default([]),
    resources: z.object({ requests: z.object({ storage: z.string() }) }),
  }),
});

const storageClassSchema = z.object({
  metadata: metadataSchema,
  provisioner: z.string(),
  parameters: z.record(z.string(), z.string()).default({}),
  reclaimPolicy: z.string().default('Delete'),
  volumeBindingMode: z.string().default('Immediate'),
});

const volumeSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    persistentVolumeReclaimPolicy: z.string().default('Retain'),
    csi: z.object({ driver: z.string(), volumeHandle: z.string() }).optional(),
  }),
  status: z.object({ phase: z.string().default('') }).prefault({}),
});

export type Claim = z.infer<typeof claimSchema>;
export type StorageClass = z.infer<typeof storageClassSchema>;
export type PersistentVolume = z.infer<typeof volumeSchema>;

export function parseClaim(object: unknown): Claim {
  return claimSchema.parse(object);
}

export function parseStorageClass(object: unknown): StorageClass {
  return storageClassSchema.parse(object);
}

export function parseVolume(object: unknown): PersistentVolume {
  return volumeSchema.parse(object);
}

/** A disk to make for a claim. */
export interface Provision {
  readonly claim: Claim;
  readonly storageClass: StorageClass;
  readonly driver: string;
  readonly sizeGib: number;
  /** An availability zone: a disk is in one. */
  readonly zone: string;
}

/**
 * Claims whose turn it is. The control plane names the provisioner on a claim, and the scheduler the
 * node of one that waits for its first consumer.
 */
export function decideClaims(
  claims: readonly Claim[],
  storageClasses: readonly StorageClass[],
  nodes: readonly Node[],
): Provision[] {
  return claims.flatMap((claim) => {
    const { metadata, spec } = claim;
    const driver = metadata.annotations['volume.kubernetes.io/storage-provisioner'] ?? '';
    const storageClass = storageClasses.find(
      (each) => each.metadata.name === spec.storageClassName,
    );
    const waits = metadata.deletionTimestamp === undefined && spec.volumeName === '';
    if (!waits || !drivers.includes(driver) || storageClass === undefined) return [];
    const zone = zoneFor(claim, storageClass, nodes);
    const sizeGib = gibibytesOf(spec.resources.requests.storage);
    if (zone === undefined || sizeGib === undefined) return [];
    return [{ claim, storageClass, driver, sizeGib, zone }];
  });
}

function zoneFor(
  { metadata }: Claim,
  { volumeBindingMode }: StorageClass,
  nodes: readonly Node[],
): string | undefined {
  const selected = metadata.annotations['volume.kubernetes.io/selected-node'];
  const anyNode = volumeBindingMode === 'Immediate' && selected === undefined;
  const candidates = anyNode ? nodes : nodes.filter((node) => node.metadata.name === selected);
  const zones = candidates.map((node) => node.metadata.labels['topology.kubernetes.io/zone']);
  return zones.find((zone) => zone !== undefined);
}

/** Volumes of these drivers whose claim is gone, and which are to go with it. */
export function releasedVolumes(volumes: readonly PersistentVolume[]): PersistentVolume[] {
  return volumes.filter(
    ({ metadata, spec, status }) =>
      status.phase === 'Released' &&
      spec.persistentVolumeReclaimPolicy === 'Delete' &&
      drivers.includes(metadata.annotations['pv.kubernetes.io/provisioned-by'] ?? ''),
  );
}

export function volumeName({ metadata }: Claim): string {
  return `pvc-${metadata.uid}`;
}

/** As the external provisioner makes it; binding it to the claim is the control plane's. */
export function persistentVolume(
  { claim, storageClass, driver, sizeGib, zone }: Provision,
  volumeId: string,
): Record<string, unknown> {
  const { metadata, spec } = claim;
  const inZone = { key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volumeName(claim),
      annotations: { 'pv.kubernetes.io/provisioned-by': driver },
      finalizers: [finalizer],
    },
    spec: {
      accessModes: spec.accessModes,
      capacity: { storage: `${sizeGib}Gi` },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
        resourceVersion: metadata.resourceVersion,
      },
      csi: { driver, volumeHandle: volumeId, fsType: 'ext4' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [inZone] }] } },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy,
      storageClassName: storageClass.metadata.name,
      volumeMode: spec.volumeMode,
    },
  };
}
