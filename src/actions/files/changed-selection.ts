import { dirname, join, relative } from 'node:path';
import { type ChangedUnits, findChangedUnits } from '../../domain/changed-units.ts';
import { type ChangedFile, isTerraformCode } from '../../domain/file-claims.ts';
import type { Graph } from '../../domain/graph.ts';
import { isLeftBehind, isLockFile } from '../../domain/left-behind.ts';
import type { UnitConfig } from '../../domain/unit-config.ts';
import type { Host } from '../../host/host.ts';
import {
  diffArgs,
  hashArgs,
  listTreeArgs,
  parseDiff,
  parseHashes,
  parseTree,
  parseUntracked,
  untrackedArgs,
} from '../../tools/git.ts';
import type { Session } from '../session.ts';
import { askGit, tellGit, topFolder } from './ask-git.ts';
import { findMergeBase } from './merge-base.ts';
import { gatherUnitFiles } from './unit-files.ts';

const UNIT_FILE = 'terragrunt.hcl';

export interface ChangedSelection extends ChangedUnits {
  /** What was compared with, as it was named or found. */
  readonly base: string;
  /** The merge base of it and HEAD. */
  readonly commit: string;
  /** The repository's top folder; files are named from it. */
  readonly top: string;
}

/**
 * The units that a change touches, against the merge base; what is not committed counts. On the base
 * itself that is all that counts. Units that a stack generates and that went are not found: git never
 * had them.
 *
 * @param base undefined: found as `findMergeBase` says
 */
export async function findChanged(
  { host, environment }: Pick<Session, 'host' | 'environment'>,
  tree: { readonly graph: Graph; readonly configs: ReadonlyMap<string, UnitConfig> },
  base: string | undefined,
): Promise<ChangedSelection> {
  const { folder } = environment;
  const top = await topFolder(host, folder);
  const mergeBase = await findMergeBase(host, top, base);
  const changed = await changedFiles(host, top, mergeBase.commit);
  const before = await unitsAt(host, top, mergeBase.commit, relative(top, folder));
  const files = await gatherUnitFiles(host, tree.configs, folder, tree.graph.order);
  const units = findChangedUnits({
    graph: tree.graph,
    environmentFolder: folder,
    files,
    texts: changed.length === 0 ? new Map() : await readTexts(host, files),
    changed,
    before,
    added: await addedUnits(host, folder, tree.graph, before),
  });
  const shown = units.changed.map(({ unit, file }) => ({ unit, file: relative(top, file) }));
  return { ...mergeBase, top, ...units, changed: shown };
}

async function changedFiles(host: Host, top: string, commit: string): Promise<ChangedFile[]> {
  const [diff, others] = await Promise.all([
    tellGit(host, top, diffArgs(commit)),
    tellGit(host, top, untrackedArgs()),
  ]);
  // Nobody added a lock file that git does not know: Terragrunt copies it there when it plans.
  const untracked = parseUntracked(others).filter((path) => !isLockFile(path));
  const isGone = new Map(parseDiff(diff).map((file) => [file.path, file.isGone]));
  for (const path of untracked) isGone.set(path, false);
  return [...isGone]
    .filter(([path]) => !isLeftBehind(path))
    .map(([path, gone]) => ({ path: join(top, path), isGone: gone }));
}

/** By unit below the folder: the id of its file in the commit. */
async function unitsAt(
  host: Host,
  top: string,
  commit: string,
  folder: string,
): Promise<Map<string, string>> {
  const entries = parseTree(await tellGit(host, top, listTreeArgs(commit, folder)));
  return new Map(
    entries
      .map(({ path, blob }) => ({ file: relative(folder, path), blob }))
      .filter(({ file }) => isUnitFile(file))
      .map(({ file, blob }) => [dirname(file), blob] as const),
  );
}

function isUnitFile(file: string): boolean {
  return /(^|\/)terragrunt\.hcl(\.json)?$/.test(file) && !isLeftBehind(file);
}

/** Ids of the files of new units. Needed only to tell a rename, so what cannot be had is left out. */
async function addedUnits(
  host: Host,
  folder: string,
  graph: Graph,
  before: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  if ([...before.keys()].every((unit) => graph.units.has(unit))) return new Map();
  const units: string[] = [];
  for (const unit of graph.order) {
    if (before.has(unit)) continue;
    if ((await host.files.stat(join(folder, unit, UNIT_FILE))) !== undefined) units.push(unit);
  }
  if (units.length === 0) return new Map();
  const paths = units.map((unit) => join(folder, unit, UNIT_FILE));
  const { exitCode, stdout } = await askGit(host, folder, hashArgs(paths));
  const ids = exitCode === 0 ? parseHashes(stdout) : [];
  return new Map(ids.map((id, index) => [units[index] ?? '', id]));
}

async function readTexts(
  host: Host,
  files: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const file of new Set([...files.values()].flat())) {
    if (!isTerraformCode(file) && !file.endsWith('.hcl')) continue;
    const text = await host.files.read(file);
    if (text !== undefined) texts.set(file, text);
  }
  return texts;
}
