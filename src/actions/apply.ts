import { UserError } from '../domain/errors.ts';
import { EXIT } from '../domain/exit-code.ts';
import { reversed } from '../domain/graph.ts';
import type { Host } from '../host/host.ts';
import { type OpenedTree, openTreeFor } from './open-tree.ts';
import { applyAll } from './run/apply-all.ts';
import { nowText, type RunContext } from './run/context.ts';
import { parallelismFor, planAll, planOrder } from './run/plan-all.ts';
import { finishRun, startRun } from './run/start-run.ts';
import type { RunOptions, RunResult } from './run-options.ts';
import { selectUnits, selectWithDependents } from './select-units.ts';
import { type Emit, openSession, type Session } from './session.ts';

export interface ApplyOptions extends RunOptions {
  readonly yes: boolean;
}

export async function apply(host: Host, options: ApplyOptions, emit: Emit): Promise<RunResult> {
  const session = await openSession(host, options, emit);
  const free = isSandbox(session) || options.yes;
  if (!free) requireTerminal(host, 'apply', '--yes');
  const tree = await openTreeFor(session, 'apply', emit);
  const graph = selectUnits(tree.graph, options.units);
  const confirm = () => host.prompts.confirm(`apply this to ${session.environment.name}?`);
  const question = free ? undefined : confirm;
  return runApply(session, 'apply', { ...tree, graph }, options, question, emit);
}

export interface DestroyOptions extends RunOptions {
  /** The environment's name, typed: what `--confirm` says. */
  readonly confirm: string | undefined;
}

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
  const free = isSandbox(session) || options.confirm === name;
  if (!free) requireTerminal(host, 'destroy', `--confirm=${name}`);
  const tree = await openTreeFor(session, 'destroy', emit);
  const graph = reversed(selectWithDependents(tree.graph, options.units));
  const confirm = async () => {
    const typed = await host.prompts.input(`type "${name}" to destroy all of this:`);
    return typed.trim() === name;
  };
  const question = free ? undefined : confirm;
  return runApply(session, 'destroy', { ...tree, graph }, options, question, emit);
}

/** Plan, show, confirm once, apply. */
async function runApply(
  session: Session,
  command: 'apply' | 'destroy',
  { graph, rendered, hiddenMocks }: OpenedTree,
  options: RunOptions,
  confirm: (() => Promise<boolean>) | undefined,
  emit: Emit,
): Promise<RunResult> {
  const context = await startRun(
    session,
    { command, graph, names: options.units, hiddenMocks },
    emit,
  );
  const limit = await parallelismFor(context, options.parallelism);
  const planOptions = {
    destroy: command === 'destroy',
    refresh: options.refresh,
    order: planOrder(session, rendered),
  };
  await planAll(context, graph, planOptions, limit, emit);
  if (context.interruption.signal() === undefined) {
    const { directory } = context;
    emit({ type: 'plan-ready', record: context.recorder.record(), directory });
    const accepted = !hasWork(context) || confirm === undefined || (await confirm());
    if (accepted) await applyAll(context, graph, planOptions, limit, emit);
    else await context.recorder.add({ type: 'run-declined', at: nowText(session) });
  }
  const record = await finishRun(context, []);
  return { record, directory: context.directory, exitCode: record.exitCode ?? EXIT.bug };
}

/** Something can be applied, or may be once what it depends on has been. */
function hasWork(context: RunContext): boolean {
  return context.recorder
    .record()
    .units.some(({ label, result }) => result === 'planned' && label !== 'no-changes');
}

function isSandbox(session: Session): boolean {
  return session.environment.file?.kind === 'sandbox';
}

function requireTerminal(host: Host, command: string, flag: string): void {
  const inCi = host.env.CI === 'true';
  if (host.terminal.stdinIsTty && host.terminal.stderrIsTty && !inCi) return;
  throw new UserError({
    what: `${command} asks for a confirmation and there is no terminal`,
    next: `say ${flag} if you mean it`,
  });
}
