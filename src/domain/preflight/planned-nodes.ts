/** A node group as `env.yaml` plans it. */
export interface PlannedGroup {
  readonly name: string;
  readonly instanceTypes: readonly string[];
  readonly desiredSize: number;
  readonly maxSize: number;
  readonly capacityType: 'ON_DEMAND' | 'SPOT';
  readonly gpusPerNode: number;
}

/** What EC2 says of an instance type. */
export interface InstanceFacts {
  readonly name: string;
  readonly vcpus: number;
  readonly gpus: number;
  /** IPv4 addresses of one network interface. */
  readonly addressesPerInterface: number;
}

export type InstanceTypes = ReadonlyMap<string, InstanceFacts>;

export function knownTypes(group: PlannedGroup, types: InstanceTypes): InstanceFacts[] {
  return group.instanceTypes.flatMap((name) => types.get(name) ?? []);
}
