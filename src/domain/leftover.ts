/** Something in AWS that may have outlived the cluster that made it. */
export interface CloudResource {
  readonly kind:
    | 'load balancer'
    | 'classic load balancer'
    | 'target group'
    | 'network interface'
    | 'security group'
    | 'volume'
    | 'log group';
  /** What AWS takes to delete it: an id, a name or an ARN. */
  readonly id: string;
  /** For people: a name, a size, a state; may be empty. */
  readonly about: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Leftover {
  readonly kind: CloudResource['kind'];
  readonly id: string;
  readonly about: string;
  /** Why it is thought to be ours. */
  readonly why: string;
  /** The command that would delete it; nobody runs it but a person. */
  readonly remove: string;
}

export interface LeftoverScope {
  readonly cluster: string;
  readonly environment: string;
  readonly project: string;
  readonly region: string;
  /** Units of this environment that still hold what they made, by their path in it. */
  readonly heldUnits: readonly string[];
}

/**
 * The tags that the AWS Load Balancer Controller, Kubernetes itself and the EBS driver, the VPC CNI and
 * EKS put on what they make.
 */
export function clusterTags(cluster: string): Readonly<Record<string, string>> {
  return {
    'elbv2.k8s.aws/cluster': cluster,
    [`kubernetes.io/cluster/${cluster}`]: 'owned',
    'cluster.k8s.amazonaws.com/name': cluster,
    'ebs.csi.aws.com/cluster-name': cluster,
    'eks:cluster-name': cluster,
    'aws:eks:cluster-name': cluster,
  };
}

/** As `live/root.hcl` puts it on everything that a unit makes. */
const UNIT_TAG = 'unit';

/** Keys of the tags that make something ours, as patterns of EC2: to ask AWS with, one after the other. */
export const TAG_KEY_PATTERNS: readonly string[] = ['*cluster*', UNIT_TAG];

/** `key=value` of the tag that says so; undefined when none does. */
export function clusterTagOf(
  { tags }: Pick<CloudResource, 'tags'>,
  cluster: string,
): string | undefined {
  const found = Object.entries(clusterTags(cluster)).find(([key, value]) => tags[key] === value);
  return found?.join('=');
}

/** What of these is ours and of no unit that still stands, in the order given. */
export function leftovers(resources: readonly CloudResource[], scope: LeftoverScope): Leftover[] {
  return resources.flatMap((resource) => {
    const why = whyOurs(resource, scope);
    if (why === undefined || isHeld(resource, scope)) return [];
    const { kind, id, about } = resource;
    return [{ kind, id, about, why, remove: removeCommand(resource, scope.region) }];
  });
}

/** Log groups have their names from the cluster, and are read by them. */
export function logGroupPrefix(cluster: string): string {
  return `/aws/eks/${cluster}/`;
}

function whyOurs(resource: CloudResource, scope: LeftoverScope): string | undefined {
  const { cluster, environment, project } = scope;
  const tag = clusterTagOf(resource, cluster);
  if (tag !== undefined) return `tag ${tag}`;
  const prefix = logGroupPrefix(cluster);
  if (resource.kind === 'log group' && resource.id.startsWith(prefix)) return `name ${prefix}…`;
  const { tags } = resource;
  const isOurs =
    tags['managed-by'] === 'terragrunt' &&
    tags.environment === environment &&
    tags.project === project;
  return isOurs ? `tags environment=${environment}, unit=${tags[UNIT_TAG] ?? ''}` : undefined;
}

function isHeld({ tags }: CloudResource, { environment, heldUnits }: LeftoverScope): boolean {
  const unit = tags[UNIT_TAG];
  return (
    tags['managed-by'] === 'terragrunt' &&
    heldUnits.some((held) => unit === `${environment}/${held}`)
  );
}

function removeCommand({ kind, id }: CloudResource, region: string): string {
  return `aws ${DELETE[kind]}=${id} --region=${region}`;
}

const DELETE: Readonly<Record<CloudResource['kind'], string>> = {
  'load balancer': 'elbv2 delete-load-balancer --load-balancer-arn',
  'classic load balancer': 'elb delete-load-balancer --load-balancer-name',
  'target group': 'elbv2 delete-target-group --target-group-arn',
  'network interface': 'ec2 delete-network-interface --network-interface-id',
  'security group': 'ec2 delete-security-group --group-id',
  volume: 'ec2 delete-volume --volume-id',
  'log group': 'logs delete-log-group --log-group-name',
};
