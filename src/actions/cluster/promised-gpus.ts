import { expectedGpus, gpuGroups, instanceTypesOf } from '../../steps/gpu/expected-gpus.ts';
import type { AwsCli } from '../../tools/aws/aws-cli.ts';
import { describeInstanceTypes } from '../../tools/aws/ec2.ts';
import type { EksNodeGroup } from '../../tools/aws/eks-reader.ts';

/**
 * How many GPUs the step `gpu-check` waits for; null when EC2 does not tell, and where a group may get
 * instances with different numbers of GPUs.
 */
export async function promisedGpus(
  aws: AwsCli,
  groups: readonly EksNodeGroup[],
): Promise<number | null> {
  const wanted = gpuGroups(groups).filter(({ desiredSize }) => desiredSize > 0);
  const names = instanceTypesOf(wanted);
  if (names.length === 0) return wanted.length === 0 ? 0 : null;
  const types = await aws.ask(describeInstanceTypes(names));
  if (types.kind === 'failed') return null;
  const gpus = expectedGpus(wanted, types.value);
  return gpus.kind === 'known' && gpus.atLeast === gpus.atMost ? gpus.atLeast : null;
}
