import { createHash } from 'node:crypto';
import type { NodeGroup } from '../eks/store.ts';
import { findClusterVersion } from '../eks/versions.ts';
import type { KubeObject } from './api-client.ts';
import type { InstanceFacts, NodeFacts, SubnetFacts } from './node-facts.ts';

export interface WantedNodes {
  readonly group: NodeGroup;
  readonly facts: NodeFacts;
}

/** What is read of a Node that is there. */
export interface PresentNode {
  readonly name: string;
  /** The annotation by which we know ours; undefined on a node that somebody else made. */
  readonly madeFor: string | undefined;
  readonly zone: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface NodePlan {
  /** The nodes as they shall be, each with its status; those that are there already too. */
  readonly apply: readonly NodeManifest[];
  /** To be drained and removed when the nodes that their group now has are ready. */
  readonly remove: readonly { readonly name: string; readonly groupArn: string }[];
  /** The node groups' nodes by the group's ARN. */
  readonly byGroup: ReadonlyMap<string, readonly string[]>;
}

export interface NodeManifest {
  readonly name: string;
  /** For server-side apply; Kubernetes takes the status in a call of its own. */
  readonly object: KubeObject;
  readonly status: KubeObject;
}

const madeForAnnotation = 'sandbox/made-for';

/**
 * The nodes that the node groups ask for, as far as possible those that are there. A group's new
 * version or instance type makes new nodes, its labels and taints are put on those that it has: as EKS
 * does. A scale-down takes the youngest.
 */
export function planNodes(
  region: string,
  wanted: readonly WantedNodes[],
  present: readonly PresentNode[],
): NodePlan {
  const taken = new Set(present.map((node) => node.name));
  const kept = new Set<string>();
  const apply: NodeManifest[] = [];
  const byGroup = new Map<string, readonly string[]>();
  for (const each of wanted) {
    const { group, facts } = each;
    const madeFor = madeForOf(each);
    const nodes = present
      .filter((node) => node.madeFor === madeFor)
      .sort((a, b) => a.createdAt - b.createdAt || a.name.localeCompare(b.name))
      .slice(0, group.scaling.desiredSize)
      .map((node) => ({ name: node.name, zone: node.zone }));
    for (let index = nodes.length; index < group.scaling.desiredSize; index += 1) {
      const subnet = emptiestSubnet(facts.subnets, nodes);
      const name = freeName(region, group.arn, subnet, taken);
      taken.add(name);
      nodes.push({ name, zone: subnet.zone });
    }
    for (const { name, zone } of nodes) {
      kept.add(name);
      apply.push(manifest(region, each, name, zone ?? ''));
    }
    byGroup.set(
      group.arn,
      nodes.map((node) => node.name),
    );
  }
  const remove = present
    .filter((node) => node.madeFor !== undefined && !kept.has(node.name))
    .map((node) => ({ name: node.name, groupArn: groupArnOf(node) ?? '' }));
  return { apply, remove, byGroup };
}

/** Of which make a node is: another make is another machine. */
function madeForOf({ group, facts }: WantedNodes): string {
  return `${group.arn} ${kubeletVersion(group)} ${facts.instance.instanceType}`;
}

/** Undefined for a node that somebody else made. */
export function groupArnOf(node: PresentNode): string | undefined {
  return node.madeFor?.split(' ')[0];
}

export function readPresentNode(node: KubeObject): PresentNode {
  const metadata = (node.metadata ?? {}) as {
    name?: string;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    creationTimestamp?: string;
  };
  return {
    name: metadata.name ?? '',
    madeFor: metadata.annotations?.[madeForAnnotation],
    zone: metadata.labels?.['topology.kubernetes.io/zone'],
    createdAt: Date.parse(metadata.creationTimestamp ?? ''),
  };
}

function emptiestSubnet(
  subnets: readonly SubnetFacts[],
  nodes: readonly { readonly zone: string | undefined }[],
): SubnetFacts {
  const load = (subnet: SubnetFacts) => nodes.filter((node) => node.zone === subnet.zone).length;
  const [first, ...others] = subnets;
  if (first === undefined) throw new Error('a node group has no subnets');
  return others.reduce((best, each) => (load(each) < load(best) ? each : best), first);
}

/** The private DNS name of an address in the subnet: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html */
function freeName(
  region: string,
  arn: string,
  subnet: SubnetFacts,
  taken: ReadonlySet<string>,
): string {
  const [base = '', bits = '32'] = subnet.cidr.split('/');
  const start = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  // AWS keeps the first four addresses and the last one.
  const usable = Math.max(1, size - 5);
  const seed = Number.parseInt(hexOf(`${arn} ${subnet.id}`, 12), 16);
  for (let step = 0; step < usable; step += 1) {
    const address = start + 4 + ((seed + step * 37) % usable);
    const parts = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
    const name = `ip-${parts.join('-')}.${domain}`;
    if (!taken.has(name)) return name;
  }
  throw new Error(`no address is left in subnet "${subnet.id}"`);
}

function hexOf(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

const effects: Readonly<Record<string, string>> = {
  NO_SCHEDULE: 'NoSchedule',
  NO_EXECUTE: 'NoExecute',
  PREFER_NO_SCHEDULE: 'PreferNoSchedule',
};

function manifest(region: string, wanted: WantedNodes, name: string, zone: string): NodeManifest {
  const { group, facts } = wanted;
  const { instance } = facts;
  const address = name.slice('ip-'.length).split('.')[0]?.replaceAll('-', '.') ?? '';
  const identity = { apiVersion: 'v1', kind: 'Node' };
  return {
    name,
    object: {
      ...identity,
      metadata: {
        name,
        labels: {
          ...group.labels,
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': instance.architecture,
          'node.kubernetes.io/instance-type': instance.instanceType,
          'topology.kubernetes.io/region': region,
          'topology.kubernetes.io/zone': zone,
          'eks.amazonaws.com/nodegroup': group.name,
          'eks.amazonaws.com/capacityType': group.capacityType,
        },
        annotations: { [madeForAnnotation]: madeForOf(wanted) },
      },
      spec: {
        providerID: `aws:///${zone}/i-${hexOf(`${group.arn} ${name}`, 17)}`,
        // Always there, or taints that the group had before would stay.
        taints: group.taints.map(({ key, value, effect }) => ({
          key,
          ...(value === undefined ? {} : { value }),
          effect: effects[effect] ?? effect,
        })),
      },
    },
    status: {
      ...identity,
      metadata: { name },
      status: {
        addresses: [
          { type: 'InternalIP', address },
          { type: 'InternalDNS', address: name },
          { type: 'Hostname', address: name },
        ],
        ...resourcesOf(instance, group.diskSize ?? 20),
        nodeInfo: {
          architecture: instance.architecture,
          bootID: '',
          containerRuntimeVersion: 'containerd://kwok',
          kernelVersion: '',
          kubeProxyVersion: '',
          kubeletVersion: kubeletVersion(group),
          machineID: '',
          operatingSystem: 'linux',
          osImage: group.amiType,
          systemUUID: '',
        },
      },
    },
  };
}

/** The release of an EKS image begins with the kubelet's version: `1.34.1-20251112`. */
function kubeletVersion(group: NodeGroup): string {
  const [, released] = /^(\d+\.\d+\.\d+)-/.exec(group.releaseVersion ?? '') ?? [];
  const patch = released ?? findClusterVersion(group.version)?.patchVersion ?? group.version;
  return `v${patch}-eks-sandbox`;
}

/** Capacity and what the image's bootstrap leaves of it: https://github.com/awslabs/amazon-eks-ami (kubelet reservations). */
function resourcesOf(instance: InstanceFacts, diskGiB: number) {
  const pods = instance.networkInterfaces * (instance.addressesPerInterface - 1) + 2;
  const reservedMilliCpu = [60, 10, 5, 5].slice(0, instance.vcpus).reduce((a, b) => a + b, 0);
  const beyond = Math.max(0, instance.vcpus - 4) * 2.5;
  const milliCpu = instance.vcpus * 1000 - reservedMilliCpu - Math.ceil(beyond);
  const reservedMiB = 255 + 11 * pods + 100;
  return {
    capacity: {
      cpu: String(instance.vcpus),
      memory: `${instance.memoryMiB}Mi`,
      'ephemeral-storage': `${diskGiB}Gi`,
      pods: String(pods),
    },
    allocatable: {
      cpu: `${milliCpu}m`,
      memory: `${instance.memoryMiB - reservedMiB}Mi`,
      'ephemeral-storage': `${Math.floor(diskGiB * 0.9)}Gi`,
      pods: String(pods),
    },
  };
}
