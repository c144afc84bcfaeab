import type { awsCli } from './aws-cli.ts';

/** All subnets, for load balancers of both schemes, as the module `vpc` does: the controller looks for them by their role. */
export async function tagSubnets(aws: ReturnType<typeof awsCli>): Promise<void> {
  const { Subnets } = (await aws('ec2', 'describe-subnets')) as { Subnets: { SubnetId: string }[] };
  const ids = Subnets.map(({ SubnetId }) => SubnetId);
  const roles = ['elb', 'internal-elb'];
  const tags = roles.map((role) => `Key=kubernetes.io/role/${role},Value=1`);
  await aws('ec2', 'create-tags', '--resources', ...ids, '--tags', ...tags);
}
