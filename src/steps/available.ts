import { conditionOf, holds } from '../tools/kubernetes/objects/condition.ts';
import type { Deployment } from '../tools/kubernetes/objects/deployment.ts';
import { passed, type Verdict, waiting } from './verdict.ts';

/** Whether a deployment serves; a rollout may still go on behind it. */
export function judgeAvailable(deployment: Deployment | undefined, name: string): Verdict {
  if (deployment === undefined) return waiting(`the deployment ${name} is not there`);
  const { spec, status } = deployment;
  if (spec.replicas === 0) return waiting(`the deployment ${name} is scaled to zero`);
  const counts = `${status.availableReplicas} of ${spec.replicas}`;
  if (holds(status.conditions, 'Available')) return passed(`${name}: ${counts} available`);
  const refused = conditionOf(status.conditions, 'ReplicaFailure');
  const why = refused?.status === 'True' ? `: ${refused.message}` : '';
  return waiting(`the deployment ${name} is not available, ${counts}${why}`);
}
