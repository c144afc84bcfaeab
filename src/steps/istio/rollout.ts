import { conditionOf, holds } from '../../tools/kubernetes/objects/condition.ts';
import type { Deployment } from '../../tools/kubernetes/objects/deployment.ts';
import { qualifiedNameOf } from '../../tools/kubernetes/objects/metadata.ts';
import { hopeless, passed, type Verdict, waiting } from '../verdict.ts';

/**
 * The verdict of `kubectl rollout status`, from one look: that command watches, and its `--timeout` does
 * not bind a server that accepts and never answers. Rules and order are those of DeploymentStatusViewer in
 * https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go
 */
export function judgeRollout(deployment: Deployment): Verdict {
  const { metadata, spec, status } = deployment;
  const name = qualifiedNameOf(deployment);
  if (status.observedGeneration < metadata.generation) {
    return waiting(`${name}: its last change has not been observed yet`);
  }
  if (conditionOf(status.conditions, 'Progressing')?.reason === 'ProgressDeadlineExceeded') {
    return hopeless(
      `the rollout of ${name} exceeded its progress deadline: ${stateText(deployment)}`,
      `kubectl describe pods --namespace=${metadata.namespace}`,
    );
  }
  if (status.updatedReplicas < spec.replicas) {
    const paused = spec.paused ? ', and its rollout is paused' : '';
    const refused = conditionOf(status.conditions, 'ReplicaFailure');
    const why = holds(status.conditions, 'ReplicaFailure') ? `: ${refused?.message}` : '';
    return waiting(
      `${name}: ${status.updatedReplicas} of ${spec.replicas} new replicas made${paused}${why}`,
    );
  }
  const old = status.replicas - status.updatedReplicas;
  if (old > 0) return waiting(`${name}: ${old} old replicas are still there`);
  const isServing = status.availableReplicas >= status.updatedReplicas;
  const text = `${name}: ${stateText(deployment)}`;
  return isServing ? passed(text) : waiting(text);
}

function stateText({ spec, status }: Deployment): string {
  return `${status.availableReplicas} of ${spec.replicas} replicas available`;
}
