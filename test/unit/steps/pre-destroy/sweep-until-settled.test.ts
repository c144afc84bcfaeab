import { expect, test } from 'vitest';
import { deadlineIn } from '../../../../src/steps/deadline.ts';
import { sweepUntilSettled } from '../../../../src/steps/sweep.ts';
import type { AwsCli } from '../../../../src/tools/aws/aws-cli.ts';

const scope = {
  cluster: 'c1',
  environment: 'dev',
  project: 'mlp',
  region: 'eu-central-1',
  heldUnits: [],
};

const owned = [{ Key: 'kubernetes.io/cluster/c1', Value: 'owned' }];

interface Left {
  readonly interfaces?: number;
  readonly volumes?: number;
}

/** AWS as it is at each sweep, the last for ever; time passes only in pauses. */
async function sweepOf(...looks: readonly Left[]) {
  let now = 0;
  let look = -1;
  const abort = new AbortController();
  const aws: AwsCli = {
    ask: async ({ args, parse }) => {
      // Each sweep asks once for log groups.
      if (args[0] === 'logs') look += 1;
      const { interfaces = 0, volumes = 0 } =
        looks[Math.min(Math.max(look, 0), looks.length - 1)] ?? {};
      const many = (count: number, id: string, key: string) =>
        Array.from({ length: count }, (_, index) => ({ [key]: `${id}-${index}` }));
      const answer = {
        LoadBalancers: [],
        TargetGroups: [],
        LoadBalancerDescriptions: [],
        SecurityGroups: [],
        logGroups: [],
        Volumes: many(volumes, 'vol', 'VolumeId').map((each) => ({
          ...each,
          Size: 1,
          State: 'available',
          Tags: owned,
        })),
        NetworkInterfaces: many(interfaces, 'eni', 'NetworkInterfaceId').map((each) => ({
          ...each,
          Description: '',
          Status: 'available',
          TagSet: owned,
        })),
      };
      return { kind: 'answer', value: parse(JSON.stringify(answer)) };
    },
  };
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const context = { aws, clock, signal: abort.signal, progress: () => {} };
  const outcome = await sweepUntilSettled(context, scope, deadlineIn(clock, 300));
  return { outcome, waitedMs: now };
}

test('what goes late by itself is waited for', async () => {
  const { outcome, waitedMs } = await sweepOf({ interfaces: 2 }, { interfaces: 1 }, {});
  expect(outcome).toMatchObject({ kind: 'passed', text: 'nothing is left in AWS' });
  expect(waitedMs).toBeGreaterThan(0);
});

test('what does not go in time is named', async () => {
  const { outcome, waitedMs } = await sweepOf({ interfaces: 1 });
  expect(outcome).toMatchObject({ kind: 'failed' });
  expect(JSON.stringify(outcome)).toContain('network interface eni-0');
  expect(waitedMs).toBeGreaterThanOrEqual(300_000);
});

test('what never goes by itself is not waited for', async () => {
  const { outcome, waitedMs } = await sweepOf({ interfaces: 1, volumes: 1 });
  expect(JSON.stringify(outcome)).toContain('volume vol-0');
  expect(waitedMs).toBe(0);
});
