import { expect, test } from 'vitest';
import { answerWebhook } from '../../../../src/sandbox/stand-ins/istiod/admission-review.ts';
import { injectPod, proxyImageOf } from '../../../../src/sandbox/stand-ins/istiod/inject-pod.ts';
import { webhookPatches } from '../../../../src/sandbox/stand-ins/istiod/webhook-configurations.ts';

const image = 'docker.io/istio/proxyv2:1.31.1';

function pod(containers: readonly object[], labels = {}, spec = {}) {
  return { metadata: { labels, annotations: { a: 'b' } }, spec: { containers, ...spec } };
}

test.each([
  ['docker.io/istio/pilot:1.31.1', image],
  [
    'registry.example.com:5000/pilot/pilot:1.31.1-distroless',
    'registry.example.com:5000/pilot/proxyv2:1.31.1-distroless',
  ],
  ['pilot', 'pilot'],
])('the proxy of %s is %s', (pilot, proxy) => {
  expect(proxyImageOf(pilot)).toBe(proxy);
});

test.each([
  [
    'the image of a gateway, which is auto',
    [{ name: 'istio-proxy', image: 'auto' }],
    { op: 'replace', path: '/spec/containers/0/image', value: image },
  ],
  [
    'a sidecar beside an application',
    [{ name: 'app', image: 'auto' }],
    { op: 'add', path: '/spec/containers/-', value: { name: 'istio-proxy', image } },
  ],
  [
    'nothing of a proxy that brings its image',
    [{ name: 'istio-proxy', image: 'own:1' }],
    { op: 'add', path: '/metadata/labels', value: { 'istio.io/rev': 'default' } },
  ],
])('injection sets %s', (_case, containers, first) => {
  expect(injectPod(pod(containers), image)[0]).toEqual(first);
});

test('an injected pod keeps what it is known by, and tells that it was injected', () => {
  const [, labels, annotations] = injectPod(
    pod([{ name: 'app', image: 'app:1' }], { app: 'x', 'istio.io/rev': 'canary' }),
    image,
  );
  expect(labels?.value).toEqual({ app: 'x', 'istio.io/rev': 'canary' });
  expect(annotations?.value).toEqual({
    a: 'b',
    'sidecar.istio.io/status': expect.stringContaining('"containers":["istio-proxy"]'),
  });
});

test.each([
  ['says no', { 'sidecar.istio.io/inject': 'false' }, {}],
  ['is in the network of its host', { 'sidecar.istio.io/inject': 'true' }, { hostNetwork: true }],
])('a pod that %s stays as it is', (_case, labels, spec) => {
  expect(injectPod(pod([{ name: 'istio-proxy', image: 'auto' }], labels, spec), image)).toEqual([]);
});

function review(path: string, object: object) {
  const request = { uid: 'u1', object };
  const text = JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request,
  });
  const body = new TextEncoder().encode(text);
  const answer = answerWebhook({ method: 'POST', path, headers: {}, body }, image);
  return { status: answer.status, text: new TextDecoder().decode(answer.body) };
}

test('a review is answered under its own id, with the patch in base64', () => {
  const answer = JSON.parse(
    review('/inject?timeout=10s', pod([{ name: 'istio-proxy', image: 'auto' }])).text,
  );
  expect(answer).toMatchObject({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: 'u1', allowed: true, patchType: 'JSONPatch' },
  });
  expect(JSON.parse(atob(answer.response.patch))).toHaveLength(3);
});

test('a configuration is valid, and unchanged', () => {
  const { response } = JSON.parse(review('/validate', { kind: 'Gateway' }).text);
  expect(response).toEqual({ uid: 'u1', allowed: true });
});

test('istiod has no other webhook', () => {
  expect(review('/mutate', {}).status).toBe(404);
});

const istiod = { namespace: 'istio-system', name: 'istiod' };

function configuration(webhook: object) {
  return { metadata: { name: 'c' }, webhooks: [{ clientConfig: { url: 'https://x' } }, webhook] };
}

test.each([
  [
    'a mutating one without CA gets it',
    'mutatingwebhookconfigurations',
    { failurePolicy: 'Fail', clientConfig: { service: istiod } },
    [{ op: 'add', path: '/webhooks/1/clientConfig/caBundle', value: 'Q0E=' }],
  ],
  [
    'one with the CA of an earlier installation gets the new one',
    'mutatingwebhookconfigurations',
    { failurePolicy: 'Fail', clientConfig: { service: istiod, caBundle: 'b2xk' } },
    [{ op: 'add', path: '/webhooks/1/clientConfig/caBundle', value: 'Q0E=' }],
  ],
  [
    'a validating one is closed too',
    'validatingwebhookconfigurations',
    { failurePolicy: 'Ignore', clientConfig: { service: istiod, caBundle: 'Q0E=' } },
    [{ op: 'replace', path: '/webhooks/1/failurePolicy', value: 'Fail' }],
  ],
  [
    'a mutating one that is open on purpose stays open',
    'mutatingwebhookconfigurations',
    { failurePolicy: 'Ignore', clientConfig: { service: istiod, caBundle: 'Q0E=' } },
    undefined,
  ],
  [
    'one of another Service of its namespace is left alone',
    'mutatingwebhookconfigurations',
    { clientConfig: { service: { namespace: 'istio-system', name: 'kiali' } } },
    undefined,
  ],
  [
    'one of somebody else is left alone',
    'mutatingwebhookconfigurations',
    { clientConfig: { service: { namespace: 'cert-manager', name: 'webhook' } } },
    undefined,
  ],
])('webhooks: %s', (_case, collection, webhook, body) => {
  const path = `/apis/admissionregistration.k8s.io/v1/${collection}/c`;
  const expected = body === undefined ? [] : [{ path, kind: 'json', body }];
  expect(webhookPatches(collection, [configuration(webhook)], 'Q0E=')).toEqual(expected);
});
