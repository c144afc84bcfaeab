import { EXIT } from '../domain/exit-code.ts';
import type { Host } from '../host/host.ts';
import { withChosenUnits } from './choose-units.ts';
import type { Emit } from './emit.ts';
import { openTreeFor } from './open-tree.ts';
import { unitsToRetry } from './records/retry.ts';
import { planRun } from './run/plan-run.ts';
import { finishRun } from './run/start-run.ts';
import type { PlanningOptions, RunResult } from './run-options.ts';
import { openSession } from './session.ts';

export interface PlanOptions extends PlanningOptions {
  readonly destroy: boolean;
  readonly detailedExitCode: boolean;
  /** Only what failed in the newest plan, or waited for it. */
  readonly retry: boolean;
}

/** Plans the selection, labels each plan, and changes nothing. */
export async function plan(host: Host, options: PlanOptions, emit: Emit): Promise<RunResult> {
  const session = await openSession(host, options, emit);
  const tree = await openTreeFor(session, 'plan', emit);
  const { destroy, planThrough } = options;
  const only = options.retry ? await unitsToRetry(session, destroy) : undefined;
  return withChosenUnits(session, tree, { ...options, only }, emit, async (chosen) => {
    const { context } = await planRun(
      session,
      { command: 'plan', destroy, tree, planThrough, ...chosen },
      options,
      emit,
    );
    const { units } = context.recorder.record();
    const changed = units.some(({ result, isEmpty }) => result === 'planned' && !isEmpty);
    const extra = options.detailedExitCode && changed ? [EXIT.changes] : [];
    const record = await finishRun(context, extra);
    return { record, directory: context.directory, exitCode: record.exitCode ?? EXIT.bug };
  });
}
