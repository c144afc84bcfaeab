import { join } from 'node:path';
import type { ProcessResult } from '../host/command.ts';
import { aloneArgs } from '../tools/terragrunt/run.ts';
import type { Session } from './session.ts';

/** Runs Terragrunt itself, with the tools and settings of the session; output captured. */
export function runTerragrunt(session: Session, args: readonly string[]): Promise<ProcessResult> {
  return session.host.processes.run({
    argv: [session.terragrunt.path, ...args],
    cwd: session.workspace.root,
    env: { ...session.childEnv, TG_TF_PATH: session.terraform.path },
  });
}

/** Runs a Terraform command in one unit that needs nobody else's outputs. */
export function runInUnit(
  session: Session,
  unit: string,
  terraform: Parameters<typeof aloneArgs>[0]['terraform'],
  options: { readonly downloadDirectory?: string; readonly autoInit?: boolean } = {},
): Promise<ProcessResult> {
  const unitFolder = join(session.environment.folder, unit);
  return runTerragrunt(session, aloneArgs({ unitFolder, terraform, ...options }));
}

/** The first line of an error output that says something, for one-line messages. */
export function firstErrorLine(result: ProcessResult): string {
  const lines = `${result.stderr}\n${result.stdout}`.split('\n').map((line) => line.trim());
  const error = lines.find((line) => /\bError:/.test(line)) ?? lines.find((line) => line !== '');
  return error?.replace(/^.*?\bError: /, '') ?? `exit code ${result.exitCode}`;
}
