import { expect, test } from 'vitest';
import { noProof } from '../../../../src/actions/kubeconfig/ask-api-server.ts';
import type { KubectlFailureKind } from '../../../../src/tools/kubernetes/kubectl-failure.ts';

const where = {
  environment: 'dev',
  cluster: 'arn',
  context: 'ours',
  kubeconfig: '/home/ann/.kube/config',
};

function problem(kind: KubectlFailureKind, endpointPublicCidrs: string[] = []) {
  const cluster = { name: 'mlp-dev', version: '1.34', endpointPublicCidrs };
  return noProof({ kind, text: 'its words' }, where, 'https://api', { cluster });
}

test.each<[KubectlFailureKind, number, RegExp, RegExp]>([
  ['unreachable', 1, /does not answer/, /endpoint is private/],
  ['timeout', 1, /does not answer/, /endpoint is private/],
  ['unauthorized', 5, /does not accept the credentials/, /access entry/],
  ['tls', 1, /certificate is not the cluster's/, /proxy/],
  ['not-started', 69, /kubectl does not start/, /platform tools install kubectl/],
  ['server-error', 1, /could not be asked/, /platform status dev/],
  ['other', 1, /could not be asked/, /platform status dev/],
])('%s: exit code %i, what kubectl said, where, and what to do', (kind, exitCode, what, next) => {
  const error = problem(kind);
  expect(error.exitCode).toBe(exitCode);
  expect(error.problem.what).toMatch(what);
  expect(error.problem.what).toMatch(/^the context is written, but .*: its words$/);
  expect(error.problem.where).toBe('https://api, by context "ours" in /home/ann/.kube/config');
  expect(error.problem.next).toMatch(next);
});

test('an endpoint that is open to some is not called private', () => {
  expect(problem('timeout', ['203.0.113.0/24']).problem.next).toMatch(
    /^is your address in a range/,
  );
});
