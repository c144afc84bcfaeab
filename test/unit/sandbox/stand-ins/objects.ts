import {
  type Node,
  type Pod,
  parseNode,
  parsePod,
} from '../../../../src/sandbox/stand-ins/kubernetes-objects.ts';

export function node(
  name: string,
  labels: Readonly<Record<string, string>>,
  resources: { readonly capacity?: object; readonly allocatable?: object } = {},
): Node {
  return parseNode({ metadata: { name, labels }, status: resources });
}

export function podOn(nodeName: string, state: 'ready' | 'waiting' | 'leaving'): Pod {
  const metadata = {
    name: `pod-on-${nodeName}`,
    ...(state === 'leaving' ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
  };
  const ready = { type: 'Ready', status: state === 'waiting' ? 'False' : 'True' };
  return parsePod({ metadata, spec: { nodeName }, status: { conditions: [ready] } });
}
