import type { RunRecord } from '../domain/run-record.ts';
import type { SessionInput } from './session.ts';

/** What plan, apply and destroy have in common. */
export interface RunOptions extends SessionInput {
  readonly units: readonly string[];
  readonly parallelism: number | undefined;
  readonly refresh: boolean;
}

export interface RunResult {
  readonly record: RunRecord;
  /** Where the record lies. */
  readonly directory: string;
  readonly exitCode: number;
}
