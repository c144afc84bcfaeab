import type { ApiClient } from '../../cluster/api-client.ts';
import type { EmulatorTarget } from '../../gateway/emulator-query.ts';
import type { Metadata } from '../kubernetes-objects.ts';
import type { StandIn } from '../stand-in.ts';
import { type ClusterPlace, makeLoadBalancer, removeLoadBalancer } from './load-balancers.ts';
import {
  decideService,
  finalizer,
  parseService,
  type Service,
  stackTags,
} from './service-load-balancer.ts';

/** The AWS Load Balancer Controller, as far as Services go. */
export function createLoadBalancerController(target: EmulatorTarget, place: ClusterPlace): StandIn {
  return {
    name: 'load balancer controller',
    reconcile: async (api) => {
      const services = (await api.list('/api/v1/services')).map(parseService);
      const work = services.map((service) => ({ service, decided: decideService(service) }));
      const due = work.filter(({ decided }) => decided !== 'leave');
      for (const { service, decided } of due) {
        if (decided === 'make') await make(api, target, place, service);
        else await remove(api, target, place, service);
      }
      return due.length > 0;
    },
  };
}

async function make(
  api: ApiClient,
  target: EmulatorTarget,
  place: ClusterPlace,
  service: Service,
): Promise<void> {
  const { metadata } = service;
  // First: with it in place nothing that is made can be forgotten.
  if (!metadata.finalizers.includes(finalizer)) {
    await setFinalizers(api, metadata, [...metadata.finalizers, finalizer]);
  }
  const hostname = await makeLoadBalancer(target, place, service);
  const status = { loadBalancer: { ingress: [{ hostname }] } };
  await api.patch(`${pathOf(metadata)}/status`, { status }, 'merge');
}

async function remove(
  api: ApiClient,
  target: EmulatorTarget,
  { cluster }: ClusterPlace,
  { metadata }: Service,
): Promise<void> {
  await removeLoadBalancer(target, stackTags(cluster, metadata));
  const left = metadata.finalizers.filter((name) => name !== finalizer);
  await setFinalizers(api, metadata, left);
}

/** Refused when the Service changed since it was read: a list is replaced whole. */
async function setFinalizers(
  api: ApiClient,
  metadata: Metadata,
  finalizers: readonly string[],
): Promise<void> {
  const { resourceVersion } = metadata;
  await api.patch(pathOf(metadata), { metadata: { resourceVersion, finalizers } }, 'merge');
}

function pathOf({ namespace, name }: Metadata): string {
  return `/api/v1/namespaces/${namespace}/services/${name}`;
}
