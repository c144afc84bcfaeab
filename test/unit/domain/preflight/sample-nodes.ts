import type {
  InstanceFacts,
  InstanceTypes,
  PlannedGroup,
} from '../../../../src/domain/preflight/planned-nodes.ts';

const facts = (name: string, vcpus: number, gpus: number, addressesPerInterface: number) =>
  [name, { name, vcpus, gpus, addressesPerInterface } satisfies InstanceFacts] as const;

export const types: InstanceTypes = new Map([
  facts('m6i.large', 2, 0, 10),
  facts('m6i.xlarge', 4, 0, 15),
  facts('g5.xlarge', 4, 1, 15),
]);

export function group(changes: Partial<PlannedGroup>): PlannedGroup {
  return {
    name: 'general',
    instanceTypes: ['m6i.large'],
    desiredSize: 2,
    maxSize: 4,
    capacityType: 'ON_DEMAND',
    gpusPerNode: 0,
    ...changes,
  };
}
