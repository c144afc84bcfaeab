import type { Progress } from '../../domain/events.ts';
import type { RunRecord } from '../../domain/run-record.ts';
import { deadlineIn } from '../../steps/deadline.ts';
import { PRE_DESTROY_STEPS } from '../../steps/pre-destroy/all-pre-destroy-steps.ts';
import { sweepUntilSettled } from '../../steps/sweep.ts';
import { failingUnreadable } from '../../steps/unreadable.ts';
import type { OpenedCluster } from '../cluster/open-cluster.ts';
import type { RunContext } from './context.ts';
import { type RunnableStep, runSteps } from './run-steps.ts';
import { NO_STEPS, openRunCluster, type PreparedSteps, type StepRunner } from './step-runner.ts';

const SWEEP = 'sweep';
/** Interfaces of a cluster that is gone were seen for minutes. */
const SWEEP_SECONDS = 300;

/** The unit that makes the cluster is the one that the step `cluster` stands after. */
export function clusterUnit(prepared: PreparedSteps): string | undefined {
  if (prepared.kind === 'none') return undefined;
  return prepared.declared.find(({ name }) => name === 'cluster')?.unit;
}

/** What a destroy does beside its units, for the record: nothing where the cluster stays. */
export function destroySteps(prepared: PreparedSteps, units: ReadonlySet<string>) {
  const unit = clusterUnit(prepared);
  if (unit === undefined || !units.has(unit)) return [];
  return [...PRE_DESTROY_STEPS.map(({ name }) => name), SWEEP].map((name) => ({ unit, name }));
}

/**
 * What the cluster has made in AWS goes before anything else does, while there is something that can
 * take it away: no unit knows of it. When the units are gone, what is left is named, and left.
 *
 * @param allUnits of the environment: what those hold that stay is no leftover
 */
export function destroyRunner(
  context: RunContext,
  prepared: PreparedSteps,
  allUnits: readonly string[],
  emit: (progress: Progress) => void,
): StepRunner {
  const unit = clusterUnit(prepared);
  const isPart = context.recorder.record().units.some((entry) => entry.unit === unit);
  if (prepared.kind === 'none' || unit === undefined || !isPart) return NO_STEPS;
  let opened: Promise<OpenedCluster> | undefined;
  const open = () => {
    opened ??= openRunCluster(context, prepared.tools);
    return opened;
  };
  const before = PRE_DESTROY_STEPS.map(
    ({ name, defaultDeadlineSeconds, run }): RunnableStep => ({
      unit,
      name,
      run: async (progress) => {
        const { context: cluster } = await open();
        const deadline = deadlineIn(cluster.clock, defaultDeadlineSeconds);
        return failingUnreadable(() => run({ ...cluster, progress }, deadline));
      },
    }),
  );
  const after: RunnableStep = {
    unit,
    name: SWEEP,
    run: async (progress) => {
      const { context: cluster } = await open();
      const { file } = context.session.environment;
      return sweepUntilSettled(
        { ...cluster, progress },
        {
          cluster: cluster.cluster,
          environment: file?.name ?? '',
          project: file?.project ?? '',
          region: file?.region ?? '',
          heldUnits: allUnits.filter((each) => !isGone(context.recorder.record(), each)),
        },
        deadlineIn(cluster.clock, SWEEP_SECONDS),
      );
    },
  };
  return {
    ...NO_STEPS,
    // Where the cluster will not go, neither does what runs in it.
    before: async () => isToGo(context.recorder.record(), unit) && runSteps(context, before, emit),
    end: async () => {
      if (isGone(context.recorder.record(), unit)) await runSteps(context, [after], emit);
    },
    close: async () => (await opened)?.close(),
  };
}

function isToGo({ units }: RunRecord, unit: string): boolean {
  return units.some((entry) => entry.unit === unit && entry.result === 'planned');
}

function isGone({ units }: RunRecord, unit: string): boolean {
  const result = units.find((entry) => entry.unit === unit)?.result;
  return result === 'applied' || result === 'unchanged';
}
