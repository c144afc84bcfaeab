import { z } from 'zod';
import { GPU_RESOURCE, type GpuPod } from '../../../domain/cluster/gpu-report.ts';
import { PROXY_CONTAINER } from '../../../domain/cluster/mesh-report.ts';
import { conditionsSchema } from './condition.ts';
import { metadataSchema } from './metadata.ts';

const containerSchema = z.object({
  name: z.string(),
  image: z.string().default(''),
  /** Quantities by resource. An API server fills requests from limits where only those are set. */
  resources: z.object({ requests: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

type Container = z.infer<typeof containerSchema>;

export const podSpecSchema = z.object({
  /** Empty until it is scheduled. */
  nodeName: z.string().default(''),
  containers: z.array(containerSchema),
  initContainers: z.array(containerSchema).default([]),
  volumes: z
    .array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).optional() }))
    .default([]),
});

type PodSpec = z.infer<typeof podSpecSchema>;

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
  metadata: metadataSchema.extend({
    /** Who would make it again is the controller. */
    ownerReferences: z
      .array(
        z.object({ kind: z.string(), name: z.string(), controller: z.boolean().default(false) }),
      )
      .default([]),
  }),
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

/** Image of the proxy in a container, or in an init container that never ends (a native sidecar). */
export function proxyImage({ containers, initContainers }: PodSpec): string | undefined {
  return [...containers, ...initContainers].find(({ name }) => name === PROXY_CONTAINER)?.image;
}

export function gpuPodOf({ spec, status }: Pod): GpuPod {
  const gpusOf = (containers: readonly Container[]) =>
    containers.map(({ resources }) => Number(resources.requests[GPU_RESOURCE] ?? 0));
  return {
    phase: status.phase,
    isScheduled: spec.nodeName !== '',
    requests: gpusOf(spec.containers),
    initRequests: gpusOf(spec.initContainers),
  };
}
