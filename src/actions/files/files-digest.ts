import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { isLockFile } from '../../domain/left-behind.ts';
import type { Host } from '../../host/host.ts';

/** Of each file, by its path: what it holds. Valid as long as no file is expected to change. */
export type HashCache = Map<string, Promise<string>>;

/**
 * One sha256 over the names and contents of all files. Names count from `relativeTo`, so that another
 * checkout of the same files has the same digest; a file that is not there counts as that.
 *
 * Lock files of providers are left out: the first `init` writes them where they are not kept, so a
 * binding compares them apart.
 * https://developer.hashicorp.com/terraform/language/files/dependency-lock
 */
export async function digestFiles(
  host: Pick<Host, 'files'>,
  files: readonly string[],
  relativeTo: string,
  cache: HashCache = new Map(),
): Promise<string> {
  const digest = createHash('sha256');
  const names = new Map(files.map((file) => [relative(relativeTo, file), file]));
  for (const [name, file] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (isLockFile(name)) continue;
    const known = cache.get(file) ?? hashFile(host, file);
    cache.set(file, known);
    digest.update(`${name}\0${await known}\0`);
  }
  return digest.digest('hex');
}

/** A link to a folder is among the files: the folder's files stand for themselves. */
async function hashFile({ files }: Pick<Host, 'files'>, file: string): Promise<string> {
  const kind = (await files.stat(file))?.kind;
  return kind === 'file' ? files.sha256(file) : (kind ?? 'missing');
}
