import type { NodeGroup } from '../eks/store.ts';
import { type EmulatorTarget, element, query } from '../gateway/emulator-query.ts';

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
  | { readonly kind: 'failed'; readonly reason: string };

/** Asks EC2; of several instance types the first is taken, as EKS prefers it for on-demand capacity. */
export async function gatherNodeFacts(
  target: EmulatorTarget,
  group: NodeGroup,
): Promise<GatheredFacts> {
  const subnets: SubnetFacts[] = [];
  for (const id of group.subnets) {
    const found = await query(target, 'ec2', { Action: 'DescribeSubnets', 'SubnetId.1': id });
    if (found.kind === 'failed') return { kind: 'failed', reason: found.error.message };
    subnets.push(readSubnet(id, found.value));
  }
  const type = group.instanceTypes?.[0] ?? (await typeOfTemplate(target, group));
  const types = await query(target, 'ec2', {
    Action: 'DescribeInstanceTypes',
    'InstanceType.1': type,
  });
  if (types.kind === 'failed') return { kind: 'failed', reason: types.error.message };
  return {
    kind: 'facts',
    facts: { subnets, instance: readInstance(type, types.value) },
  };
}

async function typeOfTemplate(target: EmulatorTarget, group: NodeGroup): Promise<string> {
  const found = await query(target, 'ec2', {
    Action: 'DescribeLaunchTemplateVersions',
    LaunchTemplateId: group.launchTemplate?.id ?? '',
    'LaunchTemplateVersion.1': group.launchTemplate?.version ?? '$Default',
  });
  return (found.kind === 'got' ? element(found.value, 'instanceType') : undefined) ?? '';
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
