import { z } from 'zod';
import { metadataSchema } from './metadata.ts';

const containerSchema = z.object({
  name: z.string(),
  image: z.string().default(''),
  /** An API server fills requests from limits where only those are set. */
  resources: z.object({ requests: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

/** A pod as far as what it holds and runs: its node, what its containers ask for, their images. */
export const runningPodSchema = z.object({
  kind: z.literal('Pod'),
  metadata: metadataSchema,
  spec: z.object({
    nodeName: z.string().default(''),
    containers: z.array(containerSchema),
    initContainers: z.array(containerSchema).default([]),
  }),
  status: z.object({ phase: z.string().default('') }).prefault({}),
});

export type RunningPod = z.infer<typeof runningPodSchema>;
