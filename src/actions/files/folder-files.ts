import { join } from 'node:path';
import { isLeftBehind } from '../../domain/left-behind.ts';
import type { Files } from '../../host/files.ts';
import { once } from '../once.ts';

const UNIT_FILES: ReadonlySet<string> = new Set(['terragrunt.hcl', 'terragrunt.hcl.json']);
const STACK_MANIFEST = '.terragrunt-stack-manifest';

interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly isUnit: boolean;
  readonly isGenerated: boolean;
}

/** Looks at each folder once, however many units ask: a thousand of them share their modules. */
export interface FolderFiles {
  /**
   * Files at any depth, as far as no unit of its own lies between; without what tools leave behind.
   * A link comes with what it leads to: git notes a change of either under its own name.
   */
  below(folder: string): Promise<readonly string[]>;
  has(folder: string, name: string): Promise<boolean>;
  /** Whether Terragrunt made the folder from a stack. */
  isGenerated(folder: string): Promise<boolean>;
  /** Undefined when there is nothing at the path. */
  realPath(path: string): Promise<string | undefined>;
}

export function createFolderFiles(files: Files): FolderFiles {
  const list = once((folder: string) => listFolder(files, folder));
  return {
    below: once((folder: string) => filesBelow(folder, list)),
    has: async (folder, name) => (await list(folder)).files.includes(join(folder, name)),
    isGenerated: async (folder) => (await list(folder)).isGenerated,
    realPath: once((path: string) => files.realPath(path)),
  };
}

async function filesBelow(
  top: string,
  list: (folder: string) => Promise<Listing>,
): Promise<readonly string[]> {
  const found: string[] = [];
  const seen = new Set([top]);
  // The set grows while it is walked: links may lead in circles.
  for (const folder of seen) {
    const { files, folders, isUnit } = await list(folder);
    if (isUnit && folder !== top) continue;
    found.push(...files);
    for (const next of folders) seen.add(next);
  }
  return found;
}

async function listFolder(files: Files, folder: string): Promise<Listing> {
  const found = { files: [] as string[], folders: [] as string[] };
  const entries = await files.list(folder);
  for (const { name, kind } of entries) {
    if (isLeftBehind(name)) continue;
    const path = join(folder, name);
    if (kind === 'file') found.files.push(path);
    else if (kind === 'directory') found.folders.push(path);
    else if (kind === 'symlink') await follow(files, path, found);
  }
  return {
    ...found,
    isUnit: entries.some(({ name }) => UNIT_FILES.has(name)),
    isGenerated: entries.some(({ name }) => name === STACK_MANIFEST),
  };
}

async function follow(
  files: Files,
  link: string,
  found: { readonly files: string[]; readonly folders: string[] },
): Promise<void> {
  const target = await files.realPath(link);
  const kind = target === undefined ? undefined : (await files.stat(target))?.kind;
  if (target === undefined || kind === undefined) return;
  found.files.push(link);
  if (kind === 'file') found.files.push(target);
  else if (kind === 'directory') found.folders.push(target);
}
