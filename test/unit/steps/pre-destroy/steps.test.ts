import { expect, test } from 'vitest';
import { deadlineIn } from '../../../../src/steps/deadline.ts';
import { PRE_DESTROY_STEPS } from '../../../../src/steps/pre-destroy/all-pre-destroy-steps.ts';
import type { StepContext } from '../../../../src/steps/step-context.ts';
import { sweep, sweepOutcome } from '../../../../src/steps/sweep.ts';
import type { AwsCli } from '../../../../src/tools/aws/aws-cli.ts';
import type { EksReader } from '../../../../src/tools/aws/eks-reader.ts';
import type { KubectlResult } from '../../../../src/tools/kubernetes/kubectl.ts';

type ClusterAnswer = Awaited<ReturnType<EksReader['cluster']>>;

const active: ClusterAnswer = {
  kind: 'answer',
  value: {
    name: 'c1',
    arn: '',
    status: 'ACTIVE',
    version: '1.34',
    endpoint: 'https://127.0.0.1:1',
    certificateAuthority: '',
    issues: [],
  },
};

/** A cluster whose API server answers as told; time passes only in pauses. */
function fakeContext(cluster: ClusterAnswer, answer: () => KubectlResult): StepContext {
  let now = 0;
  const throws = () => {
    throw new Error('not to be called');
  };
  return {
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    kubectl: { run: async () => answer() },
    eks: { cluster: async () => cluster, nodeGroups: throws, addons: throws, close: throws },
    aws: { ask: throws },
    cluster: 'c1',
    randomHex: throws,
    signal: new AbortController().signal,
    progress: () => {},
  };
}

const noKubectl = (): KubectlResult => {
  throw new Error('the cluster was asked');
};

const runAll = (context: StepContext) =>
  Promise.all(
    PRE_DESTROY_STEPS.map(({ run, defaultDeadlineSeconds }) =>
      run(context, deadlineIn(context.clock, defaultDeadlineSeconds)),
    ),
  );

test.each([
  [{ kind: 'absent' } as const, 'there is no EKS cluster "c1"'],
  [{ ...active, value: { ...active.value, status: 'DELETING' } }, '"c1" is being deleted already'],
])('%j: nothing is asked of the cluster, and that is said', async (answer, text) => {
  for (const outcome of await runAll(fakeContext(answer, noKubectl))) {
    expect(outcome).toEqual({ kind: 'passed', text, acted: false });
  }
});

test('AWS does not take the credentials: a failure of identity, and the cluster is not asked', async () => {
  const failure = { kind: 'identity', text: 'ExpiredToken: expired' } as const;
  for (const outcome of await runAll(fakeContext({ kind: 'failed', failure }, noKubectl))) {
    expect(outcome).toMatchObject({ kind: 'failed', failure: { kind: 'identity' } });
  }
});

test('an API server that does not answer ends the destroy before anything is taken away', async () => {
  const refused: KubectlResult = {
    kind: 'failed',
    failure: { kind: 'unreachable', text: 'connection refused' },
  };
  const [reach] = PRE_DESTROY_STEPS;
  const context = fakeContext(active, () => refused);
  const outcome = await reach?.run(context, deadlineIn(context.clock, 60));
  expect(outcome).toMatchObject({
    kind: 'failed',
    failure: {
      summary: 'the API server: connection refused (waited 60 s)',
      next: expect.stringContaining('--skip-steps'),
    },
  });
});

test('one that refuses our credentials is not asked again', async () => {
  let asked = 0;
  const context = fakeContext(active, () => {
    asked += 1;
    return { kind: 'failed', failure: { kind: 'unauthorized', text: 'Unauthorized' } };
  });
  const [reach] = PRE_DESTROY_STEPS;
  const outcome = await reach?.run(context, deadlineIn(context.clock, 60));
  expect(outcome).toMatchObject({ kind: 'failed', failure: { kind: 'identity' } });
  expect(asked).toBe(1);
});

const scope = {
  cluster: 'c1',
  environment: 'dev',
  project: 'mlp',
  region: 'eu-central-1',
  heldUnits: [],
};

test('what the sweep may not read is not said to be gone', async () => {
  const aws: AwsCli = {
    ask: async ({ args, parse }) => {
      if (args[0] === 'logs') {
        return { kind: 'failed', failure: { kind: 'denied', text: 'AccessDenied' } };
      }
      const empty = {
        LoadBalancers: [],
        TargetGroups: [],
        LoadBalancerDescriptions: [],
        Volumes: [],
        NetworkInterfaces: [],
        SecurityGroups: [],
      };
      return { kind: 'answer', value: parse(JSON.stringify(empty)) };
    },
  };
  const result = await sweep({ aws, progress: () => {} }, scope);
  expect(result).toEqual({ leftovers: [], unread: ['log groups: AccessDenied'] });
  expect(sweepOutcome(result)).toEqual({
    kind: 'failed',
    failure: { kind: 'failed', summary: 'could not look for log groups: AccessDenied' },
  });
});

test('tags of many load balancers are asked for in parts of twenty', async () => {
  const arns = Array.from({ length: 45 }, (_, index) => `arn:lb/${index}`);
  const asked: number[] = [];
  const aws: AwsCli = {
    ask: async ({ args, parse }) => {
      const [, operation, , ...some] = args;
      const isTags = operation === 'describe-tags';
      if (isTags) asked.push(some.length);
      const answer = {
        LoadBalancers: arns.map((arn) => ({ LoadBalancerArn: arn, LoadBalancerName: arn })),
        TargetGroups: [],
        LoadBalancerDescriptions: [],
        Volumes: [],
        NetworkInterfaces: [],
        SecurityGroups: [],
        logGroups: [],
        TagDescriptions: some.map((arn) => ({
          ResourceArn: arn,
          Tags: [{ Key: 'elbv2.k8s.aws/cluster', Value: 'c1' }],
        })),
      };
      return { kind: 'answer', value: parse(JSON.stringify(answer)) };
    },
  };
  const result = await sweep({ aws, progress: () => {} }, scope);
  expect(asked).toEqual([20, 20, 5]);
  expect(result.leftovers).toHaveLength(45);
  const outcome = sweepOutcome(result);
  if (outcome.kind !== 'failed') throw new Error('what is left is a failure');
  // Every one is named, and has its command.
  for (const arn of arns) {
    expect(outcome.failure.summary).toContain(
      `load balancer ${arn} (tag elbv2.k8s.aws/cluster=c1)`,
    );
    expect(outcome.failure.next).toContain(`--load-balancer-arn=${arn} --region=eu-central-1`);
  }
});
