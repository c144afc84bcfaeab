export interface RunArgsInput {
  readonly unitFolder: string;
  readonly reportFile: string;
  /** Saves two Terraform processes per dependency; knows only the default workspace. */
  readonly outputsFromState: boolean;
  /** Terraform's own arguments, command first. */
  readonly terraform: readonly string[];
}

const QUIETLY = [
  '--non-interactive',
  '--no-color',
  '--no-auto-retry',
  '--no-filters-file',
] as const;

/**
 * One unit, one process. Retries are off because Terragrunt would start an interrupted apply again;
 * outputs of dependencies are read from state, which saves two Terraform processes per dependency.
 */
export function runArgs(input: RunArgsInput): string[] {
  return [
    'run',
    ...QUIETLY,
    ...(input.outputsFromState ? ['--dependency-fetch-output-from-state'] : []),
    '--log-format=json',
    // What it says of mocks must be said, whatever TG_LOG_LEVEL is.
    '--log-level=info',
    '--summary-disable',
    '--report-file',
    input.reportFile,
    '--working-dir',
    input.unitFolder,
    '--',
    ...input.terraform,
  ];
}

/**
 * A Terraform command that needs nobody else's outputs. Never for plan or apply: with the outputs of
 * dependencies left out Terragrunt answers with mocks, whatever the allow-list says.
 */
export function aloneArgs(input: {
  readonly unitFolder: string;
  readonly terraform: readonly [
    'state' | 'output' | 'validate' | 'init' | 'force-unlock',
    ...string[],
  ];
  readonly downloadDirectory?: string;
  readonly autoInit?: boolean;
}): string[] {
  return [
    'run',
    ...QUIETLY,
    '--experiment=optional-dependency-outputs',
    '--no-dependency-outputs',
    '--log-level=error',
    '--tf-forward-stdout',
    ...(input.autoInit === false ? ['--no-auto-init'] : []),
    ...(input.downloadDirectory === undefined ? [] : ['--download-dir', input.downloadDirectory]),
    '--working-dir',
    input.unitFolder,
    '--',
    ...input.terraform,
  ];
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  /** Said by Terraform and passed on; a hook's words are not. */
  readonly fromTerraform: boolean;
}

/** Lines of `--log-format=json`; what is not JSON (Terragrunt's final error is plain text) is kept as it is. */
export function parseLog(text: string): LogLine[] {
  return text.split('\n').flatMap((line): LogLine[] => {
    if (line.trim() === '') return [];
    try {
      const entry: unknown = JSON.parse(line);
      if (typeof entry === 'object' && entry !== null && 'msg' in entry) {
        const level = 'level' in entry ? String(entry.level) : 'info';
        const fromTerraform = 'tf-command-args' in entry;
        return [{ level, message: String(entry.msg), fromTerraform }];
      }
    } catch {
      // Not a log line.
    }
    return [{ level: 'plain', message: line, fromTerraform: false }];
  });
}

/** Name of the hook that failed, if one did. */
export function failedHook(log: readonly LogLine[]): string | undefined {
  return log.flatMap(({ message }) => /^Hook "([^"]+)" \(command: /.exec(message)?.[1] ?? [])[0];
}

/**
 * What Terragrunt and Terraform say is wrong. Terragrunt quotes the command line and the output of
 * whatever it ran, a hook or `run_cmd`: these may hold anything and stay in the log.
 */
export function errorMessages(log: readonly LogLine[]): string[] {
  const quotes = /^Hook "|Failed to execute "|exited with non-zero exit code/;
  return log
    .filter(({ level, fromTerraform, message }) => {
      return fromTerraform || (level === 'error' && !quotes.test(message));
    })
    .map(({ message }) => message);
}

const MOCK_WARNING =
  /^Config (.+) is a dependency of .+ that has no outputs, but mock outputs provided/;

const NO_OUTPUTS = /"? outputs: (\S.*?) is a dependency of .+ but detected no outputs/;

/** Configuration files of the dependencies without outputs or mocks, for which Terragrunt gave up. */
export function missingOutputs(log: readonly LogLine[]): string[] {
  const files = log.flatMap((line) => NO_OUTPUTS.exec(line.message)?.[1] ?? []);
  return [...new Set(files)].sort();
}

/** Configuration files of the dependencies whose mocks were used, as far as Terragrunt says so. */
export function mockedDependencies(log: readonly LogLine[]): string[] {
  const files = log.flatMap((line) => MOCK_WARNING.exec(line.message)?.[1] ?? []);
  return [...new Set(files)].sort();
}
