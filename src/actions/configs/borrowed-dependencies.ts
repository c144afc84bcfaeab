import { dirname, join, relative, resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import { type DependencyFacts, dependencyFacts } from '../../tools/terragrunt/attribution.ts';
import type { Found } from '../../tools/terragrunt/discovery.ts';
import type { RenderedUnit } from '../../tools/terragrunt/render.ts';
import { unprovenBlocks } from '../../tools/terragrunt/unproven.ts';
import type { ConfigText } from './config-texts.ts';

export interface Lenders {
  /** Undefined for a file that is no unit's of this environment. */
  readonly unitOf: (file: string) => Found | undefined;
  readonly ofUnit: (unit: Found) => Promise<readonly DependencyFacts[]>;
  readonly ofFile: (file: ConfigText) => Promise<readonly DependencyFacts[]>;
}

/**
 * What a unit takes from configurations that it reads, as `local.common.dependency.vpc.outputs.id`.
 * Terragrunt gets such outputs, or mocks, and neither `find` nor `render` says so: `find` lists only
 * the files. What a unit among them includes is a part of that unit, and not read by itself.
 */
export async function borrowedDependencies(
  folder: string,
  read: readonly ConfigText[],
  { unitOf, ofUnit, ofFile }: Lenders,
): Promise<DependencyFacts[]> {
  const included = read.flatMap(({ path }) => unitOf(path)?.includes ?? []);
  const known = new Set(included.map((path) => resolve(folder, path)));
  const found: DependencyFacts[] = [];
  for (const file of read) {
    const unit = unitOf(file.path);
    if (unit !== undefined) found.push(...(await ofUnit(unit)));
    else if (!known.has(file.path) && file.declares.length > 0) {
      found.push(...(await ofFile(file)));
    }
  }
  return found;
}

export interface LendingSources {
  readonly files: Files;
  /** Of the environment: paths of units are from here. */
  readonly folder: string;
  /** Renders a folder's unit, or a configuration by another name, alone; undefined where that fails. */
  readonly render: (folder: string, file?: string) => Promise<RenderedUnit | undefined>;
}

/** The dependencies of a file that is no unit's. Where they depend on who reads it, or lead nowhere, they are not known. */
export async function dependenciesOfFile(
  { files, folder, render }: LendingSources,
  { path, text, declares }: ConfigText,
): Promise<readonly DependencyFacts[]> {
  const isForAll = !/get_original_terragrunt_dir|get_working_dir/.test(text);
  const rendered = isForAll ? await render(dirname(path), path) : undefined;
  const facts = rendered && dependencyFacts(folder, relative(folder, dirname(path)), rendered);
  const units = (facts ?? []).filter(({ enabled }) => enabled).map(({ unit }) => unit);
  const found = await Promise.all(
    units.map((unit) => files.stat(join(folder, unit, 'terragrunt.hcl'))),
  );
  return facts === undefined || found.includes(undefined)
    ? unprovenBlocks(declares, relative(folder, path), text)
    : facts;
}
