import type { Metadata } from '../../tools/kubernetes/objects/metadata.ts';
import type { StepContext } from '../step-context.ts';
import { unanswered, type Verdict } from '../verdict.ts';

/** Names as `kubectl delete` takes them: a kind alone may mean another group's. */
const RESOURCE = {
  Service: 'services',
  Ingress: 'ingresses.networking.k8s.io',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Pod: 'pods',
} as const;

export interface Deletable {
  readonly kind: keyof typeof RESOURCE;
  readonly metadata: Metadata;
}

/**
 * Asks for their deletion and waits for none: a finalizer may hold each for minutes. Those that are on
 * their way out are left alone. Resolves to what stands in the way; undefined when all were asked.
 */
export async function deleteObjects(
  { kubectl, progress }: Pick<StepContext, 'kubectl' | 'progress'>,
  objects: readonly Deletable[],
): Promise<Verdict | undefined> {
  const standing = objects.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const namespaces = new Set(standing.map(({ metadata }) => metadata.namespace));
  for (const namespace of namespaces) {
    const names = standing
      .filter(({ metadata }) => metadata.namespace === namespace)
      .map(({ kind, metadata }) => `${RESOURCE[kind]}/${metadata.name}`);
    progress(`deleting in ${namespace}: ${names.join(', ')}`);
    const result = await kubectl.run(
      ['delete', `--namespace=${namespace}`, '--wait=false', '--ignore-not-found', ...names],
      { timeoutMs: 60_000 },
    );
    if (result.kind === 'failed') return unanswered(result.failure, `deletion in ${namespace}`);
  }
  return undefined;
}
