import type { Command } from 'commander';
import type { Execute } from '../execute.ts';

export function addStatus(program: Command, execute: Execute): void {
  program
    .command('status [environment] [units...]')
    .description('each unit as its state says, what was last done to it, and the cluster')
    .action((environment: string | undefined, units: string[]) =>
      execute(async ({ host, options, emit, print, printJson }) => {
        const { readStatus } = await import('../../actions/status.ts');
        const { isPartlyUnknown } = await import('../../domain/cluster/cluster-state.ts');
        const { clusterText } = await import('../../ui/status-cluster.ts');
        const { lastSteps } = await import('../../ui/status-steps.ts');
        const { statusTable } = await import('../../ui/status-table.ts');
        const { directory } = options;
        const status = await readStatus(host, { directory, environment, units }, emit);
        const unreadable =
          status.units.some(({ state }) => state.kind === 'unreadable') ||
          (status.cluster !== undefined && isPartlyUnknown(status.cluster));
        if (options.json) printJson({ schema: 1, ...status });
        else
          print(statusTable(status.units) + lastSteps(status.units) + clusterText(status.cluster));
        return unreadable ? 1 : 0;
      }),
    );
}

export function addOutput(program: Command, execute: Execute): void {
  program
    .command('output <environment> <unit> [name]')
    .description("a unit's outputs, from its state")
    .option('--show-sensitive', 'sensitive values too')
    .action(
      (
        environment: string,
        unit: string,
        name: string | undefined,
        flags: { showSensitive?: boolean },
      ) =>
        execute(async ({ host, options, emit, print, printJson }) => {
          const { readOutputs } = await import('../../actions/output.ts');
          const showSensitive = flags.showSensitive === true;
          const { directory } = options;
          const outputs = await readOutputs(
            host,
            { directory, environment, unit, name, showSensitive },
            emit,
          );
          const text = (value: unknown) =>
            typeof value === 'string' ? value : JSON.stringify(value);
          if (options.json) {
            printJson({ schema: 1, unit, outputs });
          } else if (name !== undefined) {
            for (const { value } of outputs) print(`${text(value)}\n`);
          } else {
            for (const { name: key, value, sensitive } of outputs) {
              print(`${key} = ${sensitive && !showSensitive ? '(sensitive)' : text(value)}\n`);
            }
          }
          return 0;
        }),
    );
}
