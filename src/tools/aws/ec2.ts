import { z } from 'zod';
import { type AwsQuestion, awsQuestion, filtersArg } from './aws-cli.ts';
import { type Tags, tagsSchema } from './tags.ts';

export interface TaggedThing {
  readonly id: string;
  /** What AWS shows beside the id: a name, a size, a description. */
  readonly about: string;
  readonly tags: Tags;
}

type Filters = Readonly<Record<string, readonly string[]>>;

export function describeVolumes(filters: Filters): AwsQuestion<TaggedThing[]> {
  return awsQuestion(
    ['ec2', 'describe-volumes', filtersArg(filters)],
    z.object({
      Volumes: z.array(
        z.object({
          VolumeId: z.string(),
          Size: z.number(),
          State: z.string(),
          Tags: tagsSchema,
        }),
      ),
    }),
    ({ Volumes }) =>
      Volumes.map(({ VolumeId, Size, State, Tags }) => ({
        id: VolumeId,
        about: `${Size} GiB, ${State}`,
        tags: Tags,
      })),
  );
}

export function describeNetworkInterfaces(filters: Filters): AwsQuestion<TaggedThing[]> {
  return awsQuestion(
    ['ec2', 'describe-network-interfaces', filtersArg(filters)],
    z.object({
      NetworkInterfaces: z.array(
        z.object({
          NetworkInterfaceId: z.string(),
          Description: z.string().default(''),
          Status: z.string(),
          TagSet: tagsSchema,
        }),
      ),
    }),
    ({ NetworkInterfaces }) =>
      NetworkInterfaces.map(({ NetworkInterfaceId, Description, Status, TagSet }) => ({
        id: NetworkInterfaceId,
        about: Description === '' ? Status : `${Description}, ${Status}`,
        tags: TagSet,
      })),
  );
}

export function describeSecurityGroups(filters: Filters): AwsQuestion<TaggedThing[]> {
  return awsQuestion(
    ['ec2', 'describe-security-groups', filtersArg(filters)],
    z.object({
      SecurityGroups: z.array(
        z.object({ GroupId: z.string(), GroupName: z.string(), Tags: tagsSchema }),
      ),
    }),
    ({ SecurityGroups }) =>
      SecurityGroups.map(({ GroupId, GroupName, Tags }) => ({
        id: GroupId,
        about: GroupName,
        tags: Tags,
      })),
  );
}

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  readonly cidr: string;
  readonly freeAddresses: number;
}

export function describeSubnets(filters: Filters): AwsQuestion<Subnet[]> {
  return awsQuestion(
    ['ec2', 'describe-subnets', filtersArg(filters)],
    z.object({
      Subnets: z.array(
        z.object({
          SubnetId: z.string(),
          AvailabilityZone: z.string(),
          CidrBlock: z.string(),
          AvailableIpAddressCount: z.number(),
        }),
      ),
    }),
    ({ Subnets }) =>
      Subnets.map(({ SubnetId, AvailabilityZone, CidrBlock, AvailableIpAddressCount }) => ({
        id: SubnetId,
        zone: AvailabilityZone,
        cidr: CidrBlock,
        freeAddresses: AvailableIpAddressCount,
      })),
  );
}

export interface InstanceType {
  readonly name: string;
  readonly vcpus: number;
  readonly gpus: number;
  /** IPv4 addresses of one network interface: what a node takes when it starts. */
  readonly addressesPerInterface: number;
}

/** By a filter and not by name: a type that does not exist is left out and fails no other. */
export function describeInstanceTypes(names: readonly string[]): AwsQuestion<InstanceType[]> {
  return awsQuestion(
    ['ec2', 'describe-instance-types', filtersArg({ 'instance-type': names })],
    z.object({
      InstanceTypes: z.array(
        z.object({
          InstanceType: z.string(),
          VCpuInfo: z.object({ DefaultVCpus: z.number() }),
          GpuInfo: z.object({ Gpus: z.array(z.object({ Count: z.number() })) }).optional(),
          NetworkInfo: z.object({ Ipv4AddressesPerInterface: z.number() }),
        }),
      ),
    }),
    ({ InstanceTypes }) =>
      InstanceTypes.map(({ InstanceType, VCpuInfo, GpuInfo, NetworkInfo }) => ({
        name: InstanceType,
        vcpus: VCpuInfo.DefaultVCpus,
        gpus: (GpuInfo?.Gpus ?? []).reduce((sum, { Count }) => sum + Count, 0),
        addressesPerInterface: NetworkInfo.Ipv4AddressesPerInterface,
      })),
  );
}
