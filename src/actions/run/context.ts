import { join } from 'node:path';
import type { Session } from '../session.ts';
import type { Interruption } from './interruption.ts';
import type { Recorder } from './recorder.ts';

/** What the units of one run share. */
export interface RunContext {
  readonly session: Session;
  /** The run's record folder. */
  readonly directory: string;
  /** The shim's copy in the record: an update of the CLI in the middle of a run changes nothing. */
  readonly shim: string;
  readonly recorder: Recorder;
  readonly interruption: Interruption;
  /** By unit: dependencies whose mocks could be used without a word in the log. */
  readonly hiddenMocks: ReadonlyMap<string, readonly string[]>;
}

export function unitDirectory(context: Pick<RunContext, 'directory'>, unit: string): string {
  return join(context.directory, 'units', unit);
}

export function nowText(session: Pick<Session, 'host'>): string {
  return new Date(session.host.clock.now()).toISOString();
}
