import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { RunRecord, UnitFailure } from '../../domain/run-record.ts';
import type { Host, LockAttempt } from '../../host/host.ts';
import type { Session } from '../session.ts';

export type UnitLock =
  | Extract<LockAttempt, { kind: 'held' }>
  | { readonly kind: 'taken'; readonly failure: UnitFailure };

/** What is read of a `RunContext`. */
export interface UnitLockContext {
  readonly session: {
    readonly host: Pick<Host, 'files' | 'locks' | 'machine'>;
    readonly environment: Pick<Session['environment'], 'folder'>;
    readonly workspace: Pick<Session['workspace'], 'recordsDirectory'>;
  };
  readonly recorder: { record(): Pick<RunRecord, 'run'> };
}

const noteSchema = z.object({
  user: z.string(),
  hostname: z.string(),
  run: z.string(),
  unit: z.string(),
});

type Note = z.infer<typeof noteSchema>;

/**
 * Keeps two applies of one unit in this checkout apart, before either has begun; who comes second does
 * not wait. It says who holds the unit, which Terraform's own lock does only where the backend has one.
 * That one is still the last word: a Terraform that outlived its `platform` has no lock of ours.
 */
export async function lockUnit(
  { session, recorder }: UnitLockContext,
  unit: string,
): Promise<UnitLock> {
  const { files, locks, machine } = session.host;
  const path = lockFile(session, unit);
  // `.platform` itself is there: the run has its record in it.
  await files.makeDirectory(dirname(path), { mode: 0o700 });
  const { user, hostname } = machine;
  const note: Note = { user, hostname, run: recorder.record().run, unit };
  const attempt = await locks.tryLock(path, JSON.stringify(note));
  return attempt.kind === 'held' ? attempt : { kind: 'taken', failure: lockedBy(attempt) };
}

/** Named for the folder, which is one for all names that lead to the unit; a path would not fit in a name. */
function lockFile({ environment, workspace }: UnitLockContext['session'], unit: string): string {
  const folder = join(environment.folder, unit);
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join(workspace.recordsDirectory, '..', 'locks', `${name}.lock`);
}

function lockedBy(taken: Extract<LockAttempt, { kind: 'taken' }>): UnitFailure {
  const note = readNote(taken.note);
  const since = sinceText(taken.sinceMs);
  if (note === undefined) {
    return {
      kind: 'locked',
      summary: `is being applied by process ${taken.pid} since ${since}`,
      next: 'wait until it is done',
    };
  }
  return {
    kind: 'locked',
    summary: `is being applied by ${note.user}@${note.hostname} in run ${note.run} since ${since}`,
    next: `wait, or look at it: platform runs show ${note.run}`,
  };
}

/** Undefined for a note that was cut off, or that another version left. */
function readNote(text: string): Note | undefined {
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** `10:41:00 UTC 2026-11-22` */
function sinceText(ms: number): string {
  const text = new Date(ms).toISOString();
  return `${text.slice(11, 19)} UTC ${text.slice(0, 10)}`;
}
