import type { Node } from '../kubernetes-objects.ts';
import type { Patch } from '../stand-in.ts';

/** A patch that makes `labels` so, null for one that goes; none where they are. */
export function labelNode(
  { metadata }: Node,
  labels: Readonly<Record<string, string | null>>,
): Patch[] {
  const changed = Object.entries(labels).filter(
    ([name, value]) => (metadata.labels[name] ?? null) !== value,
  );
  if (changed.length === 0) return [];
  const body = { metadata: { labels: Object.fromEntries(changed) } };
  return [{ path: `/api/v1/nodes/${metadata.name}`, kind: 'merge', body }];
}
