import type { Environment } from '../../config/workspace.ts';
import { UserError } from '../../domain/errors.ts';
import type { Host } from '../../host/host.ts';
import type { StepContext } from '../../steps/step-context.ts';
import { createAwsCli } from '../../tools/aws/aws-cli.ts';
import { openEks } from '../../tools/aws/eks-reader.ts';
import { openClusterAccess } from '../../tools/kubernetes/cluster-access.ts';
import type { ClusterTools } from './cluster-tools.ts';

export interface OpenedCluster {
  /** What steps and `status` work with; a step adds its own `progress`. */
  readonly context: Omit<StepContext, 'progress'>;
  close(): Promise<void>;
}

export interface OpenClusterInput {
  readonly environment: Environment;
  readonly tools: ClusterTools;
  readonly childEnv: Readonly<Record<string, string>>;
  /** Private folder; the kubeconfig in it lives until `close`. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** The cluster that `env.yaml` names. It need not be there yet: it is asked when a step asks. */
export async function openCluster(host: Host, input: OpenClusterInput): Promise<OpenedCluster> {
  const { environment, tools, childEnv, directory, signal } = input;
  const { file } = environment;
  if (file === undefined) {
    throw new UserError({
      what: `"${environment.name}" has no env.yaml that names a cluster`,
      where: environment.folder,
    });
  }
  const { region, cluster } = file;
  const env = { ...withoutKubeconfig(childEnv), AWS_PAGER: '' };
  const eks = await openEks(childEnv, region, cluster.name);
  const access = openClusterAccess(host, eks, {
    ...tools,
    cluster: cluster.name,
    region,
    directory,
    env,
    signal,
  });
  return {
    context: {
      clock: host.clock,
      kubectl: access.kubectl,
      eks,
      aws: createAwsCli(host, { aws: tools.aws, cwd: directory, env, region, signal }),
      cluster: cluster.name,
      randomHex: host.machine.randomHex,
      signal,
    },
    async close() {
      eks.close();
      await access.close();
    },
  };
}

function withoutKubeconfig(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'KUBECONFIG'));
}
