import { z } from 'zod';
import type { ConnectRoute } from '../../host/http.ts';
import type { ApiClient } from '../cluster/api-client.ts';
import { metadataSchema } from './kubernetes-objects.ts';

const endpointSliceSchema = z.object({
  metadata: metadataSchema,
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().default(true) }).prefault({}),
      }),
    )
    .nullish(),
  ports: z.array(z.object({ port: z.number().nullish() })).nullish(),
});

export type EndpointSlice = z.infer<typeof endpointSliceSchema>;

/** One port of the pods behind a Service. */
export interface ServicePort {
  readonly namespace: string;
  readonly service: string;
  /** As the pod listens: the Service's targetPort. */
  readonly port: number;
}

/** Where the stand-ins listen on 127.0.0.1 for the pods that they stand for. */
export interface Listeners {
  open(at: ServicePort, loopbackPort: number): void;
  close(at: ServicePort): void;
  find(at: ServicePort): number | undefined;
}

export function createListeners(): Listeners {
  const ports = new Map<string, number>();
  const keyOf = ({ namespace, service, port }: ServicePort) => `${namespace}/${service}:${port}`;
  return {
    open: (at, loopbackPort) => ports.set(keyOf(at), loopbackPort),
    close: (at) => ports.delete(keyOf(at)),
    find: (at) => ports.get(keyOf(at)),
  };
}

/** The Services that have a ready pod at this address and port; several share a host's address. */
export function servicesAt(
  slices: readonly EndpointSlice[],
  address: string,
  port: number,
): ServicePort[] {
  return slices.flatMap(({ metadata, endpoints, ports }) => {
    const service = metadata.labels['kubernetes.io/service-name'];
    const serves =
      ports?.some((served) => served.port === port) === true &&
      endpoints?.some(({ addresses, conditions }) => {
        return conditions.ready && addresses.includes(address);
      }) === true;
    return serves && service !== undefined
      ? [{ namespace: metadata.namespace, service, port }]
      : [];
  });
}

/**
 * The network between API server and pods. With `--enable-aggregator-routing`, as EKS has it, the
 * API server picks a ready endpoint itself and asks for the pod's address and port.
 */
export function createClusterNetwork(api: ApiClient, listeners: Listeners): ConnectRoute {
  return async (hostname, port) => {
    const found = await api.list('/apis/discovery.k8s.io/v1/endpointslices');
    const slices = found.map((slice) => endpointSliceSchema.parse(slice));
    return servicesAt(slices, hostname, port)
      .map((at) => listeners.find(at))
      .find((loopbackPort) => loopbackPort !== undefined);
  };
}
