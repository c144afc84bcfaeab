import type { Command } from 'commander';
import type { Execute } from '../execute.ts';
import { parseKeep } from '../parse-options.ts';

const RUN_OPTION = ['--run <id>', 'of this run (default: the newest with that unit)'] as const;

export function addShow(program: Command, execute: Execute): void {
  program
    .command('show <unit>')
    .description("Terraform's own rendering of a unit's saved plan")
    .option(...RUN_OPTION)
    .action((unit: string, flags: { run?: string }) =>
      execute(async ({ host, options, emit, print, printJson }) => {
        const { showUnit } = await import('../../actions/records/show-unit.ts');
        const { directory } = options;
        const text = await showUnit(host, { directory, unit, run: flags.run }, emit);
        if (options.json) printJson({ schema: 1, unit, text });
        else print(text);
        return 0;
      }),
    );
}

export function addLogs(program: Command, execute: Execute): void {
  program
    .command('logs <unit>')
    .description('everything that was said about a unit in a run')
    .option(...RUN_OPTION)
    .action((unit: string, flags: { run?: string }) =>
      execute(async ({ host, options, print, printJson }) => {
        const { unitLog } = await import('../../actions/records/show-unit.ts');
        const text = await unitLog(host, { directory: options.directory, unit, run: flags.run });
        if (options.json) printJson({ schema: 1, unit, text });
        else print(text);
        return 0;
      }),
    );
}

export function addRuns(program: Command, execute: Execute): void {
  const runs = program.command('runs').description('records of runs');
  runs
    .command('list', { isDefault: true })
    .description('newest first')
    .action(() =>
      execute(async ({ host, options, print, printJson }) => {
        const { readRuns } = await import('../../actions/records/runs.ts');
        const { runsTable } = await import('../../ui/runs-table.ts');
        const records = await readRuns(host, options.directory);
        if (options.json) printJson({ schema: 1, runs: records });
        else print(runsTable(records));
        return 0;
      }),
    );
  runs
    .command('show [id]')
    .description('the summary of a run (default: the newest)')
    .option('--markdown <file>', 'write it as Markdown too')
    .action((id: string | undefined, flags: { markdown?: string }) =>
      execute(async (invocation) => {
        const { readRun } = await import('../../actions/records/runs.ts');
        const { presentRun } = await import('../present-run.ts');
        const found = await readRun(invocation.host, invocation.options.directory, id);
        return presentRun(invocation, { ...found, exitCode: 0 }, flags.markdown);
      }),
    );
  runs
    .command('prune')
    .description('remove the oldest records')
    .option('--keep <n>', 'how many stay', parseKeep, 10)
    .action((flags: { keep: number }) =>
      execute(async ({ host, options, print, printJson }) => {
        const { removeOldRuns } = await import('../../actions/records/runs.ts');
        const removed = await removeOldRuns(host, options.directory, flags.keep);
        if (options.json) printJson({ schema: 1, removed });
        else print(`removed ${removed.length} records\n`);
        return 0;
      }),
    );
}
