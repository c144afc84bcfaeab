import type { Facts, Need } from '../eks/handler.ts';
import { principalOf } from '../eks/principal.ts';
import type { AwsError } from './aws-error.ts';
import { type EmulatorTarget, element, numbered, query, type Result } from './emulator-query.ts';

function invalid(message: string): { readonly kind: 'failed'; readonly error: AwsError } {
  return { kind: 'failed', error: { status: 400, code: 'InvalidParameterException', message } };
}

/** The facts that an EKS handler needs from other services; a cluster's security group is made here. */
export async function gatherFacts(target: EmulatorTarget, need: Need): Promise<Result<Facts>> {
  if (need.kind === 'launch-template') return gatherLaunchTemplate(target, need);
  const subnets = await query(
    target,
    'ec2',
    numbered('SubnetId', need.subnetIds, { Action: 'DescribeSubnets' }),
  );
  if (subnets.kind === 'failed') return invalid(subnets.error.message);
  const vpcId = element(subnets.value, 'vpcId');
  if (vpcId === undefined) return invalid('The subnets of the cluster could not be found');
  const caller = await query(target, 'sts', { Action: 'GetCallerIdentity' });
  if (caller.kind === 'failed') return caller;
  const securityGroup = await createSecurityGroup(target, need.cluster, vpcId);
  if (securityGroup.kind === 'failed') return securityGroup;
  const callerArn = principalOf(element(caller.value, 'Arn') ?? '');
  return {
    kind: 'got',
    value: { network: { vpcId, securityGroupId: securityGroup.value, callerArn } },
  };
}

/** As EKS makes it: everything out, everything in from itself. */
async function createSecurityGroup(
  target: EmulatorTarget,
  cluster: string,
  vpcId: string,
): Promise<Result<string>> {
  const name = `eks-cluster-sg-${cluster}`;
  const created = await query(target, 'ec2', {
    Action: 'CreateSecurityGroup',
    GroupName: name,
    GroupDescription:
      'EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.',
    VpcId: vpcId,
    'TagSpecification.1.ResourceType': 'security-group',
    'TagSpecification.1.Tag.1.Key': 'Name',
    'TagSpecification.1.Tag.1.Value': name,
    'TagSpecification.1.Tag.2.Key': `kubernetes.io/cluster/${cluster}`,
    'TagSpecification.1.Tag.2.Value': 'owned',
  });
  if (created.kind === 'failed') return created;
  const groupId = element(created.value, 'groupId') ?? '';
  const rule = await query(target, 'ec2', {
    Action: 'AuthorizeSecurityGroupIngress',
    GroupId: groupId,
    'IpPermissions.1.IpProtocol': '-1',
    'IpPermissions.1.Groups.1.GroupId': groupId,
  });
  return rule.kind === 'failed' ? rule : { kind: 'got', value: groupId };
}

export async function deleteSecurityGroup(target: EmulatorTarget, groupId: string): Promise<void> {
  await query(target, 'ec2', { Action: 'DeleteSecurityGroup', GroupId: groupId });
}

async function gatherLaunchTemplate(
  target: EmulatorTarget,
  need: Extract<Need, { kind: 'launch-template' }>,
): Promise<Result<Facts>> {
  const found = await query(target, 'ec2', {
    Action: 'DescribeLaunchTemplateVersions',
    ...(need.id === undefined ? {} : { LaunchTemplateId: need.id }),
    ...(need.name === undefined || need.id !== undefined ? {} : { LaunchTemplateName: need.name }),
    'LaunchTemplateVersion.1': need.version ?? '$Default',
  });
  if (found.kind === 'failed') return invalid(found.error.message);
  const version = element(found.value, 'versionNumber');
  if (version === undefined) return invalid('The launch template or its version does not exist');
  const imageId = element(found.value, 'imageId');
  const instanceType = element(found.value, 'instanceType');
  return {
    kind: 'got',
    value: {
      launchTemplate: {
        id: element(found.value, 'launchTemplateId') ?? '',
        name: element(found.value, 'launchTemplateName') ?? '',
        version,
        ...(imageId ? { imageId } : {}),
        ...(instanceType ? { instanceType } : {}),
      },
    },
  };
}
