import { z } from 'zod';
import { metadataSchema } from './metadata.ts';

export const endpointSliceSchema = z.object({
  kind: z.literal('EndpointSlice'),
  metadata: metadataSchema,
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().optional() }).default({}),
      }),
    )
    .nullish(),
});

export type EndpointSlice = z.infer<typeof endpointSliceSchema>;

export const SERVICE_LABEL = 'kubernetes.io/service-name';

export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Distinct ready addresses behind a Service. A `ready` that is not set counts as ready:
 * https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions
 */
export function readyEndpoints(slices: readonly EndpointSlice[], service: ServiceName): number {
  const own = slices.filter(
    ({ metadata }) =>
      metadata.namespace === service.namespace && metadata.labels[SERVICE_LABEL] === service.name,
  );
  const ready = own
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions.ready !== false);
  return new Set(ready.flatMap(({ addresses }) => addresses)).size;
}

/** Words behind `kubectl get` for the slices of these Services, wherever they are. */
export function slicesOf(services: readonly ServiceName[]): string[] {
  const names = [...new Set(services.map(({ name }) => name))].sort();
  return [
    'endpointslices.discovery.k8s.io',
    '--all-namespaces',
    `--selector=${SERVICE_LABEL} in (${names.join(',')})`,
  ];
}
