import { z } from 'zod';
import { metadataSchema } from './metadata.ts';

export const storageClassSchema = z.object({
  kind: z.literal('StorageClass'),
  metadata: metadataSchema,
});

export type StorageClass = z.infer<typeof storageClassSchema>;

export const DEFAULT_CLASS_ANNOTATION = 'storageclass.kubernetes.io/is-default-class';

/** The older name still counts: k8s.io/kubernetes/pkg/apis/storage/util reads both. */
const ANNOTATIONS = [DEFAULT_CLASS_ANNOTATION, 'storageclass.beta.kubernetes.io/is-default-class'];

export function isDefaultClass({ metadata }: StorageClass): boolean {
  return ANNOTATIONS.some((name) => metadata.annotations[name] === 'true');
}
