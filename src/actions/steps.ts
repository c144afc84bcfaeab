import { environmentSteps } from '../config/environment-steps.ts';
import { suggestion } from '../config/user-yaml.ts';
import { openEnvironment, openWorkspace } from '../config/workspace.ts';
import { UserError } from '../domain/errors.ts';
import { EXIT } from '../domain/exit-code.ts';
import { subgraph } from '../domain/graph.ts';
import type { DeclaredStep } from '../domain/steps/step-declaration.ts';
import type { Host } from '../host/host.ts';
import { stepIntent } from '../steps/all-steps.ts';
import type { Emit } from './emit.ts';
import { openTree } from './open-tree.ts';
import { settle } from './run/apply-all.ts';
import { workThrough } from './run/queue.ts';
import { finishRun, startRun } from './run/start-run.ts';
import { postInstallSteps, prepareSteps } from './run/step-runner.ts';
import type { RunResult } from './run-options.ts';
import { openSession } from './session.ts';

export interface StepsInput {
  readonly directory: string | undefined;
  readonly environment: string;
  /** Names of steps; none: all. */
  readonly steps: readonly string[];
}

/** They wait more than they work. */
const STEPS_AT_ONCE = 8;

/** Runs the steps of an environment alone, in the order of their units; nothing is planned or applied. */
export async function runStepsAlone(host: Host, input: StepsInput, emit: Emit): Promise<RunResult> {
  const declared = await chosenSteps(host, input);
  const session = await openSession(host, input, emit);
  const prepared = await prepareSteps(session, emit);
  const { graph, configs } = await openTree(session);
  const units = new Set(declared.map(({ unit }) => unit));
  const chosen = subgraph(graph, units);
  const context = await startRun(
    session,
    { command: 'steps', graph: chosen, names: [], choice: input.steps, configs, steps: declared },
    emit,
  );
  const runner = postInstallSteps(
    context,
    prepared.kind === 'none' ? prepared : { ...prepared, declared },
    emit,
  );
  const work = workThrough(chosen, STEPS_AT_ONCE, {
    isStopped: () => context.interruption.signal() !== undefined,
    skip: (unit, blockedBy) =>
      settle(context, unit, 'skipped', `blocked by ${blockedBy.join(', ')}`, blockedBy),
    run: async (unit) => ((await runner.after(unit)) ? 'succeeded' : 'failed'),
  });
  await work.finally(runner.close);
  const record = await finishRun(context, []);
  return { record, directory: context.directory, exitCode: record.exitCode ?? EXIT.bug };
}

export interface ListedStep {
  readonly unit: string;
  readonly step: string;
  readonly does: string;
  /** The command that changes something, if it is run at all. */
  readonly command?: string;
}

/** What would be run, in order; reads files alone. */
export async function listSteps(host: Host, input: StepsInput): Promise<ListedStep[]> {
  const declared = await chosenSteps(host, input);
  return declared.map(({ unit, name, options }) => {
    const { does, kubectl } = stepIntent({ name, options });
    const command = kubectl === undefined ? {} : { command: ['kubectl', ...kubectl].join(' ') };
    return { unit, step: name, does, ...command };
  });
}

async function chosenSteps(
  host: Host,
  { directory, environment: name, steps }: StepsInput,
): Promise<readonly DeclaredStep[]> {
  const workspace = await openWorkspace(host, directory);
  const environment = await openEnvironment(host, workspace, name);
  const all = environmentSteps(environment);
  const where = `${environment.folder}/env.yaml`;
  if (all.length === 0) {
    throw new UserError({
      what: `"${name}" declares no steps`,
      where,
      next: 'declare them under "steps", as live/sandbox/env.yaml does',
    });
  }
  const names = [...new Set(all.map((step): string => step.name))];
  const unknown = steps.find((step) => !names.includes(step));
  if (unknown !== undefined) {
    throw new UserError({
      what: `"${name}" declares no step "${unknown}"`,
      where,
      next: suggestion(unknown, names),
    });
  }
  const isWanted = (step: DeclaredStep) => steps.length === 0 || steps.includes(step.name);
  return all.filter(isWanted);
}
