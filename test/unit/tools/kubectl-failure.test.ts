import { expect, test } from 'vitest';
import { classifyKubectl } from '../../../src/tools/kubernetes/kubectl-failure.ts';
import { fixture } from '../support/fixture.ts';

test.each([
  ['get-401', 'unauthorized', 'You must be logged in to the server (Unauthorized)'],
  ['bad-token', 'unauthorized', 'You must be logged in to the server (Unauthorized)'],
  ['restart-401', 'unauthorized', 'failed to patch: Unauthorized'],
  [
    'exec-missing',
    'unauthorized',
    'Unable to connect to the server: getting credentials: exec: executable no-such-plugin not found',
  ],
  ['get-403', 'forbidden', '(Forbidden): nodes is forbidden: User "somebody" cannot do that'],
  [
    'forbidden',
    'forbidden',
    '(Forbidden): secrets is forbidden: User "nobody" cannot list resource "secrets" in API group "" at the cluster scope',
  ],
  [
    'restart-403',
    'forbidden',
    'failed to patch: nodes is forbidden: User "somebody" cannot do that',
  ],
  [
    'get-409',
    'conflict',
    '(Conflict): Operation cannot be fulfilled: the object has been modified',
  ],
  [
    'restart-409',
    'conflict',
    'failed to patch: Operation cannot be fulfilled: the object has been modified',
  ],
  ['get-429', 'throttled', '(TooManyRequests): the server has received too many requests'],
  ['restart-429', 'throttled', 'failed to patch: the server has received too many requests'],
  [
    'get-429-retry-after',
    'timeout',
    'client rate limiter Wait returned an error: context deadline exceeded',
  ],
  ['get-500', 'server-error', '(InternalError): Internal error occurred: a fault of a test'],
  ['readyz-500', 'server-error', '(InternalError): Internal error occurred: a fault of a test'],
  ['restart-500', 'server-error', 'failed to patch: Internal error occurred: a fault of a test'],
  [
    'get-503',
    'server-error',
    '(ServiceUnavailable): the server is currently unable to handle the request',
  ],
  [
    'restart-503',
    'server-error',
    'failed to patch: the server is currently unable to handle the request',
  ],
  [
    'get-hang',
    'timeout',
    'Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
  ],
  [
    'refused',
    'unreachable',
    'The connection to the server 127.0.0.1:36444 was refused - did you specify the right host or port?',
  ],
  [
    'wrong-ca',
    'tls',
    'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  ['not-found', 'not-found', '(NotFound): namespaces "nope" not found'],
  ['restart-not-found', 'not-found', '(NotFound): deployments.apps "nope" not found'],
])('%s: %s', (name, kind, text) => {
  const stderr = fixture(`kubernetes/1.36.3/failures/${name}.stderr`);
  expect(classifyKubectl(stderr)).toEqual({ kind, text });
});

test.each([
  ['get-reset', 'unreachable'],
  ['restart-reset', 'unreachable'],
  ['restart-hang', 'timeout'],
  ['any-hang', 'timeout'],
])('%s is %s: it may have been done, and may be asked again', (name, kind) => {
  const stderr = fixture(`kubernetes/1.36.3/failures/${name}.stderr`);
  expect(classifyKubectl(stderr).kind).toBe(kind);
});

test.each([
  ['', 'other', 'kubectl said nothing'],
  ['error: you broke it\n', 'other', 'you broke it'],
  [
    fixture('kubernetes/1.36.3/no-such-kind.stderr'),
    'no-such-kind',
    'the server doesn\'t have a resource type "clusterpolicies"',
  ],
  [
    fixture('kubernetes/1.36.3/restart-paused.stderr'),
    'other',
    'deployments.apps "istio-ingress" can\'t restart paused deployment (run rollout resume first)',
  ],
  [
    fixture('kubernetes/1.36.3/webhook-x509.stderr'),
    'server-error',
    '(InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook "object.sidecar-injector.istio.io": failed to call webhook: Post "https://127.0.0.1:36500/inject?timeout=5s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
])('%j is %s', (stderr, kind, text) => {
  expect(classifyKubectl(stderr)).toEqual({ kind, text });
});
