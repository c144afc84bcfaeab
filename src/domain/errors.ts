/** What went wrong, where, and what to do about it: lower case, no full stop, the wrong value in quotes. */
export interface Problem {
  readonly what: string;
  readonly where?: string;
  readonly next?: string;
}

/** Base of the two errors that are expected to reach a person; anything else that is thrown is a bug of ours. */
export abstract class PlatformError extends Error {
  readonly problem: Problem;
  readonly exitCode: number;

  constructor(problem: Problem, exitCode: number) {
    super(problem.what);
    this.problem = problem;
    this.exitCode = exitCode;
  }
}

/** The input or the configuration is wrong, or a refusal that the user can act on. */
export class UserError extends PlatformError {
  override readonly name = 'UserError';

  constructor(problem: Problem, exitCode = 64) {
    super(problem, exitCode);
  }
}

/** A tool is missing, failed, or answered what cannot be read. */
export class ToolError extends PlatformError {
  override readonly name = 'ToolError';

  constructor(problem: Problem, exitCode = 1) {
    super(problem, exitCode);
  }
}
