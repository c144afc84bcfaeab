import type { NodeGroup } from '../eks/store.ts';
import type { AwsError } from '../gateway/aws-error.ts';
import { type EmulatorTarget, element, query, type Result } from '../gateway/emulator-query.ts';

export interface SubnetFacts {
  readonly id: string;
  readonly zone: string;
  /** IPv4, `10.10.0.0/18`. */
  readonly cidr: string;
}

export interface InstanceFacts {
  readonly instanceType: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly architecture: 'amd64' | 'arm64';
  readonly networkInterfaces: number;
  readonly addressesPerInterface: number;
}

/** What EC2 knows of the machines of a node group. */
export interface NodeFacts {
  readonly subnets: readonly SubnetFacts[];
  readonly instance: InstanceFacts;
}

export type GatheredFacts =
  | { readonly kind: 'facts'; readonly facts: NodeFacts }
  /** `mayPass`: the fault is EC2's, not the node group's. */
  | { readonly kind: 'failed'; readonly reason: string; readonly mayPass: boolean };

/** Asks EC2; of several instance types the first is taken, as EKS prefers it for on-demand capacity. */
export async function gatherNodeFacts(
  target: EmulatorTarget,
  group: NodeGroup,
): Promise<GatheredFacts> {
  const subnets: SubnetFacts[] = [];
  for (const id of group.subnets) {
    const found = await query(target, 'ec2', { Action: 'DescribeSubnets', 'SubnetId.1': id });
    if (found.kind === 'failed') return failed(found.error);
    subnets.push(readSubnet(id, found.value));
  }
  const first = group.instanceTypes?.[0];
  const type: Result<string> =
    first === undefined ? await typeOfTemplate(target, group) : { kind: 'got', value: first };
  if (type.kind === 'failed') return failed(type.error);
  const types = await query(target, 'ec2', {
    Action: 'DescribeInstanceTypes',
    'InstanceType.1': type.value,
  });
  if (types.kind === 'failed') return failed(types.error);
  return {
    kind: 'facts',
    facts: { subnets, instance: readInstance(type.value, types.value) },
  };
}

function failed({ status, message }: AwsError): GatheredFacts {
  return { kind: 'failed', reason: message, mayPass: status >= 500 };
}

async function typeOfTemplate(target: EmulatorTarget, group: NodeGroup): Promise<Result<string>> {
  const found = await query(target, 'ec2', {
    Action: 'DescribeLaunchTemplateVersions',
    LaunchTemplateId: group.launchTemplate?.id ?? '',
    'LaunchTemplateVersion.1': group.launchTemplate?.version ?? '$Default',
  });
  if (found.kind === 'failed') return found;
  return { kind: 'got', value: element(found.value, 'instanceType') ?? '' };
}

function readSubnet(id: string, xml: string): SubnetFacts {
  const zone = element(xml, 'availabilityZone') ?? '';
  return { id, zone, cidr: element(xml, 'cidrBlock') ?? '' };
}

function readInstance(instanceType: string, xml: string): InstanceFacts {
  const number = (part: string, name: string) =>
    Number(element(xml.slice(xml.indexOf(`<${part}>`)), name));
  return {
    instanceType,
    vcpus: number('vCpuInfo', 'defaultVCpus'),
    // A GPU has a memoryInfo of its own, behind that of the machine.
    memoryMiB: number('memoryInfo', 'sizeInMiB'),
    architecture: xml.includes('<item>arm64</item>') ? 'arm64' : 'amd64',
    networkInterfaces: number('networkInfo', 'maximumNetworkInterfaces'),
    addressesPerInterface: number('networkInfo', 'ipv4AddressesPerInterface'),
  };
}
