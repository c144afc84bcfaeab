import { parseToolJson } from '../../tools/json.ts';
import { getObjects, type Kubectl } from '../../tools/kubernetes/kubectl.ts';
import { type Deployment, deploymentSchema } from '../../tools/kubernetes/objects/deployment.ts';
import { podSchema, proxyImage } from '../../tools/kubernetes/objects/pod.ts';
import { judgeAvailable } from '../available.ts';
import { unanswered, type Verdict, waiting } from '../verdict.ts';
import { lookAtWebhooks } from '../webhooks.ts';
import type { Gateway } from './gateway.ts';

/** What the chart of a gateway writes for the injector to replace. */
const PLACEHOLDER = 'auto';

export function isPlaceholder(image: string | undefined): boolean {
  return image === PLACEHOLDER;
}

export type Injection =
  | { readonly kind: 'works'; readonly image: string }
  | { readonly kind: 'open'; readonly verdict: Verdict };

/**
 * Whether a pod that is made now gets a proxy, and which. That istiod is Ready says little: its webhook
 * may serve only later (https://github.com/istio/istio/issues/61049). The proof is a pod of the gateway's
 * own template that the API server takes through admission and then drops.
 *
 * @param checkName of the pod that never comes to be
 */
export async function lookAtInjection(
  kubectl: Kubectl,
  { controlPlane, injector, deployment }: Gateway,
  checkName: string,
): Promise<Injection> {
  const istiod = await getDeployment(kubectl, controlPlane);
  if (istiod.kind === 'open') return istiod;
  const available = judgeAvailable(
    istiod.deployment,
    `${controlPlane.namespace}/${controlPlane.name}`,
  );
  if (available.kind !== 'passed') return open(available);
  const webhook = await lookAtWebhooks(kubectl, [{ kind: 'mutating', name: injector }]);
  if (webhook.kind !== 'passed') return open(webhook);
  const found = await getDeployment(kubectl, deployment);
  if (found.kind === 'open') return found;
  const gateway = found.deployment;
  if (gateway === undefined) {
    return open(waiting(`the gateway ${deployment.namespace}/${deployment.name} is not there`));
  }
  const checked = await kubectl.run(
    ['create', '--dry-run=server', '--output=json', '--filename=-'],
    {
      stdin: JSON.stringify(podOf(gateway, checkName)),
    },
  );
  if (checked.kind === 'failed')
    return open(unanswered(checked.failure, 'dry run of a gateway pod'));
  const image = proxyImage(parseToolJson(podSchema, checked.stdout, 'kubectl create').spec);
  if (image === undefined) return open(waiting('the injector adds no proxy to a gateway pod'));
  if (isPlaceholder(image)) {
    return open(
      waiting('the injector does not answer: a gateway pod made now would have image "auto"'),
    );
  }
  return { kind: 'works', image };
}

/** A pod as the deployment would make it, under a name of its own. */
export function podOf({ metadata, spec }: Deployment, name: string): object {
  const { labels, annotations } = spec.template.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: metadata.namespace, labels, annotations },
    spec: spec.template.spec,
  };
}

async function getDeployment(
  kubectl: Kubectl,
  { namespace, name }: Gateway['deployment'],
): Promise<
  | { readonly kind: 'got'; readonly deployment: Deployment | undefined }
  | { readonly kind: 'open'; readonly verdict: Verdict }
> {
  const what = ['deployments.apps', name, `--namespace=${namespace}`];
  const found = await getObjects(kubectl, deploymentSchema, what);
  if (found.kind === 'failed') {
    return open(unanswered(found.failure, `the deployment ${namespace}/${name}`));
  }
  return { kind: 'got', deployment: found.items[0] };
}

function open(verdict: Verdict) {
  return { kind: 'open', verdict } as const;
}
