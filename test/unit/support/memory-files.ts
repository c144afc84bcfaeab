import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { FileEntry, Files } from '../../../src/host/files.ts';

export interface MemoryFiles extends Files {
  /** Paths of all files, sorted. */
  paths(): string[];
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/** Files in a map; folders are there as soon as something lies in them. Absolute paths only. */
export function memoryFiles(
  content: Readonly<Record<string, string>> = {},
  modes: Readonly<Record<string, number>> = {},
): MemoryFiles {
  const files = new Map<string, Entry>();
  const folders = new Set<string>();
  const put = (path: string, bytes: Uint8Array | string, mode = 0o644) => {
    files.set(path, { bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes, mode });
  };
  for (const [path, text] of Object.entries(content)) put(path, text, modes[path]);
  const below = (path: string) => `${path.replace(/\/$/, '')}/`;
  const isFolder = (path: string) =>
    folders.has(path) || [...files.keys(), ...folders].some((key) => key.startsWith(below(path)));
  const text = (path: string) => {
    const entry = files.get(path);
    return entry === undefined ? undefined : Buffer.from(entry.bytes).toString('utf8');
  };
  const missing = (path: string) => Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
  const never = (name: string) => () => {
    throw new Error(`unexpected: files.${name}`);
  };
  return {
    paths: () => [...files.keys()].sort(),
    read: async (path) => text(path),
    readBytes: async (path) => files.get(path)?.bytes,
    readFrom: async (path, offset) => files.get(path)?.bytes.subarray(offset) ?? new Uint8Array(),
    writeAtomic: async (path, bytes, options) => put(path, bytes, options?.mode),
    append: async (path, more, options) => put(path, (text(path) ?? '') + more, options?.mode),
    makeDirectory: async (path) => {
      folders.add(path);
    },
    createExclusive: async (path, bytes, options) => {
      if (files.has(path)) return false;
      put(path, bytes, options?.mode);
      return true;
    },
    list: async (path) => {
      const found = new Map<string, FileEntry['kind']>();
      for (const key of [...files.keys(), ...folders]) {
        if (!key.startsWith(below(path))) continue;
        const [name = '', ...rest] = key.slice(below(path).length).split('/');
        if (rest.length > 0 || folders.has(key)) found.set(name, 'directory');
        else if (!found.has(name)) found.set(name, 'file');
      }
      return [...found].map(([name, kind]) => ({ name, kind }));
    },
    stat: async (path) => {
      const entry = files.get(path);
      if (entry !== undefined) {
        return { kind: 'file', size: entry.bytes.length, modifiedMs: 0, mode: entry.mode };
      }
      return isFolder(path)
        ? { kind: 'directory', size: 0, modifiedMs: 0, mode: 0o755 }
        : undefined;
    },
    realPath: async (path) => (files.has(path) || isFolder(path) ? path : undefined),
    isExecutable: async (path) => ((files.get(path)?.mode ?? 0) & 0o111) !== 0,
    setMode: async (path, mode) => {
      const entry = files.get(path);
      if (entry === undefined) throw missing(path);
      files.set(path, { ...entry, mode });
    },
    rename: async (from, to) => {
      const entry = files.get(from);
      if (entry !== undefined) {
        files.delete(from);
        files.set(to, entry);
        return;
      }
      if (!isFolder(from)) throw missing(from);
      for (const [path, inside] of [...files]) {
        if (!path.startsWith(below(from))) continue;
        files.delete(path);
        files.set(to + path.slice(from.length), inside);
      }
      folders.delete(from);
      folders.add(to);
    },
    remove: async (path) => {
      for (const key of [...files.keys()]) {
        if (key === path || key.startsWith(below(path))) files.delete(key);
      }
      for (const key of [...folders]) {
        if (key === path || key.startsWith(below(path))) folders.delete(key);
      }
    },
    sha256: async (path) => {
      const entry = files.get(path);
      if (entry === undefined) throw missing(dirname(path));
      return createHash('sha256').update(entry.bytes).digest('hex');
    },
    copy: never('copy'),
    symlink: never('symlink'),
    makeTemporary: never('makeTemporary'),
  };
}
