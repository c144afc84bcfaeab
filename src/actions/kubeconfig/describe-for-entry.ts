import { join } from 'node:path';
import type { EnvironmentFile } from '../../config/environment-file.ts';
import type { Environment } from '../../config/workspace.ts';
import { ToolError, UserError } from '../../domain/errors.ts';
import { EXIT } from '../../domain/exit-code.ts';
import type { AwsFailure } from '../../tools/aws/aws-failure.ts';
import { type EksCluster, openEks } from '../../tools/aws/eks-reader.ts';

/** States in which a cluster has what an entry needs; the AWS CLI has the same two. */
const USABLE = new Set(['ACTIVE', 'UPDATING']);

/**
 * The cluster that `env.yaml` names, as EKS describes it.
 *
 * @throws UserError (5) when it lies in another account than `env.yaml` says
 * @throws ToolError when it is not there, not ready, or EKS gives no answer
 */
export async function describeForEntry(
  environment: Environment,
  { account, region, cluster }: EnvironmentFile,
  env: Readonly<Record<string, string>>,
): Promise<EksCluster> {
  const where = join(environment.folder, 'env.yaml');
  const eks = await openEks(env, region, cluster.name);
  const described = await eks.cluster().finally(() => eks.close());
  if (described.kind === 'failed') throw noAnswer(described.failure, cluster.name, environment);
  if (described.kind === 'absent') {
    throw new ToolError({
      what: `there is no EKS cluster "${cluster.name}" in ${region}`,
      where,
      next: `apply first: platform apply ${environment.name}`,
    });
  }
  const { arn, status } = described.value;
  const [, , , , owner = ''] = arn.split(':');
  if (owner !== account) {
    throw new UserError(
      {
        what: `the cluster "${cluster.name}" that these credentials see is in account ${owner}, not in ${account}`,
        where,
        next: `use credentials of the account that env.yaml of ${environment.name} names`,
      },
      EXIT.identity,
    );
  }
  if (!USABLE.has(status)) {
    throw new ToolError({
      what: `the EKS cluster "${cluster.name}" is ${status}`,
      where: arn,
      next: `look at it, then once more: platform status ${environment.name}`,
    });
  }
  return described.value;
}

function noAnswer(failure: AwsFailure, name: string, environment: Environment): ToolError {
  const what = `the EKS cluster "${name}" cannot be read: ${failure.text}`;
  switch (failure.kind) {
    case 'identity':
      return new ToolError(
        { what, next: 'aws sso login, or name a profile: --profile, AWS_PROFILE' },
        EXIT.identity,
      );
    case 'denied':
      return new ToolError({ what, next: 'the credentials need eks:DescribeCluster' });
    default:
      return new ToolError({ what, next: `platform doctor ${environment.name}` });
  }
}
