import type { EKSClient } from '@aws-sdk/client-eks';
import { awsCredentials } from './aws-credentials.ts';
import { type AwsFailure, classifyAws } from './aws-failure.ts';

export type EksAnswer<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly failure: AwsFailure };

/** One line, for what goes on without the answer. */
export function whyNoAnswer(answer: Exclude<EksAnswer<unknown>, { kind: 'answer' }>): string {
  return answer.kind === 'failed' ? answer.failure.text : 'EKS knows nothing of it';
}

export type EksSdk = typeof import('@aws-sdk/client-eks');

/** The SDK is loaded here because loading it costs more than a whole `--help`. */
export async function openEksClient(
  env: Readonly<Record<string, string>>,
  region: string,
): Promise<{ readonly sdk: EksSdk; readonly client: EKSClient }> {
  const sdk = await import('@aws-sdk/client-eks');
  const client = new sdk.EKSClient({
    region,
    maxAttempts: 3,
    // Without these a server that accepts and says nothing is waited for without end.
    requestHandler: {
      connectionTimeout: 5000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
    credentials: await awsCredentials(env),
    ...(env.AWS_ENDPOINT_URL === undefined ? {} : { endpoint: env.AWS_ENDPOINT_URL }),
  });
  return { sdk, client };
}

/** Above what the SDK's own attempts at a list and its members take. */
const TIMEOUT_MS = 90_000;

/**
 * The SDK throws: what it throws becomes a member of the answer. Its timeouts bind requests alone, and
 * neither a credential_process nor a sign-in before them: those are waited for within a bound of ours.
 *
 * @param signal aborted when a person stops the run: the wait ends then too
 */
export async function askEks<T>(
  question: () => Promise<T>,
  signal?: AbortSignal,
): Promise<EksAnswer<T>> {
  if (signal?.aborted === true) return unreachable('interrupted');
  let end = (_text: string) => {};
  const ended = new Promise<EksAnswer<T>>((resolve) => {
    end = (text) => resolve(unreachable(text));
  });
  const timer = setTimeout(end, TIMEOUT_MS, NO_ANSWER);
  const onAbort = () => end('interrupted');
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([answerTo(question), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

const NO_ANSWER = `EKS: no answer within ${TIMEOUT_MS / 1000} s; does the credential_process or sign-in of the profile wait?`;

async function answerTo<T>(question: () => Promise<T>): Promise<EksAnswer<T>> {
  try {
    return { kind: 'answer', value: await question() };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (name === 'ResourceNotFoundException') return { kind: 'absent' };
    return { kind: 'failed', failure: classifyAws(`${name}: ${message}`) };
  }
}

function unreachable(text: string): EksAnswer<never> {
  return { kind: 'failed', failure: { kind: 'unreachable', text } };
}
