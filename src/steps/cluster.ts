import type { EksAnswer } from '../tools/aws/eks-client.ts';
import type { EksCluster } from '../tools/aws/eks-reader.ts';
import type { KubectlResult } from '../tools/kubernetes/kubectl.ts';
import { issuesText } from './health-issues.ts';
import type { Step } from './step.ts';
import { hopeless, passed, unanswered, unansweredByAws, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

export const clusterStep: Step<'cluster'> = {
  name: 'cluster',
  title: 'the EKS cluster is ACTIVE and its API server is ready',
  defaultDeadlineSeconds: 600,
  intent: () => ({
    does: 'waits until the EKS cluster is ACTIVE without a health issue and its API server is ready',
  }),
  run(context, _options, deadline) {
    const { clock, eks, kubectl, cluster, signal } = context;
    let refusedAt: number | undefined;
    const next = `aws eks describe-cluster --name=${cluster}`;
    return waitFor(context, { deadline, next }, async () => {
      const described = judgeCluster(await eks.cluster(signal), cluster);
      if (described.kind !== 'passed') return described;
      const ready = judgeReadiness(await kubectl.run(['get', '--raw=/readyz']));
      if (ready.kind === 'passed') return described;
      if (ready.kind !== 'hopeless' || ready.failure.kind !== 'identity') return ready;
      refusedAt ??= clock.now();
      const endsAt = Math.min(refusedAt + ACCESS_ENTRY_MS, deadline.endsAt);
      return clock.now() < endsAt ? waiting(ready.failure.summary) : ready;
    });
  },
};

/**
 * How long credentials may be refused by the first gate of a cluster: access entries are eventually
 * consistent, its API server knows a new one some seconds later.
 */
const ACCESS_ENTRY_MS = 60_000;

/** Statuses that no waiting changes: https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html */
const LOST = new Set(['FAILED', 'DELETING']);

export function judgeCluster(answer: EksAnswer<EksCluster>, name: string): Verdict {
  if (answer.kind === 'failed') return unansweredByAws(answer.failure, 'the EKS cluster');
  if (answer.kind === 'absent') {
    return hopeless(`there is no EKS cluster "${name}"`, 'apply its unit first');
  }
  const { status, version, issues } = answer.value;
  const why = issues.length === 0 ? '' : `: ${issuesText(issues)}`;
  if (LOST.has(status)) return hopeless(`the EKS cluster "${name}" is ${status}${why}`);
  if (status !== 'ACTIVE') return waiting(`the EKS cluster "${name}" is ${status}${why}`);
  if (issues.length > 0) return waiting(`the EKS cluster "${name}" has a health issue${why}`);
  return passed(`cluster ${name} is ACTIVE (Kubernetes ${version}), its API server is ready`);
}

/** `/readyz` is open to everybody who may sign in: https://kubernetes.io/docs/reference/using-api/health-checks/ */
export function judgeReadiness(result: KubectlResult): Verdict {
  if (result.kind === 'failed') return unanswered(result.failure, 'readiness of the API server');
  const text = result.stdout.trim();
  return text === 'ok' ? passed('the API server is ready') : waiting(`/readyz says "${text}"`);
}
