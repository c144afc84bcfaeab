import { z } from 'zod';
import { metadataSchema } from './metadata.ts';

export const serviceSchema = z.object({
  kind: z.literal('Service'),
  metadata: metadataSchema,
  spec: z.object({ type: z.string().default('ClusterIP') }).prefault({}),
  status: z
    .object({
      loadBalancer: z
        .object({
          ingress: z
            .array(z.object({ hostname: z.string().optional(), ip: z.string().optional() }))
            .default([]),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type Service = z.infer<typeof serviceSchema>;
