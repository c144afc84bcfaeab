import { openWorkspace } from '../../config/workspace.ts';
import type { RunRecord } from '../../domain/run-record.ts';
import type { Host } from '../../host/host.ts';
import { type FoundRun, findRun, listRuns } from './find-run.ts';
import { pruneRuns } from './prune-runs.ts';

export async function readRuns(host: Host, directory: string | undefined): Promise<RunRecord[]> {
  const { recordsDirectory } = await openWorkspace(host, directory);
  return (await listRuns(host, recordsDirectory)).map(({ record }) => record);
}

export async function readRun(
  host: Host,
  directory: string | undefined,
  id: string | undefined,
): Promise<FoundRun> {
  const { recordsDirectory } = await openWorkspace(host, directory);
  return findRun(host, recordsDirectory, id);
}

export async function removeOldRuns(
  host: Host,
  directory: string | undefined,
  keep: number,
): Promise<string[]> {
  const { recordsDirectory } = await openWorkspace(host, directory);
  return pruneRuns(host, recordsDirectory, keep);
}
