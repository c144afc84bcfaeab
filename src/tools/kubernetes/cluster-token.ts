import { z } from 'zod';
import type { Host } from '../../host/host.ts';
import { type AwsFailure, classifyAws } from '../aws/aws-failure.ts';
import { runBounded } from '../bounded-process.ts';
import { parseToolJson } from '../json.ts';

export function getTokenArgs(cluster: string, region: string): string[] {
  return ['eks', 'get-token', `--cluster-name=${cluster}`, `--region=${region}`, '--output=json'];
}

const credentialSchema = z.object({
  status: z.object({ token: z.string().min(1), expirationTimestamp: z.string() }),
});

export interface ClusterToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1beta1/#ExecCredential */
export function parseToken(stdout: string): ClusterToken {
  const { status } = parseToolJson(credentialSchema, stdout, 'aws eks get-token');
  return { token: status.token, expiresAt: Date.parse(status.expirationTimestamp) };
}

export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: ClusterToken }
  | { readonly kind: 'failed'; readonly failure: AwsFailure };

/** A plugin may ask a login page or a metadata service that never answers. */
const TIMEOUT_MS = 30_000;

/** Asks the AWS CLI, as every kubeconfig for EKS does. */
export async function fetchToken(
  host: Pick<Host, 'processes' | 'clock'>,
  input: {
    readonly aws: string;
    readonly cluster: string;
    readonly region: string;
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly signal: AbortSignal | undefined;
  },
): Promise<TokenAnswer> {
  const { aws, cluster, region, cwd, env, signal } = input;
  const result = await runBounded(
    host,
    { argv: [aws, ...getTokenArgs(cluster, region)], cwd, env },
    { timeoutMs: TIMEOUT_MS, signal },
  );
  if (result.exitCode === 0) return { kind: 'token', token: parseToken(result.stdout) };
  if (result.endedBy === 'deadline') {
    const text = `aws eks get-token gave no answer within ${TIMEOUT_MS / 1000} s`;
    return { kind: 'failed', failure: { kind: 'unreachable', text } };
  }
  return { kind: 'failed', failure: classifyAws(result.stderr) };
}
