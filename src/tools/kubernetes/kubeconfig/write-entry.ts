import { basename, dirname, join } from 'node:path';
import type { Host } from '../../../host/host.ts';
import { type Unusable, unusable } from './content.ts';
import type { KubeconfigEntry } from './entry.ts';
import { mergeEntry } from './merge.ts';
import { readKubeconfigFile, reasonOf } from './read-file.ts';

export type Written = { readonly kind: 'written'; readonly change: 'added' | 'updated' } | Unusable;

export interface WriteEntryInput {
  /** Absolute; may be a link, which stays one: what it leads to is written. */
  readonly path: string;
  readonly entry: KubeconfigEntry;
  readonly setCurrent: boolean;
  /** Called when another process holds the file. */
  readonly onWait: (pid: number) => void;
}

/** Puts the entry into the file, of which every reader sees the old or the new text. */
export async function writeEntry(
  host: Pick<Host, 'files' | 'locks'>,
  input: WriteEntryInput,
): Promise<Written> {
  try {
    await host.files.makeDirectory(dirname(input.path));
    const folder = (await host.files.realPath(dirname(input.path))) ?? dirname(input.path);
    const named = join(folder, basename(input.path));
    return await locked(host, named, input, async () => {
      const target = await targetOf(host.files, named);
      if (target === undefined) return unusable('is a link that leads nowhere');
      if (target === named) return replace(host.files, target, input);
      // Whoever comes by another name has to meet us too.
      return locked(host, target, input, () => replace(host.files, target, input));
    });
  } catch (error) {
    return unusable(`cannot be written: ${reasonOf(error)}`);
  }
}

/**
 * kubectl holds a file of this name while it writes, and gives up at once when there is one.
 * https://github.com/kubernetes/client-go/blob/v0.34.0/tools/clientcmd/config.go
 */
function locked<T>(
  { locks }: Pick<Host, 'locks'>,
  path: string,
  { onWait }: WriteEntryInput,
  action: () => Promise<T>,
): Promise<T> {
  return locks.withLock(`${path}.lock`, action, onWait);
}

async function targetOf(files: Host['files'], named: string): Promise<string | undefined> {
  const target = await files.realPath(named);
  if (target !== undefined) return target;
  const entries = await files.list(dirname(named));
  const isLink = entries.some(({ name, kind }) => name === basename(named) && kind === 'symlink');
  return isLink ? undefined : named;
}

async function replace(
  files: Host['files'],
  path: string,
  { entry, setCurrent }: WriteEntryInput,
): Promise<Written> {
  const text = await readKubeconfigFile(files, path);
  if (typeof text === 'object') return text;
  const merged = mergeEntry(text, entry, setCurrent);
  if (merged.kind === 'unusable') return merged;
  if (merged.text !== text) {
    await files.writeAtomic(path, merged.text, { mode: 0o600, keepsAccess: true });
  }
  return { kind: 'written', change: merged.change };
}
