import { dirname, join, resolve } from 'node:path';
import { isTerraformCode } from '../../domain/file-claims.ts';
import type { UnitConfig } from '../../domain/unit-config.ts';
import type { Files } from '../../host/files.ts';
import type { Host } from '../../host/host.ts';
import { once } from '../once.ts';
import { createFolderFiles, type FolderFiles } from './folder-files.ts';

const STACK_FILE = 'terragrunt.stack.hcl';

/**
 * By unit: absolute paths, sorted, of the files that it is made of: its own folder without the units
 * in it, what Terragrunt read for it, and all that lies below the local modules that it uses, those
 * that they call included. A unit that was generated is also made of its stack and what that names.
 *
 * Modules are followed by their relative `source`. What a module reads from outside of its folder is
 * not found, and neither is what only `file()` reads in Terragrunt's configuration and nothing marks
 * as read: Terragrunt does not list it.
 *
 * @param environmentFolder with symlinks resolved
 */
export async function gatherUnitFiles(
  host: Pick<Host, 'files'>,
  configs: ReadonlyMap<string, UnitConfig>,
  environmentFolder: string,
  units: Iterable<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const folders = createFolderFiles(host.files);
  const sources: Sources = {
    folders,
    calledBy: once((file: string) => modulesCalledBy(host.files, file)),
  };
  const found = new Map<string, readonly string[]>();
  // One after the other: all at once could be more open files than the system allows.
  for (const unit of units) {
    const reads = configs.get(unit)?.readsFiles ?? [];
    const files = await filesOfUnit(
      sources,
      environmentFolder,
      join(environmentFolder, unit),
      reads,
    );
    found.set(unit, [...files].sort());
  }
  return found;
}

interface Sources {
  readonly folders: FolderFiles;
  /** Folders that a file's relative sources lead to. */
  readonly calledBy: (file: string) => Promise<readonly string[]>;
}

async function filesOfUnit(
  { folders, calledBy }: Sources,
  environmentFolder: string,
  folder: string,
  reads: readonly string[],
): Promise<Set<string>> {
  const found = new Set(await folders.below(folder));
  const modules = new Set<string>();
  const addModules = async (files: Iterable<string>) => {
    for (const file of files) {
      if (!isTerraformCode(file) && !file.endsWith(`/${STACK_FILE}`)) continue;
      for (const called of await calledBy(file)) {
        const real = await folders.realPath(called);
        if (real !== undefined) modules.add(real);
      }
    }
  };
  await addModules(found);
  for (const path of reads) {
    const real = await folders.realPath(path);
    if (real === undefined) continue;
    found.add(resolve(path)).add(real);
    if (isTerraformCode(real) && !real.startsWith(`${folder}/`)) modules.add(dirname(real));
  }
  const stacks = await stackFilesOf(folders, environmentFolder, folder);
  for (const stack of stacks) found.add(stack);
  await addModules(stacks);
  // The set grows while it is walked: a module calls others.
  for (const module of modules) {
    const files = await folders.below(module);
    for (const file of files) found.add(file);
    await addModules(files);
  }
  return found;
}

/** Of a generated unit: the stacks that it comes from, nested ones included. */
async function stackFilesOf(
  folders: FolderFiles,
  environmentFolder: string,
  folder: string,
): Promise<string[]> {
  const found: string[] = [];
  if (!(await folders.isGenerated(folder))) return found;
  for (let above = folder; above !== environmentFolder && above !== dirname(above); ) {
    above = dirname(above);
    if (await folders.has(above, STACK_FILE)) found.push(join(above, STACK_FILE));
  }
  return found;
}

/** A scan of the text: a source is a literal, and one in a comment only adds files. */
async function modulesCalledBy(files: Files, file: string): Promise<string[]> {
  const text = (await files.read(file)) ?? '';
  const sources = text.matchAll(/\bsource"?\s*[=:]\s*"(\.\.?\/[^"\n]*)"/g);
  return [...sources].map(([, source = '']) => join(dirname(file), source));
}
