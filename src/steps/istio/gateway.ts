import { z } from 'zod';
import { getObjects, type Kubectl } from '../../tools/kubernetes/kubectl.ts';
import type { KubectlFailure } from '../../tools/kubernetes/kubectl-failure.ts';
import { type Deployment, deploymentSchema } from '../../tools/kubernetes/objects/deployment.ts';
import type { Metadata } from '../../tools/kubernetes/objects/metadata.ts';
import { type Pod, podSchema } from '../../tools/kubernetes/objects/pod.ts';
import {
  REVISION_ANNOTATION,
  replicaSetSchema,
  TEMPLATE_HASH_LABEL,
} from '../../tools/kubernetes/objects/replica-set.ts';
import type { OptionsOf } from '../step.ts';

interface Qualified {
  readonly namespace: string;
  readonly name: string;
}

/** Where the mesh and its gateway are. */
export interface Gateway {
  readonly deployment: Qualified;
  readonly controlPlane: Qualified;
  /** Name of a mutating webhook configuration. */
  readonly injector: string;
}

/** Names of Istio's own charts, and of our release of the gateway's. */
export function gatewayOf({
  deployment = 'istio-ingress/istio-ingress',
  controlPlane = 'istio-system/istiod',
  injector = 'istio-sidecar-injector',
}: OptionsOf<'istio-restart'>): Gateway {
  return { deployment: qualified(deployment), controlPlane: qualified(controlPlane), injector };
}

function qualified(text: string): Qualified {
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name };
}

export type GatewayState =
  | {
      readonly kind: 'there';
      readonly deployment: Deployment;
      readonly pods: readonly Pod[];
      /** Of these, the ones that the deployment wants now; the others are about to go. */
      readonly current: readonly Pod[];
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly failure: KubectlFailure };

const schema = z.discriminatedUnion('kind', [deploymentSchema, replicaSetSchema, podSchema]);

/** The deployment and its pods, by one command. Pods that are going away are none of them any more. */
export async function readGateway(
  kubectl: Kubectl,
  { deployment: { namespace, name } }: Gateway,
): Promise<GatewayState> {
  const what = ['deployments.apps,replicasets.apps,pods', `--namespace=${namespace}`];
  const found = await getObjects(kubectl, schema, what);
  if (found.kind === 'failed') return found;
  const deployment = found.items
    .filter((item) => item.kind === 'Deployment')
    .find(({ metadata }) => metadata.name === name);
  if (deployment === undefined) return { kind: 'absent' };
  const wanted = Object.entries(deployment.spec.selector.matchLabels);
  const own = <T extends { readonly metadata: Metadata }>(items: readonly T[]) =>
    items.filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels[key] === value));
  const pods = own(found.items.filter((item) => item.kind === 'Pod')).filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  );
  const revision = deployment.metadata.annotations[REVISION_ANNOTATION];
  const newest = own(found.items.filter((item) => item.kind === 'ReplicaSet')).find(
    ({ metadata }) => metadata.annotations[REVISION_ANNOTATION] === revision,
  );
  const hash = newest?.metadata.labels[TEMPLATE_HASH_LABEL];
  const current = pods.filter(({ metadata }) => metadata.labels[TEMPLATE_HASH_LABEL] === hash);
  return { kind: 'there', deployment, pods, current };
}
