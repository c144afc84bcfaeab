import { join } from 'node:path';
import { UserError } from '../../domain/errors.ts';
import { type RunRecord, runRecordSchema } from '../../domain/run-record.ts';
import type { Host } from '../../host/host.ts';
import { RUN_ID } from '../run/prune-runs.ts';

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
    if (record !== undefined) runs.push({ record, directory });
  }
  return runs;
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
  const found = runs.find(({ record }) =>
    id === undefined
      ? unit === undefined || record.units.some((entry) => entry.unit === unit)
      : record.run.startsWith(id),
  );
  if (found !== undefined) return found;
  const what =
    id !== undefined
      ? `there is no run "${id}"`
      : unit === undefined
        ? 'there are no runs yet'
        : `no run has a unit "${unit}"`;
  throw new UserError({ what, where: recordsDirectory, next: 'platform runs list' });
}
