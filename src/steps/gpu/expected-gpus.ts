import type { InstanceType } from '../../tools/aws/ec2.ts';
import type { EksNodeGroup } from '../../tools/aws/eks-reader.ts';
import { nameList } from '../name-list.ts';

/** A node group whose nodes have GPUs and the driver for them. */
export interface GpuGroup {
  readonly name: string;
  readonly desiredSize: number;
  readonly instanceTypes: readonly string[];
}

export type ExpectedGpus =
  | {
      readonly kind: 'known';
      readonly groups: readonly GpuGroup[];
      /** They differ only where a group may get instances with different numbers of GPUs. */
      readonly atLeast: number;
      readonly atMost: number;
    }
  | { readonly kind: 'unknown'; readonly why: string };

/** AL2_x86_64_GPU and everything that AWS names for NVIDIA: https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html */
const HAS_DRIVER = /NVIDIA|_GPU$/;

export function gpuGroups(groups: readonly EksNodeGroup[]): GpuGroup[] {
  return groups.filter(({ amiType }) => HAS_DRIVER.test(amiType));
}

/** The types that have to be looked up for `expectedGpus`. */
export function instanceTypesOf(groups: readonly GpuGroup[]): string[] {
  return [...new Set(groups.flatMap(({ instanceTypes }) => instanceTypes))].sort();
}

/** How many GPUs the groups promise: instances that they want, times what each instance has. */
export function expectedGpus(
  groups: readonly GpuGroup[],
  types: readonly InstanceType[],
): ExpectedGpus {
  const gpus = new Map(types.map(({ name, gpus }) => [name, gpus]));
  const unknown = groups
    .flatMap(({ instanceTypes }) => instanceTypes)
    .filter((type) => !gpus.has(type));
  if (unknown.length > 0) {
    return { kind: 'unknown', why: `EC2 does not know the instance type ${nameList(unknown)}` };
  }
  const bare = groups.find(({ instanceTypes }) => instanceTypes.length === 0);
  if (bare !== undefined) {
    return { kind: 'unknown', why: `EKS tells no instance type of the node group "${bare.name}"` };
  }
  const sum = (choose: (...counts: number[]) => number) =>
    groups.reduce((total, { desiredSize, instanceTypes }) => {
      return total + desiredSize * choose(...instanceTypes.map((type) => gpus.get(type) ?? 0));
    }, 0);
  return { kind: 'known', groups, atLeast: sum(Math.min), atMost: sum(Math.max) };
}

export function countText({ atLeast, atMost }: { atLeast: number; atMost: number }): string {
  return atLeast === atMost ? String(atLeast) : `${atLeast} to ${atMost}`;
}
