import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { AwsFailure } from '../aws/aws-failure.ts';
import type { EksReader } from '../aws/eks-reader.ts';
import { fetchToken } from './cluster-token.ts';
import { createKubectl, type Kubectl, type KubectlResult } from './kubectl.ts';
import type { KubectlFailure } from './kubectl-failure.ts';

export interface ClusterAccessInput {
  readonly kubectl: string;
  readonly aws: string;
  readonly cluster: string;
  readonly region: string;
  /** Private folder for the kubeconfig. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface ClusterAccess {
  readonly kubectl: Kubectl;
  /** Removes the kubeconfig: it holds a token. */
  close(): Promise<void>;
}

/** Tokens of EKS live 14 minutes: none is used that may end under a request. */
const SPARE_MS = 2 * 60_000;

type Opened =
  | { readonly kind: 'opened'; readonly kubectl: Kubectl; readonly goodUntil: number }
  | { readonly kind: 'failed'; readonly failure: KubectlFailure };

/**
 * kubectl for one cluster, through a kubeconfig of ours that is written when it is first needed. The
 * person's own is neither read nor changed. The token stands in the file, so that the AWS CLI is asked
 * once in ten minutes and not by each call; one that the API server refuses is fetched anew once.
 */
export function openClusterAccess(
  host: Pick<Host, 'processes' | 'clock' | 'files'>,
  eks: EksReader,
  input: ClusterAccessInput,
): ClusterAccess {
  const kubeconfig = join(input.directory, 'kubeconfig');
  let current: Promise<Opened> | undefined;

  async function open(stop: AbortSignal | undefined): Promise<Opened> {
    const described = await eks.cluster(stop);
    if (described.kind === 'absent') {
      return failed('not-found', `there is no EKS cluster "${input.cluster}" in ${input.region}`);
    }
    if (described.kind === 'failed') return awsFailed(described.failure);
    const { endpoint, certificateAuthority } = described.value;
    if (endpoint === '') {
      return failed('unreachable', `the EKS cluster "${input.cluster}" has no endpoint yet`);
    }
    const answer = await fetchToken(host, { ...input, cwd: input.directory, signal: stop });
    if (answer.kind === 'failed') return awsFailed(answer.failure);
    const { token, expiresAt } = answer.token;
    const text = kubeconfigText({ endpoint, certificateAuthority, token });
    await host.files.writeAtomic(kubeconfig, text, { mode: 0o600 });
    const { kubectl, env, signal, directory } = input;
    const target = { kubectl, kubeconfig, context: CONTEXT, cwd: directory, env, signal };
    return {
      kind: 'opened',
      kubectl: createKubectl(host, target),
      goodUntil: expiresAt - SPARE_MS,
    };
  }

  /** @param spent what the API server does not accept any more */
  async function opened(stop: AbortSignal | undefined, spent?: Opened): Promise<Opened> {
    const asked = current;
    const known = await asked;
    const isGood = known?.kind === 'opened' && host.clock.now() < known.goodUntil;
    if (isGood && known !== spent) return known;
    // Steps that ask at the same time share one answer.
    if (current === undefined || current === asked) current = openAnew(stop);
    return current;
  }

  /** What is thrown is told to those who ask now: a disk that is full may have room for the next. */
  function openAnew(stop: AbortSignal | undefined): Promise<Opened> {
    const opening = open(stop);
    opening.catch(() => {
      if (current === opening) current = undefined;
    });
    return opening;
  }

  async function run(...call: Parameters<Kubectl['run']>): Promise<KubectlResult> {
    // What cleans up after a stop may need a token too.
    const stop = call[1]?.evenWhenStopped === true ? undefined : input.signal;
    const first = await opened(stop);
    if (first.kind === 'failed') return first;
    const result = await first.kubectl.run(...call);
    if (result.kind === 'done' || result.failure.kind !== 'unauthorized') return result;
    const second = await opened(stop, first);
    return second.kind === 'failed' ? second : second.kubectl.run(...call);
  }

  return { kubectl: { run }, close: () => host.files.remove(kubeconfig) };
}

const CONTEXT = 'platform';

/** JSON is YAML, and needs no quoting of ours. */
function kubeconfigText(cluster: {
  readonly endpoint: string;
  readonly certificateAuthority: string;
  readonly token: string;
}): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: CONTEXT,
        cluster: {
          server: cluster.endpoint,
          'certificate-authority-data': cluster.certificateAuthority,
        },
      },
    ],
    users: [{ name: CONTEXT, user: { token: cluster.token } }],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user: CONTEXT } }],
    'current-context': CONTEXT,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function failed(kind: KubectlFailure['kind'], text: string) {
  return { kind: 'failed', failure: { kind, text } } as const;
}

function awsFailed({ kind, text }: AwsFailure) {
  const kinds = {
    identity: 'unauthorized',
    denied: 'forbidden',
    throttled: 'throttled',
    unreachable: 'unreachable',
    other: 'other',
  } as const;
  return failed(kinds[kind], text);
}
