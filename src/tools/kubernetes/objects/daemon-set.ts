import { z } from 'zod';
import { metadataSchema } from './metadata.ts';

const count = z.number().default(0);

export const daemonSetSchema = z.object({
  kind: z.literal('DaemonSet'),
  metadata: metadataSchema,
  status: z
    .object({
      observedGeneration: count,
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberReady: count,
    })
    .prefault({}),
});

export type DaemonSet = z.infer<typeof daemonSetSchema>;
