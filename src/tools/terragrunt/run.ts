export interface RunArgsInput {
  readonly unitFolder: string;
  readonly reportFile: string;
  /** Terraform's own arguments, command first. */
  readonly terraform: readonly string[];
}

/**
 * One unit, one process. Retries are off because Terragrunt would start an interrupted apply again;
 * outputs of dependencies are read from state, which saves two Terraform processes per dependency.
 */
export function runArgs(input: RunArgsInput): string[] {
  return [
    'run',
    '--non-interactive',
    '--no-color',
    '--no-auto-retry',
    '--no-filters-file',
    '--dependency-fetch-output-from-state',
    '--log-format=json',
    '--summary-disable',
    '--report-file',
    input.reportFile,
    '--working-dir',
    input.unitFolder,
    '--',
    ...input.terraform,
  ];
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
}

/** Lines of `--log-format=json`; what is not JSON (Terragrunt's final error is plain text) is kept as it is. */
export function parseLog(text: string): LogLine[] {
  return text.split('\n').flatMap((line): LogLine[] => {
    if (line.trim() === '') return [];
    try {
      const entry: unknown = JSON.parse(line);
      if (typeof entry === 'object' && entry !== null && 'msg' in entry) {
        const level = 'level' in entry ? String(entry.level) : 'info';
        return [{ level, message: String(entry.msg) }];
      }
    } catch {
      // Not a log line.
    }
    return [{ level: 'plain', message: line }];
  });
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
