import type { Command } from 'commander';
import type { Execute } from '../execute.ts';

export function addSteps(program: Command, execute: Execute): void {
  program
    .command('steps <environment> [steps...]')
    .description('run what env.yaml declares after units, alone: gates, restarts, checks')
    .option('--list', 'say which there are, and what each does')
    .option('--dry-run', 'the same: nothing is asked and nothing is run')
    .option('--markdown <file>', 'write the summary as Markdown too')
    .action(
      (
        environment: string,
        steps: string[],
        flags: { list?: boolean; dryRun?: boolean; markdown?: string },
      ) =>
        execute(async (invocation) => {
          const { host, options, emit, print, printJson } = invocation;
          const input = { directory: options.directory, environment, steps };
          if (flags.list === true || flags.dryRun === true) {
            const { listSteps } = await import('../../actions/steps.ts');
            const { stepsTable } = await import('../../ui/steps-table.ts');
            const listed = await listSteps(host, input);
            if (options.json) printJson({ schema: 1, steps: listed });
            else print(stepsTable(listed, host.terminal.columns()));
            return 0;
          }
          const { runStepsAlone } = await import('../../actions/steps.ts');
          const { presentRun } = await import('../present-run.ts');
          const result = await runStepsAlone(host, input, emit);
          return presentRun(invocation, result, flags.markdown);
        }),
    );
}
