import { UserError } from '../domain/errors.ts';
import { reversed } from '../domain/graph.ts';
import type { Host } from '../host/host.ts';
import { isSandbox, requireTerminal } from './confirm.ts';
import type { Emit } from './emit.ts';
import { openTreeFor } from './open-tree.ts';
import { clusterUnit, destroyRunner, destroySteps } from './run/destroy-steps.ts';
import { planRun } from './run/plan-run.ts';
import { applyPlanned } from './run/run-apply.ts';
import { type PreparedSteps, prepareSteps } from './run/step-runner.ts';
import type { RunOptions, RunResult } from './run-options.ts';
import { selectWithDependents } from './select-units.ts';
import { openSession } from './session.ts';

export interface DestroyOptions extends RunOptions {
  /** The environment's name, typed: what `--confirm` says. */
  readonly confirm: string | undefined;
  /** Neither take away first what the cluster made in AWS, nor look for what is left. */
  readonly skipSteps: boolean;
}

/** Takes everything away, dependents first; a protected environment is never destroyed. */
export async function destroy(host: Host, options: DestroyOptions, emit: Emit): Promise<RunResult> {
  const session = await openSession(host, options, emit);
  const { name, file } = session.environment;
  if (file?.protected === true) {
    throw new UserError({
      what: `"${name}" is protected and is not destroyed`,
      where: `env.yaml of ${name}`,
      next: 'set "protected: false" there first, in a change that others read',
    });
  }
  if (options.confirm !== undefined && options.confirm !== name) {
    throw new UserError({
      what: `"${options.confirm}" is not the name of what would be destroyed`,
      next: `--confirm=${name}`,
    });
  }
  const isFree = isSandbox(session) || options.confirm === name;
  if (!isFree) requireTerminal(host, 'destroy', `--confirm=${name}`);
  const tree = await openTreeFor(session, 'destroy', emit);
  const graph = reversed(selectWithDependents(tree.graph, options.units));
  const confirm = async () => {
    const typed = await host.prompts.input(`type "${name}" to destroy all of this:`);
    return typed.trim() === name;
  };
  const prepared: PreparedSteps = options.skipSteps
    ? { kind: 'none' }
    : await prepareSteps(session, emit);
  const steps = destroySteps(prepared, new Set(graph.order));
  if (file !== undefined && !options.skipSteps && clusterUnit(prepared) === undefined) {
    const text = `no unit of ${name} declares the step "cluster": what its cluster made in AWS is neither removed first nor looked for`;
    emit({ type: 'note', text });
  }
  const planned = await planRun(
    session,
    { command: 'destroy', destroy: true, tree, graph, planThrough: false, steps },
    options,
    emit,
  );
  const { context, worker, limit } = planned;
  return applyPlanned(
    context,
    {
      graph,
      worker,
      limit,
      confirm: isFree ? undefined : confirm,
      allowDestroy: [],
      onlyReady: false,
      steps: destroyRunner(context, prepared, [...tree.configs.keys()], emit),
    },
    emit,
  );
}
