import type { RunRecord } from '../domain/run-record.ts';
import type { SessionInput } from './session.ts';

/** What plan, apply and destroy have in common. */
export interface RunOptions extends SessionInput {
  readonly units: readonly string[];
  readonly parallelism: number | undefined;
  readonly refresh: boolean;
}

/** How plan and apply choose and make plans. */
export interface PlanningOptions extends RunOptions {
  /** Plan dependents with the outputs that upstream plans make known. */
  readonly planThrough: boolean;
  /** Only units that differ from the merge base with `base`, and their dependents. */
  readonly changed: { readonly base: string | undefined } | undefined;
}

export interface RunResult {
  readonly record: RunRecord;
  /** Where the record lies. */
  readonly directory: string;
  readonly exitCode: number;
}
