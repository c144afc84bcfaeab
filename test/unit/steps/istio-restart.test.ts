import { describe, expect, test } from 'vitest';
import { deadlineIn } from '../../../src/steps/deadline.ts';
import { podOf } from '../../../src/steps/istio/injection.ts';
import { restartNeed } from '../../../src/steps/istio/restart-need.ts';
import { judgeRollout } from '../../../src/steps/istio/rollout.ts';
import { istioRestartStep } from '../../../src/steps/istio-restart.ts';
import { deploymentSchema } from '../../../src/tools/kubernetes/objects/deployment.ts';
import { podSchema } from '../../../src/tools/kubernetes/objects/pod.ts';
import { fakeKubectl, type KubectlAnswer } from '../support/fake-kubectl.ts';
import { fixture } from '../support/fixture.ts';
import { recorded, recordedText, shown, stepScene } from '../support/step-scene.ts';

const INJECTED = 'docker.io/istio/proxyv2:1.27.3';
const pods = (name: string) => recorded(podSchema, name, 'Pod');
const deployment = (name: string) => {
  const [found] = recorded(deploymentSchema, name, 'Deployment');
  if (found === undefined) throw new Error(`no deployment in ${name}`);
  return found;
};
const failure = (name: string) => ({ stderr: fixture(`kubernetes/1.36.3/${name}.stderr`) });

describe('whether a restart is needed', () => {
  test.each([
    [
      'gateway-auto',
      INJECTED,
      /^2 of 2 gateway pods have image "auto": istio-ingress-\S+, istio-ingress-\S+$/,
      '2 pods had the image "auto"',
    ],
    ['gateway-rolled-out', INJECTED, undefined, undefined],
    [
      'gateway-rolled-out',
      'docker.io/istio/proxyv2:1.28.0',
      /^2 of 2 gateway pods have proxy 1\.27\.3, the control plane's is 1\.28\.0$/,
      "2 pods had proxy 1.27.3, the control plane's is 1.28.0",
    ],
  ])('%s, while %s is injected', (name, image, missing, reason) => {
    const need = restartNeed(pods(name), image);
    if (missing === undefined) expect(need).toBeUndefined();
    else expect(need).toEqual({ missing: expect.stringMatching(missing), reason });
  });

  test('one pod is one pod', () => {
    expect(restartNeed(pods('gateway-auto').slice(1), INJECTED)?.reason).toBe(
      '1 pod had the image "auto"',
    );
  });

  test('a digest is a version too', () => {
    const digest = 'istio/proxyv2@sha256:0a1b';
    expect(restartNeed(pods('gateway-rolled-out'), digest)?.missing).toContain(
      `the control plane's is ${digest}`,
    );
  });

  test('no pods need no restart', () => {
    expect(restartNeed([], INJECTED)).toBeUndefined();
  });
});

test.each([
  ['gateway-auto', 'waiting: istio-ingress/istio-ingress: 0 of 2 replicas available'],
  ['gateway-rolled-out', 'passed: istio-ingress/istio-ingress: 2 of 2 replicas available'],
  [
    'gateway-progress-deadline',
    'hopeless (failed): the rollout of istio-ingress/istio-ingress exceeded its progress deadline: 0 of 2 replicas available',
  ],
  [
    'gateway-replica-failure',
    'waiting: istio-ingress/istio-ingress: 0 of 2 new replicas made: Internal error occurred: failed calling webhook',
  ],
  ['gateway-midway', 'waiting: istio-ingress/istio-ingress:'],
])('the rollout of %s: %s', (name, expected) => {
  expect(shown(judgeRollout(deployment(name)))).toContain(expected);
});

test.each([
  [
    { observedGeneration: 0 },
    'waiting: istio-ingress/istio-ingress: its last change has not been observed yet',
  ],
  [{ updatedReplicas: 1 }, 'waiting: istio-ingress/istio-ingress: 1 of 2 new replicas made'],
  [{ replicas: 3 }, 'waiting: istio-ingress/istio-ingress: 1 old replicas are still there'],
  [{ availableReplicas: 1 }, 'waiting: istio-ingress/istio-ingress: 1 of 2 replicas available'],
])('a rollout with %j: %s', (changes, expected) => {
  const done = deployment('gateway-rolled-out');
  expect(shown(judgeRollout({ ...done, status: { ...done.status, ...changes } }))).toBe(expected);
});

test('the pod of the dry run is one that the deployment would make', () => {
  const { spec } = deployment('gateway-auto');
  expect(podOf(deployment('gateway-auto'), 'check')).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'check',
      namespace: 'istio-ingress',
      labels: { istio: 'ingress', 'sidecar.istio.io/inject': 'true' },
      annotations: { 'inject.istio.io/templates': 'gateway' },
    },
    spec: spec.template.spec,
  });
});

const RESTART = 'rollout restart deployment/istio-ingress --namespace=istio-ingress';
const CAN_I = 'auth can-i patch deployments.apps/istio-ingress --namespace=istio-ingress';
const GATEWAY =
  'get deployments.apps,replicasets.apps,pods --namespace=istio-ingress --ignore-not-found --output=json';

/** istiod, as recorded CoreDNS is: available. */
const AVAILABLE = recordedText('coredns');
const INJECTOR = JSON.stringify({
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'istio-sidecar-injector' },
  webhooks: [
    {
      name: 'object',
      clientConfig: { caBundle: 'Q0E=', service: { namespace: 'istio-system', name: 'istiod' } },
    },
  ],
});
const only = (name: string, kind: string) =>
  JSON.stringify(
    JSON.parse(recordedText(name)).items.find((item: { kind: string }) => item.kind === kind),
  );

/** A mesh whose gateway goes through these states (names of fixtures, or JSON), one a look; the last stays. */
function mesh(
  states: readonly string[],
  answers: { readonly [line: string]: KubectlAnswer | (() => KubectlAnswer) } = {},
) {
  const left = [...states];
  const next = (): KubectlAnswer => {
    const state = (left.length > 1 ? left.shift() : left[0]) ?? '';
    return state.startsWith('{') ? state : recordedText(state);
  };
  return fakeKubectl((line) => {
    const given = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1];
    if (given !== undefined) return typeof given === 'function' ? given() : given;
    if (line.startsWith('get deployments.apps istiod')) return AVAILABLE;
    if (line.startsWith('get mutatingwebhookconfigurations/')) return INJECTOR;
    if (line.startsWith('get endpointslices')) return recordedText('endpointslices');
    if (line.startsWith('get deployments.apps istio-ingress')) {
      return only('gateway-auto', 'Deployment');
    }
    if (line.startsWith('create --dry-run=server')) return recordedText('dry-run-injected');
    if (line === GATEWAY) return next();
    if (line === CAN_I) return 'yes';
    if (line === RESTART) return 'deployment.apps/istio-ingress restarted';
    return undefined;
  });
}

function run(kubectl: ReturnType<typeof mesh>, seconds = 60) {
  const scene = stepScene({ kubectl });
  const outcome = istioRestartStep.run(scene, {}, deadlineIn(scene.clock, seconds));
  return { scene, outcome };
}

const restarts = (kubectl: ReturnType<typeof mesh>) =>
  kubectl.ran.filter((line) => line === RESTART).length;

describe('the step', () => {
  test('restarts a gateway with image "auto" once, by kubectl, and waits until it has rolled out', async () => {
    const kubectl = mesh(['gateway-auto', 'gateway-midway', 'gateway-rolled-out']);
    const { scene, outcome } = run(kubectl);
    expect(await outcome).toEqual({
      kind: 'passed',
      text: `restarted, 2 pods had the image "auto"; 2 of 2 pods have ${INJECTED}`,
      acted: true,
    });
    expect(restarts(kubectl)).toBe(1);
    expect(scene.said[0]).toMatch(
      /^2 of 2 gateway pods have image "auto": .*: kubectl rollout restart/,
    );
  });

  test('a gateway that is as it should be is left alone', async () => {
    const kubectl = mesh(['gateway-rolled-out']);
    expect(await run(kubectl).outcome).toEqual({
      kind: 'passed',
      text: `2 of 2 pods have ${INJECTED}, no restart needed`,
      acted: false,
    });
    expect(kubectl.ran).not.toContain(CAN_I);
    expect(restarts(kubectl)).toBe(0);
  });

  // In the second, pods with image "auto" are still there: those of the template before.
  test.each(['gateway-midway', 'gateway-replica-failure'])(
    'a rollout that somebody else has begun is waited for, not begun again: %s',
    async (name) => {
      const kubectl = mesh([name, 'gateway-rolled-out']);
      expect(await run(kubectl).outcome).toMatchObject({ kind: 'passed', acted: false });
      expect(restarts(kubectl)).toBe(0);
    },
  );

  test('that somebody restarted within the last second is no failure', async () => {
    const kubectl = mesh(['gateway-auto', 'gateway-rolled-out'], {
      [RESTART]: failure('restart-twice'),
    });
    expect(await run(kubectl).outcome).toMatchObject({ kind: 'passed', acted: true });
    expect(restarts(kubectl)).toBe(1);
  });

  test("a paused deployment is refused in kubectl's words", async () => {
    const kubectl = mesh(['gateway-auto'], { [RESTART]: failure('restart-paused') });
    expect(await run(kubectl).outcome).toEqual({
      kind: 'failed',
      failure: {
        kind: 'failed',
        summary:
          'deployments.apps "istio-ingress" can\'t restart paused deployment (run rollout resume first)',
        next: 'kubectl rollout resume deployment/istio-ingress --namespace=istio-ingress',
      },
    });
  });

  test('credentials that end before the restart are a matter of identity', async () => {
    const kubectl = mesh(['gateway-auto'], { [RESTART]: failure('failures/restart-401') });
    expect(await run(kubectl).outcome).toMatchObject({
      kind: 'failed',
      failure: { kind: 'identity', next: expect.stringContaining('access entry') },
    });
  });

  test('a paused deployment that needs no restart is no failure', async () => {
    const state = JSON.parse(recordedText('gateway-rolled-out'));
    for (const item of state.items) if (item.kind === 'Deployment') item.spec.paused = true;
    const kubectl = mesh([JSON.stringify(state)]);
    expect(await run(kubectl).outcome).toMatchObject({ kind: 'passed', acted: false });
    expect(restarts(kubectl)).toBe(0);
  });

  test('who may not patch is told before anything is tried', async () => {
    const kubectl = mesh(['gateway-auto'], {
      [CAN_I]: { stderr: '', stdout: fixture('kubernetes/1.36.3/can-i-no.stdout') },
    });
    expect(await run(kubectl).outcome).toMatchObject({
      kind: 'failed',
      failure: { summary: expect.stringContaining('not allowed to patch') },
    });
    expect(restarts(kubectl)).toBe(0);
  });

  test.each(['restart-429', 'restart-409', 'restart-503', 'restart-500'])(
    '%s: it is tried again',
    async (name) => {
      const answers: KubectlAnswer[] = [failure(`failures/${name}`), 'restarted'];
      const kubectl = mesh(['gateway-auto', 'gateway-auto', 'gateway-rolled-out'], {
        [RESTART]: () => answers.shift() ?? 'restarted',
      });
      expect(await run(kubectl).outcome).toMatchObject({ kind: 'passed', acted: true });
      expect(restarts(kubectl)).toBe(2);
    },
  );

  test.each(['restart-reset', 'restart-hang'])(
    '%s: when it came through after all, it is not done twice',
    async (name) => {
      const before = JSON.parse(recordedText('gateway-auto'));
      for (const item of before.items) {
        if (item.kind === 'Deployment') item.metadata.generation += 1;
      }
      const kubectl = mesh(['gateway-auto', JSON.stringify(before), 'gateway-rolled-out'], {
        [RESTART]: failure(`failures/${name}`),
      });
      expect(await run(kubectl).outcome).toMatchObject({ kind: 'passed', acted: true });
      expect(restarts(kubectl)).toBe(1);
    },
  );

  test('a rollout that exceeds its progress deadline after the restart fails at once', async () => {
    const kubectl = mesh(['gateway-auto', 'gateway-progress-deadline']);
    const { scene, outcome } = run(kubectl, 600);
    const startedAt = scene.clock.now();
    expect(await outcome).toMatchObject({
      kind: 'failed',
      failure: { summary: expect.stringContaining('exceeded its progress deadline') },
    });
    expect(scene.clock.now() - startedAt).toBeLessThan(2000);
  });

  test('a deployment that goes away meanwhile is not waited for', async () => {
    const kubectl = mesh(['gateway-auto', '{"kind":"List","items":[]}']);
    expect(await run(kubectl).outcome).toMatchObject({
      kind: 'failed',
      failure: {
        summary: 'the deployment istio-ingress/istio-ingress has been deleted meanwhile',
      },
    });
  });

  test.each([
    ['get deployments.apps istiod', '', 'the deployment istio-system/istiod is not there'],
    [
      'get deployments.apps istiod',
      recordedText('coredns-fresh'),
      'the deployment istio-system/istiod is not available, 0 of 2',
    ],
    [
      'get endpointslices',
      '',
      'the mutating webhook configuration istio-sidecar-injector has no ready endpoint behind istio-system/istiod',
    ],
    [
      'create --dry-run=server',
      only('gateway-auto', 'Pod'),
      'the injector does not answer: a gateway pod made now would have image "auto"',
    ],
    [
      'create --dry-run=server',
      failure('dry-run-no-webhook'),
      'dry run of a gateway pod: (InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook',
    ],
    [
      'get deployments.apps istio-ingress',
      '',
      'the gateway istio-ingress/istio-ingress is not there',
    ],
  ])('nothing is restarted while %s gives %#', async (line, answer, expected) => {
    const kubectl = mesh(['gateway-auto'], { [line]: answer });
    expect(await run(kubectl, 1).outcome).toMatchObject({
      kind: 'failed',
      failure: { summary: expect.stringContaining(expected) },
    });
    expect(restarts(kubectl)).toBe(0);
  });

  test('a stop during the restart starts nothing more', async () => {
    const stopper = new AbortController();
    const kubectl = mesh(['gateway-auto'], {
      [RESTART]: () => {
        stopper.abort();
        return failure('failures/restart-reset');
      },
    });
    const scene = stepScene({ kubectl, stopper });
    const outcome = await istioRestartStep.run(scene, {}, deadlineIn(scene.clock, 60));
    expect(outcome).toEqual({ kind: 'interrupted' });
    expect(kubectl.ran.at(-1)).toBe(RESTART);
  });
});

test('what it would run is said as kubectl takes it', () => {
  const options = { deployment: 'edge/gate' };
  expect(istioRestartStep.intent(options).kubectl).toEqual([
    'rollout',
    'restart',
    'deployment/gate',
    '--namespace=edge',
  ]);
});
