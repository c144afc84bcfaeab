import type { Command } from 'commander';
import type { Event } from '../../domain/events.ts';
import type { Execute, Invocation } from '../execute.ts';
import { addRunOptions, type RunFlags } from './plan.ts';

export function addApply(program: Command, execute: Execute): void {
  const command = program
    .command('apply [environment] [units...]')
    .description('plan, show, confirm once, then apply exactly those plans in order')
    .option('-y, --yes', 'do not ask');
  addRunOptions(command).action(
    (environment: string | undefined, units: string[], flags: RunFlags & { yes?: boolean }) =>
      execute(async (invocation) => {
        const { apply } = await import('../../actions/apply.ts');
        const { presentRun } = await import('../present-run.ts');
        const result = await apply(
          invocation.host,
          {
            directory: invocation.options.directory,
            environment,
            units,
            parallelism: flags.parallelism,
            refresh: flags.refresh,
            yes: flags.yes === true,
          },
          await showPlanFirst(invocation),
        );
        return presentRun(invocation, result, flags.markdown);
      }),
  );
}

export function addDestroy(program: Command, execute: Execute): void {
  const command = program
    .command('destroy [environment] [units...]')
    .description('remove everything, dependents first; asks for the name to be typed')
    .option('-y, --yes', 'for a sandbox, which asks nothing anyway')
    .option('--confirm <environment>', 'the name, for where nobody can type it');
  addRunOptions(command).action(
    (environment: string | undefined, units: string[], flags: RunFlags & { confirm?: string }) =>
      execute(async (invocation) => {
        const { destroy } = await import('../../actions/apply.ts');
        const { presentRun } = await import('../present-run.ts');
        const result = await destroy(
          invocation.host,
          {
            directory: invocation.options.directory,
            environment,
            units,
            parallelism: flags.parallelism,
            refresh: flags.refresh,
            confirm: flags.confirm,
          },
          await showPlanFirst(invocation),
        );
        return presentRun(invocation, result, flags.markdown);
      }),
  );
}

/** What is to be confirmed stands above the question, and in a log above what follows. */
async function showPlanFirst(invocation: Invocation): Promise<Invocation['emit']> {
  const { summaryText } = await import('../present-run.ts');
  const { host, options, emit } = invocation;
  return (event: Event) => {
    emit(event);
    if (event.type !== 'plan-ready' || options.quiet) return;
    const text = `\n${summaryText(invocation, event.record, event.directory)}\n`;
    if (options.json) host.terminal.writeErr(text);
    else invocation.print(text);
  };
}
