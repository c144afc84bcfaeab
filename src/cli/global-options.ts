import type { Command } from 'commander';

/** Options of every command; they may stand before or after its name. */
export interface GlobalOptions {
  readonly directory: string | undefined;
  readonly json: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export function readGlobalOptions(program: Command): GlobalOptions {
  const raw = program.opts<{
    C?: string;
    json?: boolean;
    color: boolean;
    quiet?: boolean;
    verbose?: boolean;
  }>();
  return {
    directory: raw.C,
    json: raw.json === true,
    color: raw.color,
    quiet: raw.quiet === true,
    verbose: raw.verbose === true,
  };
}
