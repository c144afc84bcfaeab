import type { StepOutcome } from '../../domain/steps/step-outcome.ts';
import { readLoadBalancers } from '../../tools/aws/cloud-resources.ts';
import { getObjects } from '../../tools/kubernetes/kubectl.ts';
import {
  exposedObjectSchema,
  hasLoadBalancer,
} from '../../tools/kubernetes/objects/exposed-object.ts';
import type { Deadline } from '../deadline.ts';
import type { StepContext } from '../step-context.ts';
import { unanswered, unansweredByAws, type Verdict } from '../verdict.ts';
import { waitFor } from '../wait-for.ts';
import { deleteObjects } from './delete-objects.ts';
import { judgeLoadBalancers, type LoadBalancerFacts } from './judge-load-balancers.ts';

/**
 * Deletes every Ingress and every Service of type LoadBalancer and waits until what they had in AWS is
 * gone: their controllers go with the cluster, and what is left then holds the subnets of the VPC.
 */
export async function removeLoadBalancers(
  context: StepContext,
  deadline: Deadline,
): Promise<StepOutcome> {
  let first: LoadBalancerFacts | undefined;
  const next = 'kubectl get ingresses,services --all-namespaces';
  const outcome = await waitFor(context, { deadline, next }, async () => {
    const facts = await gather(context);
    if ('kind' in facts) return facts;
    first ??= facts;
    const refused = await deleteObjects(context, facts.objects);
    return refused ?? judgeLoadBalancers(context.cluster, first, facts);
  });
  const acted = first !== undefined && first.objects.length > 0;
  return outcome.kind === 'passed' ? { ...outcome, acted } : outcome;
}

async function gather({ kubectl, aws }: StepContext): Promise<LoadBalancerFacts | Verdict> {
  const what = ['ingresses.networking.k8s.io,services', '--all-namespaces'];
  const objects = await getObjects(kubectl, exposedObjectSchema, what);
  if (objects.kind === 'failed') return unanswered(objects.failure, 'Ingresses and Services');
  const resources = await readLoadBalancers(aws);
  if (resources.kind === 'failed') return unansweredByAws(resources.failure, 'load balancers');
  return { objects: objects.items.filter(hasLoadBalancer), resources: resources.value };
}
