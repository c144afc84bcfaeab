import { type Command, Option } from 'commander';
import type { Execute } from '../execute.ts';
import { parseParallelism } from '../parse-options.ts';

export interface RunFlags {
  readonly parallelism?: number;
  readonly refresh: boolean;
  readonly markdown?: string;
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

export function addPlan(program: Command, execute: Execute): void {
  const command = program
    .command('plan [environment] [units...]')
    .description('show what would change: all units at once, each plan labelled')
    .option('--destroy', 'plan the removal of everything')
    .option('--detailed-exitcode', 'exit 2 when there are changes');
  addRunOptions(command).action(
    (
      environment: string | undefined,
      units: string[],
      flags: RunFlags & { destroy?: boolean; detailedExitcode?: boolean },
    ) =>
      execute(async (invocation) => {
        const { plan } = await import('../../actions/plan.ts');
        const { presentRun } = await import('../present-run.ts');
        const result = await plan(
          invocation.host,
          {
            directory: invocation.options.directory,
            environment,
            units,
            parallelism: flags.parallelism,
            refresh: flags.refresh,
            destroy: flags.destroy === true,
            detailedExitCode: flags.detailedExitcode === true,
          },
          invocation.emit,
        );
        return presentRun(invocation, result, flags.markdown);
      }),
  );
}
