import { getObjects, type Kubectl, type Objects } from '../tools/kubernetes/kubectl.ts';
import {
  type EndpointSlice,
  endpointSliceSchema,
  readyEndpoints,
  slicesOf,
} from '../tools/kubernetes/objects/endpoint-slice.ts';
import {
  type WebhookConfiguration,
  webhookConfigurationSchema,
  webhookServices,
} from '../tools/kubernetes/objects/webhook-configuration.ts';
import { nameList } from './name-list.ts';
import type { OptionsOf, Step } from './step.ts';
import { firstOpen, passed, unanswered, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

export const webhooksStep: Step<'webhooks'> = {
  name: 'webhooks',
  title: 'admission webhooks have a certificate authority and somebody who answers',
  defaultDeadlineSeconds: 300,
  intent: (options) => {
    const names = wantedOf(options).map(({ kind, name }) => `${kind} ${name}`);
    const which = names.length === 0 ? 'every webhook configuration' : names.join(', ');
    return { does: `waits until ${which} has a caBundle and a Service with ready endpoints` };
  },
  run(context, options, deadline) {
    const next = 'kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations';
    const wanted = wantedOf(options);
    return waitFor(context, { deadline, next }, () => lookAtWebhooks(context.kubectl, wanted));
  },
};

interface WantedWebhook {
  readonly kind: 'mutating' | 'validating';
  readonly name: string;
}

function wantedOf({ mutating = [], validating = [] }: OptionsOf<'webhooks'>): WantedWebhook[] {
  return [
    ...mutating.map((name): WantedWebhook => ({ kind: 'mutating', name })),
    ...validating.map((name): WantedWebhook => ({ kind: 'validating', name })),
  ];
}

/** @param wanted none: every configuration of the cluster */
export async function lookAtWebhooks(
  kubectl: Kubectl,
  wanted: readonly WantedWebhook[],
): Promise<Verdict> {
  const found = await getConfigurations(kubectl, wanted);
  if (found.kind === 'failed') return unanswered(found.failure, 'webhook configurations');
  const services = webhookServices(found.items);
  if (services.length === 0) return judgeWebhooks(found.items, wanted, []);
  const slices = await getObjects(kubectl, endpointSliceSchema, slicesOf(services));
  if (slices.kind === 'failed') return unanswered(slices.failure, 'endpoints of webhooks');
  return judgeWebhooks(found.items, wanted, slices.items);
}

async function getConfigurations(
  kubectl: Kubectl,
  wanted: readonly WantedWebhook[],
): Promise<Objects<WebhookConfiguration>> {
  const what =
    wanted.length === 0
      ? ['mutatingwebhookconfigurations,validatingwebhookconfigurations']
      : wanted.map(({ kind, name }) => `${kind}webhookconfigurations/${name}`);
  return getObjects(kubectl, webhookConfigurationSchema, what);
}

export function judgeWebhooks(
  found: readonly WebhookConfiguration[],
  wanted: readonly WantedWebhook[],
  slices: readonly EndpointSlice[],
): Verdict {
  const present = new Set(found.map(({ kind, metadata }) => `${kindOf(kind)} ${metadata.name}`));
  const absent = wanted
    .map(({ kind, name }) => `${kind} ${name}`)
    .filter((name) => !present.has(name));
  if (absent.length > 0) {
    return waiting(
      `${absent.length} of ${wanted.length} webhook configurations not there: ${nameList(absent)}`,
    );
  }
  if (found.length === 0) return waiting('there is no webhook configuration');
  const open = firstOpen(found.map((configuration) => judgeConfiguration(configuration, slices)));
  if (open !== undefined) return open;
  return passed(`${found.length} of ${found.length} webhook configurations answer`);
}

function kindOf(kind: WebhookConfiguration['kind']): WantedWebhook['kind'] {
  return kind === 'MutatingWebhookConfiguration' ? 'mutating' : 'validating';
}

function judgeConfiguration(
  { kind, metadata, webhooks }: WebhookConfiguration,
  slices: readonly EndpointSlice[],
): Verdict {
  const of = `the ${kindOf(kind)} webhook configuration ${metadata.name}`;
  if (webhooks.length === 0) return waiting(`${of} has no webhook`);
  const bare = webhooks.filter(({ clientConfig }) => clientConfig.caBundle === '');
  if (bare.length > 0) {
    const names = nameList(bare.map(({ name }) => name));
    return waiting(`${of} has an empty caBundle in ${bare.length} of ${webhooks.length}: ${names}`);
  }
  const dead = webhookServices([{ kind, metadata, webhooks }]).filter(
    (service) => readyEndpoints(slices, service) === 0,
  );
  if (dead.length === 0) return passed(`${of} answers`);
  const names = nameList(dead.map(({ namespace, name }) => `${namespace}/${name}`));
  return waiting(`${of} has no ready endpoint behind ${names}`);
}
