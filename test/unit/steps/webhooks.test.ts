import { expect, test } from 'vitest';
import { deadlineIn } from '../../../src/steps/deadline.ts';
import { judgeWebhooks, webhooksStep } from '../../../src/steps/webhooks.ts';
import { endpointSliceSchema } from '../../../src/tools/kubernetes/objects/endpoint-slice.ts';
import {
  type WebhookConfiguration,
  webhookConfigurationSchema,
} from '../../../src/tools/kubernetes/objects/webhook-configuration.ts';
import { fakeKubectl } from '../support/fake-kubectl.ts';
import { recorded, recordedText, shown, stepScene } from '../support/step-scene.ts';

/** The injector's two have no caBundle; the validating one is called by its url. */
const found = recorded(webhookConfigurationSchema, 'webhooks');
const slices = recorded(endpointSliceSchema, 'endpointslices');
const wanted = [
  { kind: 'mutating', name: 'istio-sidecar-injector' },
  { kind: 'validating', name: 'vpc-resource-validating-webhook' },
] as const;

function withCa(configuration: WebhookConfiguration, count: number): WebhookConfiguration {
  const webhooks = configuration.webhooks.map((webhook, index) =>
    index < count
      ? { ...webhook, clientConfig: { ...webhook.clientConfig, caBundle: 'Q0E=' } }
      : webhook,
  );
  return { ...configuration, webhooks };
}

test.each([
  [
    [],
    slices,
    'waiting: 2 of 2 webhook configurations not there: mutating istio-sidecar-injector, validating vpc-resource-validating-webhook',
  ],
  [
    found,
    slices,
    'waiting: the mutating webhook configuration istio-sidecar-injector has an empty caBundle in 2 of 2: rev.object.sidecar-injector.istio.io, rev.namespace.sidecar-injector.istio.io',
  ],
  [
    found.map((each) => withCa(each, 1)),
    slices,
    'waiting: the mutating webhook configuration istio-sidecar-injector has an empty caBundle in 1 of 2: rev.namespace.sidecar-injector.istio.io',
  ],
  [
    found.map((each) => withCa(each, 2)),
    [],
    'waiting: the mutating webhook configuration istio-sidecar-injector has no ready endpoint behind istio-system/istiod',
  ],
  [found.map((each) => withCa(each, 2)), slices, 'passed: 2 of 2 webhook configurations answer'],
])('%#: %3$s', (configurations, endpoints, expected) => {
  expect(shown(judgeWebhooks(configurations, wanted, endpoints))).toBe(expected);
});

test('a gate that finds nothing to look at does not pass', () => {
  expect(shown(judgeWebhooks([], [], []))).toBe('waiting: there is no webhook configuration');
});

test('two commands a look, and the slices of no other Service', async () => {
  const kubectl = fakeKubectl((line) =>
    recordedText(line.startsWith('get endpointslices') ? 'endpointslices' : 'webhooks'),
  );
  const scene = stepScene({ kubectl });
  const options = { mutating: ['istio-sidecar-injector'] };
  await webhooksStep.run(scene, options, deadlineIn(scene.clock, 0));
  expect(kubectl.ran).toEqual([
    'get mutatingwebhookconfigurations/istio-sidecar-injector --ignore-not-found --output=json',
    'get endpointslices.discovery.k8s.io --all-namespaces --selector=kubernetes.io/service-name in (istiod) --ignore-not-found --output=json',
  ]);
});
