import type { StepOutcome } from '../../domain/steps/step-outcome.ts';
import type { Deadline } from '../deadline.ts';
import type { StepContext } from '../step-context.ts';
import { hopeless, passed, unanswered, unansweredByAws } from '../verdict.ts';
import { waitFor } from '../wait-for.ts';
import type { PreDestroyStep } from './pre-destroy-step.ts';
import { removeLoadBalancers } from './remove-load-balancers.ts';
import { removeVolumes } from './remove-volumes.ts';

/** In this order, and the first that does not pass ends it: no unit has been touched by then. */
export const PRE_DESTROY_STEPS: readonly PreDestroyStep[] = [
  {
    name: 'reach-cluster',
    title: 'the API server answers, or there is no cluster',
    defaultDeadlineSeconds: 60,
    run: inCluster(reachCluster),
  },
  {
    name: 'remove-load-balancers',
    title: 'Ingresses and Services of type LoadBalancer go, and what they have in AWS',
    defaultDeadlineSeconds: 600,
    run: inCluster(removeLoadBalancers),
  },
  {
    name: 'remove-volumes',
    title: 'claims go whose volumes go with them, and the volumes',
    defaultDeadlineSeconds: 600,
    run: inCluster(removeVolumes),
  },
];

type Run = PreDestroyStep['run'];

/** A cluster that EKS does not have, or is deleting by itself, has nothing left to be asked. */
function inCluster(run: Run): Run {
  return async (context, deadline) => {
    const answer = await context.eks.cluster(context.signal);
    if (context.signal.aborted) return { kind: 'interrupted' };
    if (answer.kind === 'absent')
      return nothingToDo(`there is no EKS cluster "${context.cluster}"`);
    if (answer.kind === 'answer' && answer.value.status === 'DELETING') {
      return nothingToDo(`"${context.cluster}" is being deleted already`);
    }
    if (answer.kind === 'failed') {
      const verdict = unansweredByAws(answer.failure, `the EKS cluster "${context.cluster}"`);
      // The SDK has asked several times by itself.
      const failure =
        verdict.kind === 'hopeless'
          ? verdict.failure
          : { kind: 'failed' as const, summary: answer.failure.text };
      return { kind: 'failed', failure };
    }
    return run(context, deadline);
  };
}

function nothingToDo(text: string): StepOutcome {
  return { kind: 'passed', text, acted: false };
}

async function reachCluster(context: StepContext, deadline: Deadline): Promise<StepOutcome> {
  const next =
    'make it reachable; --skip-steps goes on, and leaves load balancers and volumes behind';
  return waitFor(context, { deadline, next }, async () => {
    const result = await context.kubectl.run(['get', '--raw=/readyz']);
    if (result.kind === 'done') return passed('the API server answers');
    const verdict = unanswered(result.failure, 'the API server');
    return verdict.kind === 'hopeless'
      ? hopeless(verdict.failure.summary, next, verdict.failure.kind)
      : verdict;
  });
}
