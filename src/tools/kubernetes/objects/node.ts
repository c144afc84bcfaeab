import { z } from 'zod';
import { conditionsSchema } from './condition.ts';
import { metadataSchema } from './metadata.ts';

export const nodeSchema = z.object({
  kind: z.literal('Node'),
  metadata: metadataSchema,
  status: z
    .object({
      conditions: conditionsSchema,
      /** Quantities: `"4"`, `"3920m"`, `"7Gi"`. */
      allocatable: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
});

export type KubeNode = z.infer<typeof nodeSchema>;

/** EKS sets it on each node of a managed node group. */
const NODE_GROUP_LABEL = 'eks.amazonaws.com/nodegroup';

export function nodeGroupOf({ metadata }: KubeNode): string | undefined {
  return metadata.labels[NODE_GROUP_LABEL];
}
