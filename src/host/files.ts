export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  readonly modifiedMs: number;
  readonly mode: number;
}

export interface WriteOptions {
  /** Permission bits of a new file; 0o644 unless given. */
  readonly mode?: number;
  /** Of `writeAtomic`: a file that is replaced keeps its permission bits and owner. */
  readonly keepsAccess?: boolean;
}

export interface Files {
  /** Undefined when there is no such file. */
  read(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** Bytes from `offset` to the end as they are now; empty when there is nothing (yet). */
  readFrom(path: string, offset: number): Promise<Uint8Array>;
  /** Temp file in the same folder, fsync, rename: a reader sees the old or the new content. */
  writeAtomic(path: string, content: string | Uint8Array, options?: WriteOptions): Promise<void>;
  append(path: string, content: string, options?: WriteOptions): Promise<void>;
  /** Creates parents too; `mode` is for the folders that are new. */
  makeDirectory(path: string, options?: WriteOptions): Promise<void>;
  /** Fails with `EEXIST` semantics: resolves to false when the path is taken. */
  createExclusive(path: string, content: string, options?: WriteOptions): Promise<boolean>;
  list(path: string): Promise<FileEntry[]>;
  /** Follows symlinks. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Symlinks resolved; undefined when the path does not exist. */
  realPath(path: string): Promise<string | undefined>;
  isExecutable(path: string): Promise<boolean>;
  setMode(path: string, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  /** Recursive; nothing happens when the path is not there. */
  remove(path: string): Promise<void>;
  /** A new private folder (0700) below the system's temporary folder. */
  makeTemporary(prefix: string): Promise<string>;
  sha256(path: string): Promise<string>;
}
