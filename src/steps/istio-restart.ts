import type { StepOutcome } from '../domain/steps/step-outcome.ts';
import type { Deadline } from './deadline.ts';
import { type Gateway, gatewayOf, readGateway } from './istio/gateway.ts';
import { lookAtInjection } from './istio/injection.ts';
import { restart, restartArgs } from './istio/restart.ts';
import { restartNeed } from './istio/restart-need.ts';
import { judgeRollout } from './istio/rollout.ts';
import type { Step } from './step.ts';
import type { StepContext } from './step-context.ts';
import { hopeless, passed, unanswered, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

export const istioRestartStep: Step<'istio-restart'> = {
  name: 'istio-restart',
  title: "the gateway's pods have the proxy of the control plane; restarts them if not",
  defaultDeadlineSeconds: 600,
  intent: (options) => {
    const gateway = gatewayOf(options);
    const { namespace, name } = gateway.deployment;
    return {
      does:
        `waits until Istio's injector serves, then restarts ${namespace}/${name} ` +
        'if a pod of it has image "auto" or another proxy than the control plane',
      kubectl: restartArgs(gateway),
    };
  },
  async run(context, options, deadline) {
    const gateway = gatewayOf(options);
    const injector = await waitForInjector(context, gateway, deadline);
    if (injector.kind === 'ended') return injector.outcome;
    return restartIfNeeded(context, gateway, injector.image, deadline);
  },
};

type Injector =
  | { readonly kind: 'serves'; readonly image: string }
  | { readonly kind: 'ended'; readonly outcome: StepOutcome };

async function waitForInjector(
  context: StepContext,
  gateway: Gateway,
  deadline: Deadline,
): Promise<Injector> {
  const { namespace } = gateway.controlPlane;
  const next = `kubectl get pods,endpointslices --namespace=${namespace}`;
  const checkName = `platform-injection-check-${context.randomHex(4)}`;
  let image = '';
  const outcome = await waitFor(context, { deadline, next }, async () => {
    const injection = await lookAtInjection(context.kubectl, gateway, checkName);
    if (injection.kind === 'open') return injection.verdict;
    image = injection.image;
    return passed(`the injector gives ${image}`);
  });
  return outcome.kind === 'passed' ? { kind: 'serves', image } : { kind: 'ended', outcome };
}

/**
 * Restarts once at most, and then waits for the rollout. When it is not known whether a restart came
 * through, the deployment's generation tells: it counts each change.
 */
async function restartIfNeeded(
  context: StepContext,
  gateway: Gateway,
  image: string,
  deadline: Deadline,
): Promise<StepOutcome> {
  const { kubectl, progress } = context;
  const { namespace, name } = gateway.deployment;
  const next = `kubectl get pods --namespace=${namespace}`;
  /** Why, when it is done. */
  let restarted: string | undefined;
  /** A restart that may or may not have been done, and the generation before it. */
  let tried: { readonly generation: number; readonly reason: string } | undefined;

  async function look(): Promise<Verdict> {
    const state = await readGateway(kubectl, gateway);
    if (state.kind === 'failed')
      return unanswered(state.failure, `the gateway ${namespace}/${name}`);
    if (state.kind === 'absent') {
      return hopeless(`the deployment ${namespace}/${name} has been deleted meanwhile`, next);
    }
    const { deployment, pods, current } = state;
    const { generation } = deployment.metadata;
    if (tried !== undefined && generation > tried.generation) restarted = tried.reason;
    const rollout = judgeRollout(deployment);
    const isObserved = deployment.status.observedGeneration >= generation;
    // Pods of an older template are on their way out: somebody has restarted already.
    const need = isObserved && restarted === undefined ? restartNeed(current, image) : undefined;
    if (need !== undefined) {
      tried = { generation, reason: need.reason };
      progress(`${need.missing}: kubectl ${restartArgs(gateway).join(' ')}`);
      const done = await restart(kubectl, gateway);
      if (done.kind === 'refused') return { kind: 'hopeless', failure: done.failure };
      if (done.kind === 'unclear') return waiting(`restart of ${namespace}/${name}: ${done.text}`);
      restarted = need.reason;
      return waiting(`${namespace}/${name} is restarted`);
    }
    if (rollout.kind !== 'passed') return rollout;
    const still = restartNeed(pods, image);
    if (still !== undefined) return waiting(still.missing);
    const holds = `${pods.length} of ${deployment.spec.replicas} pods have ${image}`;
    return passed(
      restarted === undefined ? `${holds}, no restart needed` : `restarted, ${restarted}; ${holds}`,
    );
  }

  const outcome = await waitFor(context, { deadline, next }, look);
  return outcome.kind === 'passed' ? { ...outcome, acted: restarted !== undefined } : outcome;
}
