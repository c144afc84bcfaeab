import { type Command, Option } from 'commander';
import type { PlanningOptions } from '../../actions/run-options.ts';
import type { Execute, Invocation } from '../execute.ts';
import { parseParallelism } from '../parse-options.ts';

export interface RunFlags {
  readonly parallelism?: number;
  readonly refresh: boolean;
  readonly markdown?: string;
}

export interface PlanningFlags extends RunFlags {
  readonly planThrough: boolean;
  readonly changed?: boolean;
  readonly base?: string;
}

/** Flags that plan, apply and destroy share. */
export function addRunOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--parallelism <n>', 'units at once (default: by cores and memory)').argParser(
        parseParallelism,
      ),
    )
    .option('--no-refresh', 'believe the state, do not ask the cloud')
    .option('--markdown <file>', 'write the summary as Markdown too');
}

/** Flags that say what plan and apply plan, and on what. */
export function addPlanningOptions(command: Command): Command {
  return addRunOptions(command)
    .option('--changed', 'only units that differ from the merge base, and their dependents')
    .option('--base <ref>', 'what --changed compares with (default: the default branch)')
    .option('--no-plan-through', 'plan on the outputs that are there, not on those to come');
}

export function planningOptions(
  { options }: Pick<Invocation, 'options'>,
  environment: string | undefined,
  units: readonly string[],
  flags: PlanningFlags,
): PlanningOptions {
  const isChanged = flags.changed === true || flags.base !== undefined;
  return {
    directory: options.directory,
    environment,
    units,
    parallelism: flags.parallelism,
    refresh: flags.refresh,
    planThrough: flags.planThrough,
    changed: isChanged ? { base: flags.base } : undefined,
  };
}

export function addPlan(program: Command, execute: Execute): void {
  const command = program
    .command('plan [environment] [units...]')
    .description('show what would change: all units at once, each plan labelled')
    .option('--destroy', 'plan the removal of everything')
    .option('--detailed-exitcode', 'exit 2 when there are changes')
    .option('--retry', 'only what the newest plan could not plan');
  addPlanningOptions(command).action(
    (
      environment: string | undefined,
      units: string[],
      flags: PlanningFlags & { destroy?: boolean; detailedExitcode?: boolean; retry?: boolean },
    ) =>
      execute(async (invocation) => {
        const { plan } = await import('../../actions/plan.ts');
        const { presentRun } = await import('../present-run.ts');
        const result = await plan(
          invocation.host,
          {
            ...planningOptions(invocation, environment, units, flags),
            destroy: flags.destroy === true,
            detailedExitCode: flags.detailedExitcode === true,
            retry: flags.retry === true,
          },
          invocation.emit,
        );
        return presentRun(invocation, result, flags.markdown);
      }),
  );
}
