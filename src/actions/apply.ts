import { UserError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import { applyRecorded } from './apply-recorded.ts';
import { approvedElsewhere } from './approved-elsewhere.ts';
import { withChosenUnits } from './choose-units.ts';
import { applyQuestion } from './confirm.ts';
import type { Emit } from './emit.ts';
import { openTreeFor } from './open-tree.ts';
import { planRun } from './run/plan-run.ts';
import { preflightRefusals } from './run/preflight-refusals.ts';
import { applyPlanned, refuseRun } from './run/run-apply.ts';
import { startRun } from './run/start-run.ts';
import {
  declaredIn,
  type PreparedSteps,
  postInstallSteps,
  prepareSteps,
} from './run/step-runner.ts';
import type { PlanningOptions, RunResult } from './run-options.ts';
import { selectUnits } from './select-units.ts';
import { openSession } from './session.ts';

export interface ApplyOptions extends PlanningOptions {
  readonly yes: boolean;
  /** Addresses, or deleted units, that may be taken away. */
  readonly allowDestroy: readonly string[];
  readonly onlyReady: boolean;
  readonly skipSteps: boolean;
  readonly skipPreflight: boolean;
  /** Id of a recorded plan whose saved plans are applied. */
  readonly run: string | undefined;
  /** Path of a plan's `run.json` that holds what was approved. */
  readonly approved: string | undefined;
  /** The run to go on from: an id, or the newest. */
  readonly resume: { readonly id: string | undefined } | undefined;
}

/** Plans, shows, confirms once, and applies exactly what was shown. */
export async function apply(host: Host, options: ApplyOptions, emit: Emit): Promise<RunResult> {
  refuseTogether(options);
  const session = await openSession(host, options, emit);
  const steps: PreparedSteps = options.skipSteps
    ? { kind: 'none' }
    : await prepareSteps(session, emit);
  const confirm = applyQuestion(host, session, options.yes);
  const tree = await openTreeFor(session, 'apply', emit);
  if (options.run !== undefined) {
    return applyRecorded(session, tree, { ...options, run: options.run, confirm, steps }, emit);
  }
  const earlier = await approvedElsewhere(session, tree, options, confirm === undefined);
  if (earlier !== undefined && earlier.refused.length > 0) {
    const graph = selectUnits(tree.graph, options.units);
    const run = { command: 'apply', graph, names: options.units, configs: tree.configs } as const;
    return refuseRun(
      await startRun(session, { ...run, from: earlier.from }, emit),
      earlier.refused,
    );
  }
  const deleted = options.changed === undefined ? (earlier?.deleted ?? []) : [];
  if (deleted.length > 0) {
    const command = `platform apply ${session.environment.name} --changed --allow-destroy ${deleted.join(' ')}`;
    emit({
      type: 'note',
      text: `deleted, and not taken away by this: ${deleted.join(', ')}; ${command}`,
    });
  }
  const choice = { ...options, only: earlier?.only };
  return withChosenUnits(session, tree, choice, emit, async (chosen) => {
    const { context, worker, limit } = await planRun(
      session,
      {
        command: 'apply',
        destroy: false,
        tree,
        planThrough: options.planThrough,
        ...chosen,
        steps: declaredIn(steps),
        from: earlier?.from,
      },
      options,
      emit,
    );
    const { allowDestroy, onlyReady } = options;
    return applyPlanned(
      context,
      {
        graph: chosen.graph,
        worker,
        limit,
        confirm,
        allowDestroy,
        onlyReady,
        rules: earlier?.rules,
        steps: postInstallSteps(context, steps, emit),
        preflight: options.skipPreflight
          ? undefined
          : () => preflightRefusals(context, steps, emit),
      },
      emit,
    );
  });
}

function refuseTogether({ run, approved, resume, changed }: ApplyOptions): void {
  const given = [
    ...(run === undefined ? [] : ['--run']),
    ...(approved === undefined ? [] : ['--approved']),
    ...(resume === undefined ? [] : ['--resume']),
  ];
  // A recorded run has its units; which ones changed since is not asked.
  if (given.length > 0 && given[0] !== '--approved' && changed !== undefined)
    given.push('--changed');
  if (given.length < 2) return;
  throw new UserError({ what: `${given.join(' and ')} cannot go together`, next: 'choose one' });
}
