import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileEntry, FileStat, Files, WriteOptions } from '../files.ts';

export const nodeFiles: Files = {
  read: (path) => orUndefined(fs.readFile(path, 'utf8')),
  readBytes: (path) => orUndefined(fs.readFile(path)),
  readFrom,
  writeAtomic,
  append: async (path, content, options) => {
    await fs.appendFile(path, content, { mode: options?.mode ?? 0o644 });
  },
  makeDirectory: async (path, options) => {
    await fs.mkdir(path, { recursive: true, mode: options?.mode ?? 0o755 });
  },
  createExclusive,
  list: async (path) => {
    const entries = (await orUndefined(fs.readdir(path, { withFileTypes: true }))) ?? [];
    return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
  },
  stat: async (path): Promise<FileStat | undefined> => {
    const stat = await orUndefined(fs.stat(path));
    if (stat === undefined) return undefined;
    const kind = kindOf(stat);
    return {
      kind: kind === 'symlink' ? 'other' : kind,
      size: stat.size,
      modifiedMs: stat.mtimeMs,
      mode: stat.mode & 0o777,
    };
  },
  realPath: (path) => orUndefined(fs.realpath(path)),
  isExecutable: (path) =>
    fs.access(path, fs.constants.X_OK).then(
      () => true,
      () => false,
    ),
  setMode: (path, mode) => fs.chmod(path, mode),
  rename: (from, to) => fs.rename(from, to),
  copy: (from, to) => fs.cp(from, to, { recursive: true }),
  symlink: (target, path) => fs.symlink(target, path),
  remove: (path) => fs.rm(path, { recursive: true, force: true }),
  makeTemporary: (prefix) => fs.mkdtemp(join(tmpdir(), prefix)),
  sha256: async (path) => {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  },
};

async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function readFrom(path: string, offset: number): Promise<Uint8Array> {
  const file = await orUndefined(fs.open(path, 'r'));
  if (file === undefined) return new Uint8Array();
  try {
    const { size } = await file.stat();
    if (size <= offset) return new Uint8Array();
    const buffer = Buffer.alloc(size - offset);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function writeAtomic(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}`,
  );
  try {
    const old = options.keepsAccess === true ? await orUndefined(fs.stat(path)) : undefined;
    const file = await fs.open(
      temporary,
      'wx',
      old === undefined ? (options.mode ?? 0o644) : 0o600,
    );
    try {
      if (old !== undefined) await giveAccessOf(old, file);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

async function giveAccessOf(old: Stats, file: fs.FileHandle): Promise<void> {
  const { uid, gid } = await file.stat();
  if (uid !== old.uid || gid !== old.gid) await file.chown(old.uid, old.gid);
  await file.chmod(old.mode & 0o777);
}

async function createExclusive(
  path: string,
  content: string,
  options: WriteOptions = {},
): Promise<boolean> {
  try {
    await fs.writeFile(path, content, { flag: 'wx', mode: options.mode ?? 0o644 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function kindOf(entry: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): FileEntry['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}
