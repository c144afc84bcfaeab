import { Command, type CommanderError } from 'commander';
import { addApply, addDestroy } from './commands/apply.ts';
import { addDoctor } from './commands/doctor.ts';
import { addGraph } from './commands/graph.ts';
import { addKubeconfig } from './commands/kubeconfig.ts';
import { addPlan } from './commands/plan.ts';
import { addLogs, addRuns, addShow } from './commands/runs.ts';
import { addSandbox } from './commands/sandbox.ts';
import { addOutput, addStatus } from './commands/state.ts';
import { addSteps } from './commands/steps.ts';
import { addTools } from './commands/tools.ts';
import { addUnlock } from './commands/unlock.ts';
import { addValidate } from './commands/validate.ts';
import { createExecute } from './execute.ts';
import { VERSION } from './version.ts';

/** Commander's own errors are the user's. */
const USAGE_EXIT = 64;

const EXAMPLES = `
Examples:
  platform apply sandbox        the whole platform, without an AWS account
  platform plan dev             what would change in dev
  platform plan dev eks vpc     two units of it
  platform -C some/repo plan f  any Terragrunt tree, with no configuration

Docs: README.md, docs/ and the exit codes in docs/exit-codes.md`;

/** Every command, with what it does; an action's code is loaded only when it is called. */
export function buildProgram(setExitCode: (code: number) => void): Command {
  const program = new Command('platform')
    .description('Plans and applies a Terragrunt estate, exactly and in order.')
    .version(VERSION, '--version')
    .option('-C <dir>', 'work in this tree')
    .option('--json', 'one JSON document on standard output')
    .option('--no-color', 'no colour (NO_COLOR works too)')
    .option('--quiet', 'only the result')
    .option('--verbose', 'say every command that is run')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: false })
    .exitOverride((error: CommanderError) => {
      // Commander exits 1 for a wrong word and 0 for --help and --version.
      process.exit(error.exitCode === 0 ? 0 : USAGE_EXIT);
    });
  const execute = createExecute(program, setExitCode);
  for (const add of [
    addPlan,
    addApply,
    addDestroy,
    addValidate,
    addGraph,
    addStatus,
    addOutput,
    addKubeconfig,
    addSteps,
    addUnlock,
    addShow,
    addLogs,
    addRuns,
    addDoctor,
    addTools,
    addSandbox,
  ]) {
    add(program, execute);
  }
  return program;
}
