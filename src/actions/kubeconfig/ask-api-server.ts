import type { EnvironmentFile } from '../../config/environment-file.ts';
import { ToolError } from '../../domain/errors.ts';
import { EXIT } from '../../domain/exit-code.ts';
import { FAILURE_EXIT } from '../../domain/failure.ts';
import type { Host } from '../../host/host.ts';
import { barrierOf } from '../../tools/kubernetes/barrier.ts';
import { createKubectl } from '../../tools/kubernetes/kubectl.ts';
import type { KubectlFailure } from '../../tools/kubernetes/kubectl-failure.ts';
import type { ContextPlace } from '../kubeconfig.ts';
import { APPROVAL_KEY_VARIABLE } from '../session.ts';

export interface ProofInput {
  readonly kubectl: string;
  readonly where: ContextPlace;
  readonly cluster: { readonly endpoint: string };
  readonly file: Pick<EnvironmentFile, 'cluster'>;
}

/** The plugin may take seconds on a busy machine, and a private endpoint never answers. */
const TIMEOUT_MS = 30_000;

export interface Proof {
  /** What `kubectl cluster-info` prints. */
  readonly clusterInfo: string;
  /** The API server knows the person, who may not list the cluster's services: that is no failure. */
  readonly isLimited: boolean;
}

/**
 * Uses the context as the person will, in the person's own environment. Only this context is named, so
 * that no plugin of another entry runs.
 *
 * @throws ToolError when the API server cannot be asked
 */
export async function askApiServer(
  host: Pick<Host, 'processes' | 'clock' | 'env' | 'cwd'>,
  { kubectl: path, where, cluster, file }: ProofInput,
): Promise<Proof> {
  const { [APPROVAL_KEY_VARIABLE]: _, ...env } = host.env;
  const kubectl = createKubectl(host, {
    kubectl: path,
    kubeconfig: where.kubeconfig,
    context: where.context,
    cwd: host.cwd,
    // cluster-info colours its words for every terminal but this one.
    env: { ...env, TERM: 'dumb' },
    signal: new AbortController().signal,
  });
  const result = await kubectl.run(['cluster-info'], { timeoutMs: TIMEOUT_MS });
  if (result.kind === 'done') return { clusterInfo: result.stdout, isLimited: false };
  if (result.failure.kind === 'forbidden') {
    const clusterInfo = `Kubernetes control plane is running at ${cluster.endpoint}\n`;
    return { clusterInfo, isLimited: true };
  }
  throw noProof(result.failure, where, cluster.endpoint, file);
}

/** The context is in the file; what stands between it and the API server. */
export function noProof(
  failure: KubectlFailure,
  where: ContextPlace,
  endpoint: string,
  { cluster }: Pick<EnvironmentFile, 'cluster'>,
): ToolError {
  const fail = (what: string, next: string, exitCode: number = EXIT.failed) =>
    new ToolError(
      {
        what: `the context is written, but ${what}`,
        where: `${endpoint}, by context "${where.context}" in ${where.kubeconfig}`,
        next,
      },
      exitCode,
    );
  const barrier = barrierOf(failure);
  if (barrier !== undefined) {
    const other = failure.kind === 'unauthorized' ? '; for another role: --role-arn' : '';
    return fail(barrier.what, `${barrier.next}${other}`, FAILURE_EXIT[barrier.kind]);
  }
  if (failure.kind === 'unreachable' || failure.kind === 'timeout') {
    return fail(
      `the API server does not answer: ${failure.text}`,
      (cluster.endpointPublicCidrs ?? []).length === 0
        ? 'its endpoint is private: reach it from inside of the VPC (VPN, bastion), or name your range in cluster.endpointPublicCidrs of env.yaml'
        : 'is your address in a range of cluster.endpointPublicCidrs of env.yaml? else reach it from inside of the VPC',
    );
  }
  return fail(
    `the API server could not be asked: ${failure.text}`,
    `platform status ${where.environment}`,
  );
}
