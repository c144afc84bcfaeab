import { join } from 'node:path';
import { UserError } from '../../domain/errors.ts';
import type { RunEvent } from '../../domain/events.ts';
import { foldRun } from '../../domain/fold-run.ts';
import { type RunRecord, runRecordSchema } from '../../domain/run-record.ts';
import type { Host } from '../../host/host.ts';
import { EVENTS_FILE, RUN_ID } from './record-files.ts';

export interface FoundRun {
  readonly record: RunRecord;
  readonly directory: string;
}

/** Readable records, newest first. */
export async function listRuns(
  host: Pick<Host, 'files'>,
  recordsDirectory: string,
): Promise<FoundRun[]> {
  const entries = await host.files.list(recordsDirectory);
  const ids = entries.map(({ name }) => name).filter((name) => RUN_ID.test(name));
  const runs: FoundRun[] = [];
  for (const id of ids.sort().reverse()) {
    const directory = join(recordsDirectory, id);
    const text = await host.files.read(join(directory, 'run.json'));
    const record = text === undefined ? undefined : parseRecord(text);
    if (record === undefined) continue;
    runs.push({ record: await asItStands(host, directory, record), directory });
  }
  return runs;
}

/** `run.json` of a run that has not ended, or never did, is a moment old; its events are complete. */
async function asItStands(
  { files }: Pick<Host, 'files'>,
  directory: string,
  record: RunRecord,
): Promise<RunRecord> {
  if (record.endedAt !== null) return record;
  const lines = ((await files.read(join(directory, EVENTS_FILE))) ?? '').split('\n');
  return lines.reduce((known, line) => {
    const event = line === '' ? undefined : parseEvent(line);
    return event === undefined ? known : foldRun(known, event);
  }, record);
}

function parseEvent(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    // Cut short by a crash: it is the last one.
    return undefined;
  }
}

function parseRecord(text: string): RunRecord | undefined {
  try {
    return runRecordSchema.parse(JSON.parse(text));
  } catch {
    // Cut short by a crash, or of another version of this tool.
    return undefined;
  }
}

/** The run that was named, or the newest that has `unit` in it; ids may be cut short. */
export async function findRun(
  host: Pick<Host, 'files'>,
  recordsDirectory: string,
  id: string | undefined,
  unit?: string,
): Promise<FoundRun> {
  const runs = await listRuns(host, recordsDirectory);
  const matching = runs.filter(({ record }) =>
    id === undefined
      ? unit === undefined || record.units.some((entry) => entry.unit === unit)
      : id !== '' && record.run.startsWith(id),
  );
  const [found] = matching;
  if (found !== undefined && (id === undefined || matching.length === 1)) return found;
  if (found !== undefined) {
    const ids = matching.map(({ record }) => record.run);
    throw new UserError({
      what: `"${id}" is the beginning of ${ids.length} runs`,
      next: `one of: ${ids.slice(0, 5).join(', ')}`,
    });
  }
  const isThere =
    id !== undefined &&
    id !== '' &&
    (await host.files.list(recordsDirectory)).some(({ name }) => name.startsWith(id));
  if (isThere) {
    throw new UserError({
      what: `run "${id}" was recorded by another version of platform`,
      where: recordsDirectory,
      next: 'plan again',
    });
  }
  const what =
    id !== undefined
      ? `there is no run "${id}"`
      : unit === undefined
        ? 'there are no runs yet'
        : `no run has a unit "${unit}"`;
  throw new UserError({ what, where: recordsDirectory, next: 'platform runs list' });
}
