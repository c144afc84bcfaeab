import { z } from 'zod';
import { PROXY_CONTAINER } from '../../../domain/cluster/mesh-report.ts';

const stringMap = z.record(z.string(), z.string()).default({});

const podSchema = z.object({
  metadata: z.object({ labels: stringMap, annotations: stringMap }),
  spec: z.object({
    hostNetwork: z.boolean().default(false),
    containers: z.array(z.object({ name: z.string(), image: z.string().default('') })),
  }),
});

export interface JsonPatchOperation {
  readonly op: 'add' | 'replace';
  readonly path: string;
  readonly value: unknown;
}

/**
 * What the injector changes in a pod that its webhook was called for, by the rules of
 * https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/: of the templates only the
 * proxy's image and what the pod is known by afterwards, since no container runs here.
 */
export function injectPod(object: unknown, proxyImage: string): JsonPatchOperation[] {
  const { metadata, spec } = podSchema.parse(object);
  const asked =
    metadata.labels['sidecar.istio.io/inject'] ?? metadata.annotations['sidecar.istio.io/inject'];
  if (asked === 'false' || spec.hostNetwork) return [];
  const revision = metadata.labels['istio.io/rev'] ?? 'default';
  const status = {
    initContainers: null,
    containers: [PROXY_CONTAINER],
    volumes: null,
    imagePullSecrets: null,
    revision: 'default',
  };
  return [
    ...proxyContainer(spec.containers, proxyImage),
    {
      op: 'add',
      path: '/metadata/labels',
      value: { ...metadata.labels, 'istio.io/rev': revision },
    },
    {
      op: 'add',
      path: '/metadata/annotations',
      value: { ...metadata.annotations, 'sidecar.istio.io/status': JSON.stringify(status) },
    },
  ];
}

/** A container of that name that the pod brings is kept; `auto` stands for "the template's image". */
function proxyContainer(
  containers: readonly { readonly name: string; readonly image: string }[],
  proxyImage: string,
): JsonPatchOperation[] {
  const index = containers.findIndex(({ name }) => name === PROXY_CONTAINER);
  if (index === -1) {
    return [
      {
        op: 'add',
        path: '/spec/containers/-',
        value: { name: PROXY_CONTAINER, image: proxyImage },
      },
    ];
  }
  const image = containers[index]?.image ?? '';
  if (image !== 'auto' && image !== '') return [];
  return [{ op: 'replace', path: `/spec/containers/${index}/image`, value: proxyImage }];
}

/** Proxy and control plane are released together: same registry, same tag. */
export function proxyImageOf(pilotImage: string): string {
  return pilotImage.replace(/\/pilot(?=[:@]|$)/, '/proxyv2');
}
