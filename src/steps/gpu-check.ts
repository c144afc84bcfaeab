import type { AwsAnswer, AwsCli } from '../tools/aws/aws-cli.ts';
import { describeInstanceTypes, type InstanceType } from '../tools/aws/ec2.ts';
import { getObjects, type Kubectl } from '../tools/kubernetes/kubectl.ts';
import { clusterPolicySchema } from '../tools/kubernetes/objects/cluster-policy.ts';
import { daemonSetSchema } from '../tools/kubernetes/objects/daemon-set.ts';
import { nodeSchema } from '../tools/kubernetes/objects/node.ts';
import {
  type ExpectedGpus,
  expectedGpus,
  gpuGroups,
  instanceTypesOf,
} from './gpu/expected-gpus.ts';
import { type GpuState, judgeGpus } from './gpu/judge-gpus.ts';
import { runSmokePod } from './gpu/run-smoke-pod.ts';
import { SMOKE_IMAGE } from './gpu/smoke-pod.ts';
import type { Step } from './step.ts';
import type { StepContext } from './step-context.ts';
import { hopeless, passed, unanswered, unansweredByAws, type Verdict } from './verdict.ts';
import { waitFor } from './wait-for.ts';

const NAMESPACE = 'gpu-operator';

export const gpuCheckStep: Step<'gpu-check'> = {
  name: 'gpu-check',
  title: 'pods can use as many GPUs as the EKS node groups promise',
  defaultDeadlineSeconds: 1800,
  intent: ({ smokePod = true, smokeImage = SMOKE_IMAGE }) => ({
    does: `waits until as many GPUs are allocatable as the EKS node groups promise${
      smokePod ? `, then runs nvidia-smi in a pod with one GPU (${smokeImage}) and removes it` : ''
    }`,
  }),
  async run(context, options, deadline) {
    const { namespace = NAMESPACE, smokePod = true, smokeImage = SMOKE_IMAGE } = options;
    const instanceTypes = askOnce(context.aws);
    let count = 0;
    const chain = await waitFor(
      context,
      { deadline, next: `kubectl get pods --namespace=${namespace} --output=wide` },
      async () => {
        const expected = await gatherExpected(context, instanceTypes);
        if (expected.kind === 'open') return expected.verdict;
        count = expected.gpus.atMost;
        if (count === 0) return passed(noneText(expected.gpus));
        const state = await gatherState(context.kubectl, namespace);
        return state.kind === 'open' ? state.verdict : judgeGpus(state.state, expected.gpus);
      },
    );
    if (chain.kind !== 'passed' || count === 0 || !smokePod) return chain;
    context.progress(chain.text);
    const smoke = await runSmokePod(context, { namespace, image: smokeImage }, deadline);
    if (smoke.kind !== 'passed') return smoke;
    // The pod came and went: the cluster is as it was.
    return { kind: 'passed', text: `${chain.text}, ${smoke.text}`, acted: false };
  },
};

type Known = Extract<ExpectedGpus, { readonly kind: 'known' }>;

function noneText({ groups }: Known): string {
  return groups.length === 0 ? 'no GPU node group' : '0 GPUs expected: scaled to zero';
}

type AskInstanceTypes = (names: readonly string[]) => Promise<AwsAnswer<InstanceType[]>>;

/** What an instance type has does not change while we wait. */
function askOnce(aws: AwsCli): AskInstanceTypes {
  const known = new Map<string, AwsAnswer<InstanceType[]>>();
  return async (names) => {
    const key = names.join(' ');
    const answer = known.get(key) ?? (await aws.ask(describeInstanceTypes(names)));
    if (answer.kind === 'answer') known.set(key, answer);
    return answer;
  };
}

async function gatherExpected(
  { eks, cluster, signal }: StepContext,
  instanceTypes: AskInstanceTypes,
): Promise<
  | { readonly kind: 'expected'; readonly gpus: Known }
  | { readonly kind: 'open'; readonly verdict: Verdict }
> {
  const answer = await eks.nodeGroups(signal);
  if (answer.kind === 'failed') return open(unansweredByAws(answer.failure, 'node groups'));
  if (answer.kind === 'absent') return open(hopeless(`there is no EKS cluster "${cluster}"`));
  const groups = gpuGroups(answer.value);
  const wanted = groups.filter(({ desiredSize }) => desiredSize > 0);
  if (wanted.length === 0) {
    return { kind: 'expected', gpus: { kind: 'known', groups, atLeast: 0, atMost: 0 } };
  }
  const types = await instanceTypes(instanceTypesOf(wanted));
  if (types.kind === 'failed') return open(unansweredByAws(types.failure, 'instance types'));
  const gpus = expectedGpus(wanted, types.value);
  if (gpus.kind === 'unknown') {
    return open(hopeless(`it is not known how many GPUs to expect: ${gpus.why}`));
  }
  return { kind: 'expected', gpus };
}

async function gatherState(
  kubectl: Kubectl,
  namespace: string,
): Promise<
  | { readonly kind: 'state'; readonly state: GpuState }
  | { readonly kind: 'open'; readonly verdict: Verdict }
> {
  const nodes = await getObjects(kubectl, nodeSchema, ['nodes']);
  if (nodes.kind === 'failed') return open(unanswered(nodes.failure, 'nodes'));
  const policies = await getObjects(kubectl, clusterPolicySchema, ['clusterpolicies.nvidia.com']);
  const hasNoCrd = policies.kind === 'failed' && policies.failure.kind === 'no-such-kind';
  if (policies.kind === 'failed' && !hasNoCrd) {
    return open(unanswered(policies.failure, 'ClusterPolicies'));
  }
  const daemonSets = await getObjects(kubectl, daemonSetSchema, [
    'daemonsets.apps',
    `--namespace=${namespace}`,
  ]);
  if (daemonSets.kind === 'failed') return open(unanswered(daemonSets.failure, 'DaemonSets'));
  return {
    kind: 'state',
    state: {
      nodes: nodes.items,
      policies: policies.kind === 'failed' ? 'no-crd' : policies.items,
      daemonSets: daemonSets.items,
      namespace,
    },
  };
}

function open(verdict: Verdict) {
  return { kind: 'open', verdict } as const;
}
