import { z } from 'zod';
import { metadataSchema } from './metadata.ts';

export const replicaSetSchema = z.object({
  kind: z.literal('ReplicaSet'),
  metadata: metadataSchema,
});

/** On a Deployment, and on the ReplicaSet that it wants now. */
export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

/** On a ReplicaSet and its pods: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label */
export const TEMPLATE_HASH_LABEL = 'pod-template-hash';
