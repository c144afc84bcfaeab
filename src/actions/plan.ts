import { EXIT } from '../domain/exit-code.ts';
import type { Host } from '../host/host.ts';
import { openTreeFor } from './open-tree.ts';
import { parallelismFor, planAll, planOrder } from './run/plan-all.ts';
import { finishRun, startRun } from './run/start-run.ts';
import type { RunOptions, RunResult } from './run-options.ts';
import { selectUnits } from './select-units.ts';
import { type Emit, openSession } from './session.ts';

export interface PlanOptions extends RunOptions {
  readonly destroy: boolean;
  readonly detailedExitCode: boolean;
}

export async function plan(host: Host, options: PlanOptions, emit: Emit): Promise<RunResult> {
  const session = await openSession(host, options, emit);
  const tree = await openTreeFor(session, 'plan', emit);
  const graph = selectUnits(tree.graph, options.units);
  const context = await startRun(
    session,
    { command: 'plan', graph, names: options.units, hiddenMocks: tree.hiddenMocks },
    emit,
  );
  const limit = await parallelismFor(context, options.parallelism);
  const order = planOrder(session, tree.rendered);
  await planAll(context, graph, { ...options, order }, limit, emit);
  const { units } = context.recorder.record();
  const changed = units.some(({ result, isEmpty }) => result === 'planned' && !isEmpty);
  const extra = options.detailedExitCode && changed ? [EXIT.changes] : [];
  const record = await finishRun(context, extra);
  return { record, directory: context.directory, exitCode: record.exitCode ?? EXIT.bug };
}
