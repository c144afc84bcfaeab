import { expect, test } from 'vitest';
import { clusterStep, judgeCluster, judgeReadiness } from '../../../src/steps/cluster.ts';
import { deadlineIn } from '../../../src/steps/deadline.ts';
import { classifyAws } from '../../../src/tools/aws/aws-failure.ts';
import { askEks } from '../../../src/tools/aws/eks-client.ts';
import type { EksCluster, EksReader } from '../../../src/tools/aws/eks-reader.ts';
import { fakeKubectl } from '../support/fake-kubectl.ts';
import { fixture } from '../support/fixture.ts';
import { shown, stepScene } from '../support/step-scene.ts';

const active: EksCluster = {
  name: 'demo',
  arn: 'arn:aws:eks:eu-central-1:111122223333:cluster/demo',
  status: 'ACTIVE',
  version: '1.34',
  endpoint: 'https://127.0.0.1:1',
  certificateAuthority: 'Q0E=',
  issues: [],
};
const issue = { code: 'KmsKeyDisabled', message: 'the key is disabled' };

test.each([
  [{}, 'passed: cluster demo is ACTIVE (Kubernetes 1.34), its API server is ready'],
  [{ status: 'CREATING' }, 'waiting: the EKS cluster "demo" is CREATING'],
  [{ status: 'FAILED' }, 'hopeless (failed): the EKS cluster "demo" is FAILED'],
  [
    { status: 'FAILED', issues: [issue] },
    'hopeless (failed): the EKS cluster "demo" is FAILED: KmsKeyDisabled: the key is disabled',
  ],
  [
    { issues: [issue, issue] },
    'waiting: the EKS cluster "demo" has a health issue: KmsKeyDisabled: the key is disabled (and 1 more)',
  ],
])('a cluster with %j: %s', (changes, expected) => {
  const answer = { kind: 'answer', value: { ...active, ...changes } } as const;
  expect(shown(judgeCluster(answer, 'demo'))).toBe(expected);
});

test.each([
  [
    'ExpiredTokenException: the security token is expired',
    'hopeless (identity): AWS does not accept',
  ],
  [
    'AccessDeniedException: not authorized',
    'hopeless (failed): not allowed to read the EKS cluster',
  ],
  ['ThrottlingException: rate exceeded', 'waiting: the EKS cluster: ThrottlingException'],
  ['TimeoutError: ECONNREFUSED', 'waiting: the EKS cluster: TimeoutError'],
])('AWS says %j: %s', (text, expected) => {
  const verdict = judgeCluster({ kind: 'failed', failure: classifyAws(text) }, 'demo');
  expect(shown(verdict)).toContain(expected);
});

test('a cluster that is not there does not come by waiting', () => {
  expect(shown(judgeCluster({ kind: 'absent' }, 'demo'))).toBe(
    'hopeless (failed): there is no EKS cluster "demo"',
  );
});

test.each([
  ['ok', 'passed: the API server is ready'],
  ['[-]etcd failed', 'waiting: /readyz says "[-]etcd failed"'],
])('/readyz answers %j: %s', (stdout, expected) => {
  expect(shown(judgeReadiness({ kind: 'done', stdout }))).toBe(expected);
});

test('waits until AWS and the API server agree, and says what is missing meanwhile', async () => {
  const statuses = ['CREATING', 'ACTIVE'];
  const readiness = [{ stderr: fixture('kubernetes/1.36.3/failures/refused.stderr') }, 'ok'];
  const scene = stepScene({
    kubectl: fakeKubectl((line) => (line === 'get --raw=/readyz' ? readiness.shift() : undefined)),
    eks: {
      cluster: async () => {
        return { kind: 'answer', value: { ...active, status: statuses.shift() ?? 'ACTIVE' } };
      },
    },
  });
  expect(await clusterStep.run(scene, {}, deadlineIn(scene.clock, 60))).toMatchObject({
    kind: 'passed',
    acted: false,
  });
  expect(scene.said).toEqual([
    'the EKS cluster "demo" is CREATING',
    expect.stringMatching(/^readiness of the API server: The connection .* was refused/),
  ]);
});

const refused = { stderr: fixture('kubernetes/1.36.3/failures/bad-token.stderr') };
const activeEks: Partial<EksReader> = {
  cluster: async () => ({ kind: 'answer', value: active }),
};

test('credentials that the API server accepts only after some seconds are waited for', async () => {
  const readiness = [refused, refused, refused, 'ok'];
  const scene = stepScene({ kubectl: fakeKubectl(() => readiness.shift()), eks: activeEks });
  const outcome = await clusterStep.run(scene, {}, deadlineIn(scene.clock, 600));
  expect(outcome).toMatchObject({ kind: 'passed' });
  expect(scene.said[0]).toMatch(/^the API server does not accept the credentials: .*Unauthorized/);
});

test.each([
  [600, 60],
  [20, 20],
])(
  'with %i s, credentials that are never accepted end it after %i s, as a matter of identity',
  async (seconds, expected) => {
    const scene = stepScene({ kubectl: fakeKubectl(() => refused), eks: activeEks });
    const startedAt = scene.clock.now();
    expect(await clusterStep.run(scene, {}, deadlineIn(scene.clock, seconds))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'identity', next: expect.stringContaining('access entry') },
    });
    const waitedSeconds = (scene.clock.now() - startedAt) / 1000;
    expect(waitedSeconds).toBeGreaterThanOrEqual(expected);
    expect(waitedSeconds).toBeLessThan(expected + 5);
  },
);

test('the time to wait counts from the first refusal, not from the beginning', async () => {
  const statuses = Array.from({ length: 30 }, () => 'CREATING');
  const readiness = [refused, refused, 'ok'];
  const scene = stepScene({
    kubectl: fakeKubectl(() => readiness.shift()),
    eks: {
      cluster: async () => ({
        kind: 'answer',
        value: { ...active, status: statuses.shift() ?? 'ACTIVE' },
      }),
    },
  });
  const outcome = await clusterStep.run(scene, {}, deadlineIn(scene.clock, 600));
  expect(outcome).toMatchObject({ kind: 'passed' });
});

test('a stop ends a question to EKS that nobody answers', async () => {
  const stopper = new AbortController();
  const scene = stepScene({
    stopper,
    eks: {
      cluster: (signal) => {
        const asked = askEks<EksCluster>(() => new Promise(() => {}), signal);
        stopper.abort();
        return asked;
      },
    },
  });
  expect(await clusterStep.run(scene, {}, deadlineIn(scene.clock, 60))).toEqual({
    kind: 'interrupted',
  });
});
