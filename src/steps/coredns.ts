import { getObjects } from '../tools/kubernetes/kubectl.ts';
import { type Deployment, deploymentSchema } from '../tools/kubernetes/objects/deployment.ts';
import {
  type EndpointSlice,
  endpointSliceSchema,
  readyEndpoints,
  slicesOf,
} from '../tools/kubernetes/objects/endpoint-slice.ts';
import { judgeAvailable } from './available.ts';
import type { Step } from './step.ts';
import { passed, unanswered, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

/** Names that EKS gives: https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html */
const DEPLOYMENT = { namespace: 'kube-system', name: 'coredns' };
const SERVICE = { namespace: 'kube-system', name: 'kube-dns' };

export const corednsStep: Step<'coredns'> = {
  name: 'coredns',
  title: 'CoreDNS is available and answers behind its Service',
  defaultDeadlineSeconds: 300,
  intent: () => ({
    does: 'waits until the deployment kube-system/coredns is available and kube-dns has ready endpoints',
  }),
  run(context, _options, deadline) {
    const { kubectl } = context;
    const next = 'kubectl get pods --namespace=kube-system --selector=k8s-app=kube-dns';
    return waitFor(context, { deadline, next }, async () => {
      const { namespace, name } = DEPLOYMENT;
      const deployments = await getObjects(kubectl, deploymentSchema, [
        'deployments.apps',
        name,
        `--namespace=${namespace}`,
      ]);
      if (deployments.kind === 'failed') return unanswered(deployments.failure, 'CoreDNS');
      const slices = await getObjects(kubectl, endpointSliceSchema, slicesOf([SERVICE]));
      if (slices.kind === 'failed') return unanswered(slices.failure, 'endpoints of kube-dns');
      return judgeCoredns(deployments.items[0], slices.items);
    });
  },
};

export function judgeCoredns(
  deployment: Deployment | undefined,
  slices: readonly EndpointSlice[],
): Verdict {
  const available = judgeAvailable(deployment, 'kube-system/coredns');
  if (available.kind !== 'passed') return available;
  const ready = readyEndpoints(slices, SERVICE);
  if (ready === 0) return waiting('the Service kube-system/kube-dns has no ready endpoint');
  return passed(`${available.text}, ${ready} endpoints ready`);
}
