import { type Command, Option } from 'commander';
import type { Event } from '../../domain/events.ts';
import type { Execute, Invocation } from '../execute.ts';
import {
  addPlanningOptions,
  addRunOptions,
  type PlanningFlags,
  planningOptions,
  type RunFlags,
} from './plan.ts';

interface ApplyFlags extends PlanningFlags {
  readonly yes?: boolean;
  readonly run?: string;
  readonly approved?: string;
  readonly resume?: string | true;
  readonly only?: 'ready';
  readonly skipSteps?: boolean;
  readonly skipPreflight?: boolean;
  readonly allowDestroy?: readonly string[];
}

export function addApply(program: Command, execute: Execute): void {
  const command = program
    .command('apply [environment] [units...]')
    .description('plan, show, confirm once, then apply exactly those plans in order')
    .option('-y, --yes', 'do not ask')
    .option('--run <id>', 'apply the saved plans of a recorded plan')
    .option('--approved <run.json>', 'plan again, and apply what stays inside that approval')
    .option('--resume [id]', 'go on where an apply stopped (default: the newest)')
    .option('--skip-steps', 'neither run nor wait for what env.yaml declares after units')
    .option('--skip-preflight', 'do not ask AWS first whether quotas and versions will do')
    .addOption(new Option('--only <which>', 'leave the rest for later').choices(['ready']))
    .option(
      '--allow-destroy <address...>',
      'may be taken away, though it holds data or was deleted',
    );
  addPlanningOptions(command).action(
    (environment: string | undefined, units: string[], flags: ApplyFlags) =>
      execute(async (invocation) => {
        const { apply } = await import('../../actions/apply.ts');
        const { presentRun } = await import('../present-run.ts');
        const { resume } = flags;
        const result = await apply(
          invocation.host,
          {
            ...planningOptions(invocation, environment, units, flags),
            yes: flags.yes === true,
            run: flags.run,
            approved: flags.approved,
            resume: resume === undefined ? undefined : { id: resume === true ? undefined : resume },
            onlyReady: flags.only === 'ready',
            skipSteps: flags.skipSteps === true,
            skipPreflight: flags.skipPreflight === true,
            allowDestroy: flags.allowDestroy ?? [],
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
    .description(
      'remove everything, dependents first; asks for the name to be typed, but for a sandbox',
    )
    .option('-y, --yes', 'for a sandbox, which asks nothing anyway')
    .option('--confirm <environment>', 'the name, for where nobody can type it')
    .option('--skip-steps', 'take nothing away in the cluster first, look for nothing after');
  addRunOptions(command).action(
    (
      environment: string | undefined,
      units: string[],
      flags: RunFlags & { confirm?: string; skipSteps?: boolean },
    ) =>
      execute(async (invocation) => {
        const { destroy } = await import('../../actions/destroy.ts');
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
            skipSteps: flags.skipSteps === true,
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
