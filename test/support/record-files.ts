import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../../src/domain/run-record.ts';
import type { ForeignTree } from './foreign-tree.ts';

export interface FoundFile {
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}

/** Every file below a folder. */
export async function filesBelow(folder: string): Promise<FoundFile[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path);
      if (!found.isFile()) return [];
      return [{ path, mode: found.mode & 0o777, text: await readFile(path, 'latin1') }];
    }),
  );
  return files.flat();
}

/** Where the files of a unit lie in the record of a run. */
export function unitRecordFolder(tree: ForeignTree, { run }: RunRecord, unit: string): string {
  return join(tree.root, '.platform/runs', run, 'units', unit);
}

/** Terraforms of any run in the tree that are alive. */
export async function livingTerraforms(tree: ForeignTree): Promise<number[]> {
  const files = await filesBelow(join(tree.root, '.platform/runs'));
  const noted = files.filter(({ path }) => path.endsWith('.pids'));
  const pids = noted.flatMap(({ text }) => text.split('\n').filter(Boolean).map(Number));
  return pids.filter(isAlive);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
