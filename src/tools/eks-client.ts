import type { EKSClient } from '@aws-sdk/client-eks';
import { awsCredentials } from './aws-credentials.ts';
import { type AwsFailure, classifyAws } from './aws-failure.ts';

export type EksAnswer<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly failure: AwsFailure };

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

/** The SDK throws: what it throws becomes a member of the answer. */
export async function askEks<T>(question: () => Promise<T>): Promise<EksAnswer<T>> {
  try {
    return { kind: 'answer', value: await question() };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (name === 'ResourceNotFoundException') return { kind: 'absent' };
    return { kind: 'failed', failure: classifyAws(`${name}: ${message}`) };
  }
}
