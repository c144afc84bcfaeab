import type { Check } from '../check.ts';
import { EXIT } from '../exit-code.ts';
import { type InstanceTypes, knownTypes, type PlannedGroup } from './planned-nodes.ts';

export interface SubnetFacts {
  readonly id: string;
  readonly zone: string;
  readonly freeAddresses: number;
}

/** AWS keeps the first four addresses of a subnet and the last. */
const RESERVED = 5;

/** EKS wants that many free for an upgrade of the control plane, in each subnet it was made with. */
const UPGRADE = 5;

/** Private subnets as the module `vpc` will cut them: a quarter of the range for each zone. */
export function plannedSubnets(cidr: string, zones: number): SubnetFacts[] {
  const prefix = Number(cidr.split('/')[1]);
  const freeAddresses = 2 ** (32 - prefix - 2) - RESERVED;
  return Array.from({ length: zones }, (_, index) => ({
    id: `planned-${index + 1}`,
    zone: '',
    freeAddresses,
  }));
}

/**
 * Free addresses against the nodes that are still to come: each takes one, and as many as an interface
 * holds as soon as the VPC CNI runs on it.
 *
 * @param running nodes by group, which have theirs
 * @param where what the subnets were taken from, for the reader
 */
export function judgeAddresses(
  groups: readonly PlannedGroup[],
  types: InstanceTypes,
  subnets: readonly SubnetFacts[],
  running: ReadonlyMap<string, number>,
  where: string,
): Check {
  const base = { name: 'addresses', exitCode: EXIT.failed };
  const free = subnets.reduce((sum, { freeAddresses }) => sum + freeAddresses, 0);
  const coming = (size: 'desiredSize' | 'maxSize') =>
    groups.map((group) => ({
      group,
      nodes: Math.max(0, group[size] - (running.get(group.name) ?? 0)),
    }));
  const nodes = coming('desiredSize').reduce((sum, each) => sum + each.nodes, 0);
  const most = coming('maxSize').reduce(
    (sum, each) => sum + each.nodes * addressesOf(each.group, types),
    0,
  );
  const have = `${free} free in ${subnets.length} private subnets (${where})`;
  const fix = 'free some, or take a wider vpc.cidr: a subnet does not grow';
  if (free < nodes) {
    return { ...base, verdict: 'bad', text: `${have}, ${nodes} nodes are still to come`, fix };
  }
  const tight = subnets.find(({ freeAddresses }) => freeAddresses < UPGRADE);
  if (tight !== undefined) {
    const text = `${tight.id} in ${tight.zone} has ${tight.freeAddresses} free: EKS wants ${UPGRADE} for an upgrade`;
    return { ...base, verdict: 'warn', text, fix };
  }
  const need = `new nodes may take ${most}`;
  return free < most
    ? { ...base, verdict: 'warn', text: `${have}, ${need}`, fix }
    : { ...base, verdict: 'ok', text: `${have}, ${need}` };
}

function addressesOf(group: PlannedGroup, types: InstanceTypes): number {
  return Math.max(1, ...knownTypes(group, types).map((type) => type.addressesPerInterface));
}
