import { join } from 'node:path';
import type { UnitConfig } from '../../domain/unit-config.ts';
import type { HashValue } from '../../tools/terraform/plan-resource.ts';
import type { Session } from '../session.ts';
import type { Interruption } from './interruption.ts';
import type { Recorder } from './recorder.ts';
import type { UnitStates } from './unit-states.ts';

/** What the units of one run share. */
export interface RunContext {
  readonly session: Session;
  /** The run's record folder. */
  readonly directory: string;
  /** Record folder whose saved plans are applied: this run's own, or that of the run it continues. */
  readonly plansDirectory: string;
  /** The shim's copy in the record: an update of the CLI in the middle of a run changes nothing. */
  readonly shim: string;
  readonly recorder: Recorder;
  readonly interruption: Interruption;
  readonly configs: ReadonlyMap<string, UnitConfig>;
  /** Units that were deleted, and where their old files lie. */
  readonly oldFolders: ReadonlyMap<string, string>;
  readonly states: UnitStates;
  /** Hashes values with the run's own key. */
  readonly hash: HashValue;
}

export function unitDirectory(context: Pick<RunContext, 'directory'>, unit: string): string {
  return join(context.directory, 'units', unit);
}

/** Where the unit's files are. */
export function unitFolder(
  { session, oldFolders }: Pick<RunContext, 'session' | 'oldFolders'>,
  unit: string,
): string {
  return oldFolders.get(unit) ?? join(session.environment.folder, unit);
}

/** The folder of the environment that the unit's files are in: for a deleted unit, the old one. */
export function environmentOf(
  { session, oldFolders }: Pick<RunContext, 'session' | 'oldFolders'>,
  unit: string,
): string {
  const old = oldFolders.get(unit);
  return old === undefined ? session.environment.folder : old.slice(0, -`/${unit}`.length);
}

export function nowText(session: Pick<Session, 'host'>): string {
  return new Date(session.host.clock.now()).toISOString();
}
