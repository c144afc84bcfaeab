import { join } from 'node:path';
import { runRecordSchema } from '../../domain/run-record.ts';
import type { Host } from '../../host/host.ts';
import { RUN_ID } from './record-files.ts';

/** Removes the oldest records beyond `keep`; a run that is still going on stays. Resolves to the ids removed. */
export async function pruneRuns(
  host: Pick<Host, 'files' | 'processes'>,
  recordsDirectory: string,
  keep: number,
): Promise<string[]> {
  const ids = (await host.files.list(recordsDirectory))
    .map(({ name }) => name)
    .filter((name) => RUN_ID.test(name))
    .sort();
  const removed: string[] = [];
  for (const id of ids.slice(0, Math.max(0, ids.length - keep))) {
    const directory = join(recordsDirectory, id);
    if (await isRunning(host, directory)) continue;
    await host.files.remove(directory);
    removed.push(id);
  }
  return removed;
}

async function isRunning(
  host: Pick<Host, 'files' | 'processes'>,
  directory: string,
): Promise<boolean> {
  const text = await host.files.read(join(directory, 'run.json'));
  if (text === undefined) return false;
  try {
    const record = runRecordSchema.parse(JSON.parse(text));
    return record.endedAt === null && host.processes.isAlive(record.pid);
  } catch {
    return false;
  }
}
