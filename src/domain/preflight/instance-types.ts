import type { Check } from '../check.ts';
import { EXIT } from '../exit-code.ts';
import { type InstanceTypes, knownTypes, type PlannedGroup } from './planned-nodes.ts';

/** Types that do not exist in the region, and GPUs that are not as many as `env.yaml` says. */
export function judgeInstanceTypes(
  groups: readonly PlannedGroup[],
  types: InstanceTypes,
  region: string,
): Check[] {
  const checks = groups.flatMap((group) => [
    ...judgeExistence(group, types, region),
    ...judgeGpus(group, types),
  ]);
  if (checks.length > 0) return checks;
  const names = [...new Set(groups.flatMap(({ instanceTypes }) => instanceTypes))];
  return [row('ok', names.join(', ') || 'no node groups')];
}

function judgeExistence(group: PlannedGroup, types: InstanceTypes, region: string): Check[] {
  return group.instanceTypes
    .filter((name) => !types.has(name))
    .map((name) =>
      row(
        'bad',
        `${group.name}: there is no instance type "${name}" in ${region}`,
        `correct nodeGroups.${group.name}.instanceTypes in env.yaml`,
      ),
    );
}

/** The GPUs of a node are what the proof of the GPU chain counts with. */
function judgeGpus(group: PlannedGroup, types: InstanceTypes): Check[] {
  return knownTypes(group, types)
    .filter(({ gpus }) => gpus !== group.gpusPerNode)
    .map(({ name, gpus }) => {
      const text = `${group.name}: "${name}" has a GPU count of ${gpus}, env.yaml says ${group.gpusPerNode}`;
      const fix = `set nodeGroups.${group.name}.gpusPerNode to ${gpus}, or take another type`;
      // A node with the NVIDIA image and no GPU never becomes what is waited for.
      return row(gpus === 0 ? 'bad' : 'warn', text, fix);
    });
}

function row(verdict: Check['verdict'], text: string, fix?: string): Check {
  const base = { name: 'instances', verdict, text, exitCode: EXIT.failed };
  return fix === undefined ? base : { ...base, fix };
}
