import { z } from 'zod';
import { metadataSchema } from './metadata.ts';

export const volumeClaimSchema = z.object({
  kind: z.literal('PersistentVolumeClaim'),
  metadata: metadataSchema,
});

export type VolumeClaim = z.infer<typeof volumeClaimSchema>;

export const persistentVolumeSchema = z.object({
  kind: z.literal('PersistentVolume'),
  metadata: metadataSchema,
  spec: z.object({
    persistentVolumeReclaimPolicy: z.string().default('Retain'),
    claimRef: z.object({ namespace: z.string(), name: z.string() }).optional(),
    csi: z.object({ driver: z.string(), volumeHandle: z.string() }).optional(),
    awsElasticBlockStore: z.object({ volumeID: z.string() }).optional(),
  }),
  status: z.object({ phase: z.string().default(''), message: z.string().default('') }).prefault({}),
});

export type PersistentVolume = z.infer<typeof persistentVolumeSchema>;

const EBS_DRIVER = 'ebs.csi.aws.com';

/** Id of the EBS volume behind it; the older plugin wrote `aws://<zone>/<id>`. */
export function ebsVolumeOf({ spec }: PersistentVolume): string | undefined {
  if (spec.csi?.driver === EBS_DRIVER) return spec.csi.volumeHandle;
  return spec.awsElasticBlockStore?.volumeID.split('/').at(-1);
}
