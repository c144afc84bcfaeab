import { z } from 'zod';
import { conditionsSchema } from './condition.ts';
import { metadataSchema } from './metadata.ts';

/** Of the NVIDIA GPU Operator: https://github.com/NVIDIA/gpu-operator/blob/main/api/nvidia/v1/clusterpolicy_types.go */
export const clusterPolicySchema = z.object({
  kind: z.literal('ClusterPolicy'),
  metadata: metadataSchema,
  status: z
    .object({
      /** ignored, ready or notReady; empty until the operator has looked. */
      state: z.string().default(''),
      conditions: conditionsSchema,
    })
    .prefault({}),
});

export type ClusterPolicy = z.infer<typeof clusterPolicySchema>;
