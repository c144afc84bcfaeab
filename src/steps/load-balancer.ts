import { qualifiedNameOf } from '../tools/kubernetes/objects/metadata.ts';
import { type Service, serviceSchema } from '../tools/kubernetes/objects/service.ts';
import { getQualified } from './get-qualified.ts';
import { nameList } from './name-list.ts';
import type { Step } from './step.ts';
import { hopeless, passed, unanswered, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

export const loadBalancerStep: Step<'load-balancer'> = {
  name: 'load-balancer',
  title: 'load balancers have a hostname',
  defaultDeadlineSeconds: 600,
  intent: ({ services }) => ({
    does: `waits until ${services?.join(', ') ?? 'every Service of type LoadBalancer'} has a hostname`,
  }),
  run(context, { services = [] }, deadline) {
    const [first] = services;
    const next =
      first === undefined
        ? 'kubectl get services --all-namespaces'
        : `kubectl describe service --namespace=${first.replace('/', ' ')}`;
    return waitFor(context, { deadline, next }, async () => {
      const found = await getQualified(context.kubectl, serviceSchema, 'services', services);
      if (found.kind === 'failed') return unanswered(found.failure, 'Services');
      return judgeLoadBalancers(found.items, services);
    });
  },
};

/** @param names `<namespace>/<name>`; none: every Service of type LoadBalancer */
export function judgeLoadBalancers(found: readonly Service[], names: readonly string[]): Verdict {
  const present = new Set(found.map(qualifiedNameOf));
  const absent = names.filter((name) => !present.has(name));
  if (absent.length > 0) {
    return waiting(`${absent.length} of ${names.length} Services not there: ${nameList(absent)}`);
  }
  const balanced = found.filter(({ spec }) => spec.type === 'LoadBalancer');
  const other = found.find(({ spec }) => spec.type !== 'LoadBalancer');
  if (names.length > 0 && other !== undefined) {
    return hopeless(`the Service ${qualifiedNameOf(other)} is of type ${other.spec.type}`);
  }
  if (balanced.length === 0) return waiting('there is no Service of type LoadBalancer');
  const bare = balanced.filter((service) => addressOf(service) === undefined);
  if (bare.length > 0) {
    const text = nameList(bare.map(qualifiedNameOf));
    return waiting(`${bare.length} of ${balanced.length} load balancers have no hostname: ${text}`);
  }
  const addresses = nameList(balanced.flatMap((service) => addressOf(service) ?? []));
  return passed(`${balanced.length} of ${balanced.length} load balancers: ${addresses}`);
}

function addressOf({ status }: Service): string | undefined {
  const [first] = status.loadBalancer.ingress;
  return first?.hostname ?? first?.ip;
}
