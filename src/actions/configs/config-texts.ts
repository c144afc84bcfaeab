import { join, resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { Found } from '../../tools/terragrunt/discovery.ts';
import { readHclCode } from '../../tools/terragrunt/hcl-code.ts';
import { ANY_DEPENDENCY } from '../../tools/terragrunt/references.ts';
import { once } from '../once.ts';

export interface ConfigText {
  readonly path: string;
  readonly text: string;
  /** Names of its `dependency` blocks. */
  readonly declares: readonly string[];
}

export interface UnitTexts {
  /** The unit's file and all that becomes a part of it. */
  readonly own: readonly ConfigText[];
  /** Configurations that it reads beside that, and what is a part of those. */
  readonly read: readonly ConfigText[];
}

/** The unit's file by both of its names, and what Terragrunt lays beside it from a stack: `find` lists neither. */
const BESIDE = ['terragrunt.hcl', 'terragrunt.hcl.json', 'terragrunt.autoinclude.hcl'] as const;

/** Reads the texts that make a unit's configuration; one that many units share, once. */
export function createTextReader(
  files: Files,
  folder: string,
): (unit: Found) => Promise<UnitTexts> {
  const textOf = once((path: string) => readText(files, path));
  const read = async (paths: readonly string[]) =>
    (await Promise.all(paths.map(textOf))).filter((text) => text !== undefined);
  return async ({ path, includes, reads }) => {
    const own = new Set([
      ...BESIDE.map((name) => join(folder, path, name)),
      ...includes.map((file) => resolve(folder, file)),
    ]);
    const others = reads
      .map((file) => resolve(folder, file))
      .filter((file) => /\.hcl(\.json)?$/.test(file) && !own.has(file));
    return { own: await read([...own]), read: await read(others) };
  };
}

async function readText(files: Files, path: string): Promise<ConfigText | undefined> {
  const text = await files.read(path);
  if (text === undefined) return undefined;
  // What cannot be understood may declare anything.
  return { path, text, declares: readHclCode(text)?.dependencies ?? [ANY_DEPENDENCY] };
}
