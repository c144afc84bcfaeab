import { z } from 'zod';
import { conditionsSchema } from './condition.ts';
import { metadataSchema } from './metadata.ts';

const containerSchema = z.object({
  name: z.string(),
  image: z.string().default(''),
  /** Quantities by resource. */
  resources: z.object({ limits: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

export type Container = z.infer<typeof containerSchema>;

export const podSpecSchema = z.object({
  /** Empty until it is scheduled. */
  nodeName: z.string().default(''),
  containers: z.array(containerSchema),
  initContainers: z.array(containerSchema).default([]),
});

export type PodSpec = z.infer<typeof podSpecSchema>;

const stateSchema = z
  .object({
    waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }),
    terminated: z.object({
      exitCode: z.number(),
      reason: z.string().default(''),
      message: z.string().default(''),
    }),
  })
  .partial();

export const podSchema = z.object({
  kind: z.literal('Pod'),
  metadata: metadataSchema,
  spec: podSpecSchema,
  status: z
    .object({
      phase: z.string().default(''),
      reason: z.string().default(''),
      message: z.string().default(''),
      conditions: conditionsSchema,
      containerStatuses: z.array(z.object({ state: stateSchema.default({}) })).default([]),
    })
    .prefault({}),
});

export type Pod = z.infer<typeof podSchema>;
