import type { z } from 'zod';
import { getObjects, type Kubectl, type Objects } from '../tools/kubernetes/kubectl.ts';

/**
 * Objects by `<namespace>/<name>`, with a call for each namespace, as `kubectl get` reads but one by
 * name; without names, those of all namespaces. What is not there is left out.
 */
export async function getQualified<T>(
  kubectl: Kubectl,
  schema: z.ZodType<T>,
  resource: string,
  names: readonly string[],
): Promise<Objects<T>> {
  if (names.length === 0) return getObjects(kubectl, schema, [resource, '--all-namespaces']);
  const items: T[] = [];
  for (const [namespace, own] of byNamespace(names)) {
    const found = await getObjects(kubectl, schema, [resource, ...own, `--namespace=${namespace}`]);
    if (found.kind === 'failed') return found;
    items.push(...found.items);
  }
  return { kind: 'objects', items };
}

function byNamespace(names: readonly string[]): Map<string, string[]> {
  const sorted = new Map<string, string[]>();
  for (const qualified of names) {
    const [namespace = '', name = ''] = qualified.split('/');
    sorted.set(namespace, [...(sorted.get(namespace) ?? []), name]);
  }
  return sorted;
}
