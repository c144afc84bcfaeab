import { type CloudResource, clusterTagOf } from '../../domain/leftover.ts';
import type { ExposedObject } from '../../tools/kubernetes/objects/exposed-object.ts';
import { qualifiedNameOf } from '../../tools/kubernetes/objects/metadata.ts';
import { nameList } from '../name-list.ts';
import { passed, type Verdict, waiting } from '../verdict.ts';

export interface LoadBalancerFacts {
  /** Ingresses and Services of type LoadBalancer. */
  readonly objects: readonly ExposedObject[];
  /** Load balancers and target groups of the region. */
  readonly resources: readonly CloudResource[];
}

/** The names that controllers write on what they make for an Ingress, a group of them, or a Service. */
const ORIGIN_TAGS = [
  'service.k8s.aws/stack',
  'ingress.k8s.aws/stack',
  'kubernetes.io/service-name',
];

/** Who takes a load balancer away, in the words of its finalizer. */
const FINALIZERS: Readonly<Record<string, string>> = {
  'service.k8s.aws/resources': 'the AWS Load Balancer Controller',
  'ingress.k8s.aws/resources': 'the AWS Load Balancer Controller',
  'service.kubernetes.io/load-balancer-cleanup': "the control plane's cloud provider",
};

/**
 * @param first what was there before anything was deleted
 * @param now what is there
 */
export function judgeLoadBalancers(
  cluster: string,
  first: LoadBalancerFacts,
  now: LoadBalancerFacts,
): Verdict {
  const [object] = now.objects;
  if (object !== undefined) return waiting(whyStill(object, first.objects));
  const awaited = ofCluster(cluster, now).filter((each) => !isOrphan(each, first));
  if (awaited.length > 0) {
    const names = awaited.map(({ kind, about, id }) => `${kind} ${about || id}`);
    return waiting(`still in AWS: ${nameList(names)}`);
  }
  const gone = ofCluster(cluster, first).filter((each) => !isOrphan(each, first));
  const orphans = ofCluster(cluster, now).length;
  const { length } = first.objects;
  const removed =
    length === 0
      ? 'no Ingress and no Service of type LoadBalancer'
      : `removed: ${nameList(first.objects.map(nameOf))}; gone from AWS: ${gone.length}`;
  return passed(
    orphans === 0 ? removed : `${removed}; ${orphans} in AWS belong to nothing in the cluster`,
  );
}

function ofCluster(cluster: string, { resources }: LoadBalancerFacts): CloudResource[] {
  return resources.filter((resource) => clusterTagOf(resource, cluster) !== undefined);
}

/**
 * Nothing in the cluster would take it away: it names what is not there, or there was nothing at all. A
 * group of Ingresses has a name without a slash.
 */
function isOrphan({ tags }: CloudResource, { objects }: LoadBalancerFacts): boolean {
  const origin = ORIGIN_TAGS.map((tag) => tags[tag]).find((name) => name !== undefined);
  if (origin === undefined || !origin.includes('/')) return objects.length === 0;
  return !objects.some((object) => qualifiedNameOf(object) === origin);
}

function nameOf(object: ExposedObject): string {
  return `${object.kind} ${qualifiedNameOf(object)}`;
}

function whyStill(object: ExposedObject, first: readonly ExposedObject[]): string {
  const { metadata } = object;
  const before = first.find((each) => nameOf(each) === nameOf(object));
  if (before !== undefined && before.metadata.uid !== metadata.uid) {
    return `${nameOf(object)} was deleted and has been made again: what makes it must go first`;
  }
  const [finalizer] = metadata.finalizers;
  if (finalizer === undefined) return `${nameOf(object)} is still there`;
  const who = FINALIZERS[finalizer] ?? 'its controller';
  return `${nameOf(object)} waits for ${who} (finalizer ${finalizer}): does it run?`;
}
