import type { Host } from '../host/host.ts';
import { parseStore, type Store } from './eks/store.ts';

export function storePath(directory: string): string {
  return `${directory}/eks.json`;
}

/** Undefined when no cluster was ever made, or the file is damaged: it lives no longer than a run of the daemon. */
export async function readStore(host: Host, directory: string): Promise<Store | undefined> {
  const text = await host.files.read(storePath(directory));
  if (text === undefined) return undefined;
  try {
    return parseStore(text);
  } catch {
    return undefined;
  }
}
