import { join } from 'node:path';
import type { ProcessResult } from '../host/command.ts';
import type { Session } from './session.ts';

/**
 * A Terraform command in one unit that needs nobody else's outputs. Never for plan or apply: with the
 * outputs of dependencies left out Terragrunt answers with mocks, whatever the allow-list says.
 */
export function runInUnit(
  session: Session,
  unit: string,
  terraform: readonly ['state' | 'output' | 'validate' | 'init', ...string[]],
  options: { readonly downloadDirectory?: string; readonly autoInit?: boolean } = {},
): Promise<ProcessResult> {
  return session.host.processes.run({
    argv: [
      session.terragrunt.path,
      'run',
      '--non-interactive',
      '--no-color',
      '--no-auto-retry',
      '--no-filters-file',
      '--experiment=optional-dependency-outputs',
      '--no-dependency-outputs',
      '--log-level=error',
      '--tf-forward-stdout',
      ...(options.autoInit === false ? ['--no-auto-init'] : []),
      ...(options.downloadDirectory === undefined
        ? []
        : ['--download-dir', options.downloadDirectory]),
      '--working-dir',
      join(session.environment.folder, unit),
      '--',
      ...terraform,
    ],
    cwd: session.workspace.root,
    env: { ...session.childEnv, TG_TF_PATH: session.terraform.path },
  });
}

/** The first line of an error output that says something, for one-line messages. */
export function firstErrorLine(result: ProcessResult): string {
  const lines = `${result.stderr}\n${result.stdout}`.split('\n').map((line) => line.trim());
  const error = lines.find((line) => /\bError:/.test(line)) ?? lines.find((line) => line !== '');
  return error?.replace(/^.*?\bError: /, '') ?? `exit code ${result.exitCode}`;
}
