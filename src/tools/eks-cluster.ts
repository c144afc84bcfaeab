import type { ClusterState } from '../domain/cluster-state.ts';
import { awsCredentials } from './aws-credentials.ts';

/**
 * Asks AWS for a cluster, with the credentials that `env` holds or the usual chain (profile, SSO, role,
 * OIDC). The SDK is loaded here because loading it costs more than a whole `--help`.
 */
export async function describeCluster(
  env: Readonly<Record<string, string>>,
  region: string,
  name: string,
): Promise<ClusterState> {
  const { EKSClient, DescribeClusterCommand } = await import('@aws-sdk/client-eks');
  const client = new EKSClient({
    region,
    maxAttempts: 2,
    credentials: await awsCredentials(env),
    ...(env.AWS_ENDPOINT_URL === undefined ? {} : { endpoint: env.AWS_ENDPOINT_URL }),
  });
  try {
    const { cluster } = await client.send(new DescribeClusterCommand({ name }));
    return {
      kind: 'cluster',
      name,
      version: cluster?.version ?? 'unknown',
      status: cluster?.status ?? 'unknown',
      healthIssues: (cluster?.health?.issues ?? []).map(
        ({ code, message }) => `${code}: ${message}`,
      ),
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      return { kind: 'absent', name };
    }
    return {
      kind: 'unreadable',
      name,
      why: error instanceof Error ? error.message : String(error),
    };
  } finally {
    client.destroy();
  }
}
