import {
  demand,
  type EmulatorTarget,
  element,
  findTagged,
  numbered,
} from '../../gateway/emulator-query.ts';
import {
  loadBalancerName,
  type Scheme,
  type Service,
  schemeOf,
  stackTags,
  targetGroupName,
} from './service-load-balancer.ts';

const service = 'elasticloadbalancing';

/** The cluster whose Services these are, and where it is. */
export interface ClusterPlace {
  readonly cluster: string;
  readonly vpcId: string;
}

/** A network load balancer with a listener and a target group for each port; its DNS name. */
export async function makeLoadBalancer(
  target: EmulatorTarget,
  { cluster, vpcId }: ClusterPlace,
  { metadata, spec }: Service,
): Promise<string> {
  const tags = stackTags(cluster, metadata);
  const scheme = schemeOf(metadata);
  const stack = `${metadata.namespace}/${metadata.name}`;
  // One that was begun is begun anew: a listener may be missing.
  await removeLoadBalancer(target, tags);
  const made = await demand(target, service, {
    Action: 'CreateLoadBalancer',
    Name: loadBalancerName(cluster, metadata, scheme),
    Type: 'network',
    Scheme: scheme,
    ...numbered('Subnets.member', await subnetsFor(target, vpcId, scheme), {}),
    ...tagMembers({ ...tags, 'service.k8s.aws/resource': 'LoadBalancer' }),
  });
  const arn = element(made, 'LoadBalancerArn') ?? '';
  for (const { port, protocol } of spec.ports) {
    const group = await demand(target, service, {
      Action: 'CreateTargetGroup',
      Name: targetGroupName(cluster, metadata, port),
      Protocol: protocol,
      Port: String(port),
      VpcId: vpcId,
      TargetType: 'ip',
      ...tagMembers({ ...tags, 'service.k8s.aws/resource': `${stack}:${port}` }),
    });
    await demand(target, service, {
      Action: 'CreateListener',
      LoadBalancerArn: arn,
      Protocol: protocol,
      Port: String(port),
      'DefaultActions.member.1.Type': 'forward',
      'DefaultActions.member.1.TargetGroupArn': element(group, 'TargetGroupArn') ?? '',
      ...tagMembers({ ...tags, 'service.k8s.aws/resource': `${stack}:${port}` }),
    });
  }
  return element(made, 'DNSName') ?? '';
}

/** The load balancer first: a target group that is used is kept by AWS. */
export async function removeLoadBalancer(
  target: EmulatorTarget,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  for (const arn of await findTagged(target, `${service}:loadbalancer`, tags)) {
    await demand(target, service, { Action: 'DeleteLoadBalancer', LoadBalancerArn: arn });
  }
  for (const arn of await findTagged(target, `${service}:targetgroup`, tags)) {
    await demand(target, service, { Action: 'DeleteTargetGroup', TargetGroupArn: arn });
  }
}

/** https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html: subnets are found by their role. */
async function subnetsFor(
  target: EmulatorTarget,
  vpcId: string,
  scheme: Scheme,
): Promise<string[]> {
  const role = scheme === 'internal' ? 'kubernetes.io/role/internal-elb' : 'kubernetes.io/role/elb';
  const found = await demand(target, 'ec2', {
    Action: 'DescribeSubnets',
    'Filter.1.Name': 'vpc-id',
    'Filter.1.Value.1': vpcId,
    'Filter.2.Name': 'tag-key',
    'Filter.2.Value.1': role,
  });
  const ids = [...found.matchAll(/<subnetId>([^<]+)</g)].map(([, id]) => id ?? '');
  if (ids.length === 0) throw new Error(`no subnet of "${vpcId}" is tagged "${role}"`);
  return ids;
}

function tagMembers(tags: Readonly<Record<string, string>>): Record<string, string> {
  const members = Object.entries(tags).flatMap(([key, value], index) => [
    [`Tags.member.${index + 1}.Key`, key],
    [`Tags.member.${index + 1}.Value`, value],
  ]);
  return Object.fromEntries(members);
}
