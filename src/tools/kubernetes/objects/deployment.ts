import { z } from 'zod';
import { conditionsSchema } from './condition.ts';
import { metadataSchema } from './metadata.ts';

const texts = z.record(z.string(), z.string());
const count = z.number().default(0);

export const deploymentSchema = z.object({
  kind: z.literal('Deployment'),
  metadata: metadataSchema,
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    selector: z.object({ matchLabels: texts.default({}) }),
    /** Its spec is sent back as it is: a pod is made from it. */
    template: z.object({
      metadata: z
        .object({ labels: texts.default({}), annotations: texts.default({}) })
        .prefault({}),
      spec: z.record(z.string(), z.unknown()),
    }),
  }),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      availableReplicas: count,
      conditions: conditionsSchema,
    })
    .prefault({}),
});

export type Deployment = z.infer<typeof deploymentSchema>;
