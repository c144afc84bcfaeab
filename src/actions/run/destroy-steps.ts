import type { Progress } from '../../domain/events.ts';
import type { RunRecord } from '../../domain/run-record.ts';
import { deadlineIn } from '../../steps/deadline.ts';
import { PRE_DESTROY_STEPS } from '../../steps/pre-destroy/all-pre-destroy-steps.ts';
import { sweep, sweepOutcome } from '../../steps/sweep.ts';
import type { OpenedCluster } from '../cluster/open-cluster.ts';
import type { RunContext } from './context.ts';
import { type RunnableStep, runSteps } from './run-steps.ts';
import { NO_STEPS, openRunCluster, type PreparedSteps, type StepRunner } from './step-runner.ts';

const SWEEP = 'sweep';

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
        return run({ ...cluster, progress }, deadlineIn(cluster.clock, defaultDeadlineSeconds));
      },
    }),
  );
  const after: RunnableStep = {
    unit,
    name: SWEEP,
    run: async (progress) => {
      const { context: cluster } = await open();
      const { file } = context.session.environment;
      const result = await sweep(
        { ...cluster, progress },
        {
          cluster: cluster.cluster,
          environment: file?.name ?? '',
          project: file?.project ?? '',
          region: file?.region ?? '',
          heldUnits: allUnits.filter((each) => !isGone(context.recorder.record(), each)),
        },
      );
      return sweepOutcome(result);
    },
  };
  return {
    ...NO_STEPS,
    before: () => runSteps(context, before, emit),
    end: async () => {
      if (isGone(context.recorder.record(), unit)) await runSteps(context, [after], emit);
      await (await opened)?.close();
    },
  };
}

function isGone({ units }: RunRecord, unit: string): boolean {
  const result = units.find((entry) => entry.unit === unit)?.result;
  return result === 'applied' || result === 'unchanged';
}
