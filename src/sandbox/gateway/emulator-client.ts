import type { Http, HttpResponse } from '../../host/http.ts';
import type { Facts, Need } from '../eks/handler.ts';
import type { AwsError } from './aws-error.ts';

/** Long: the first call of a service imports its Python modules, on a machine that may be busy. */
const timeoutMs = 120_000;

export interface EmulatorTarget {
  readonly http: Http;
  readonly port: number;
  readonly region: string;
  /** Access key of the caller, so that `whoami` is the caller. */
  readonly accessKey: string;
}

type Result<T> =
  | { readonly kind: 'got'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: AwsError };

/** One call of the query protocol; moto reads the scope and checks no signature. */
async function query(
  target: EmulatorTarget,
  service: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Result<string>> {
  const version = service === 'ec2' ? '2016-11-15' : '2011-06-15';
  const body = new URLSearchParams({ Version: version, ...parameters }).toString();
  const scope = `${target.accessKey}/20250101/${target.region}/${service}/aws4_request`;
  const response = await target.http.send(
    target.port,
    {
      method: 'POST',
      path: '/',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      },
      body: new TextEncoder().encode(body),
    },
    timeoutMs,
  );
  const text = new TextDecoder().decode(response.body);
  return response.status === 200
    ? { kind: 'got', value: text }
    : { kind: 'failed', error: readXmlError(response, text) };
}

function readXmlError(response: HttpResponse, text: string): AwsError {
  return {
    status: response.status,
    code: element(text, 'Code') ?? 'InternalFailure',
    message: element(text, 'Message') ?? text,
  };
}

/** Text of the first element of that name; moto's XML has no attributes on those that we read. */
function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

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

/** A session belongs to its role: access entries name roles. */
function principalOf(arn: string): string {
  return arn
    .replace(/^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/.*$/, 'arn:aws:iam::$1:role/$2')
    .replace(/^arn:aws:sts::(\d+):user\//, 'arn:aws:iam::$1:user/');
}

function numbered(
  name: string,
  values: readonly string[],
  rest: Readonly<Record<string, string>>,
): Record<string, string> {
  const pairs = values.map((value, index) => [`${name}.${index + 1}`, value]);
  return { ...rest, ...Object.fromEntries(pairs) };
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
