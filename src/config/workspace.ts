import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import { type EnvironmentFile, environmentFileSchema } from './environment-file.ts';
import { readSettings, SETTINGS_FILE, type Settings } from './settings.ts';
import { parseUserYaml, suggestion } from './user-yaml.ts';

type Reads = Pick<Host, 'files' | 'env' | 'machine' | 'cwd'>;

/** A tree of units: ours, or any Terragrunt tree without a file of ours in it. */
export interface Workspace {
  readonly root: string;
  /** Environments are looked for here first, then from the root. */
  readonly liveRoot: string;
  readonly recordsDirectory: string;
  readonly settings: Settings;
}

export interface Environment {
  /** As it was named, which for a tree of ours is the folder's name. */
  readonly name: string;
  readonly folder: string;
  /** Undefined on a tree that has no `env.yaml`. */
  readonly file: EnvironmentFile | undefined;
}

/** How deep units are looked for when a folder is asked whether it holds any. */
const MAX_DEPTH = 8;

export async function openWorkspace(host: Reads, directory?: string): Promise<Workspace> {
  const asked = resolve(host.cwd, directory ?? '.');
  const start = await host.files.realPath(asked);
  if (start === undefined) {
    throw new UserError({ what: `there is no folder "${directory ?? '.'}"`, where: asked });
  }
  const gitRoot = await findUpward(host, start, ['.git']);
  const root = await findRoot(host, start, gitRoot);
  const settings = await readSettings(host, root);
  const live = join(root, settings.live ?? 'live');
  return {
    root,
    liveRoot: (await host.files.stat(live))?.kind === 'directory' ? live : root,
    recordsDirectory: join(gitRoot ?? root, '.platform', 'runs'),
    settings,
  };
}

/**
 * The folder itself, unless it is a part of an estate: below its `live`, or a folder without units of
 * its own (`infra/`, `docs/`). A folder that holds units is what was meant, whatever lies above it.
 */
async function findRoot(host: Reads, start: string, gitRoot: string | undefined): Promise<string> {
  const above = (await findUpward(host, start, [SETTINGS_FILE, 'live'], gitRoot)) ?? start;
  if (above === start) return start;
  const { live = 'live' } = await readSettings(host, above);
  const isInLive = relative(join(above, live), start).split(sep)[0] !== '..';
  return isInLive || !(await holdsUnits(host, start, MAX_DEPTH)) ? above : start;
}

/** The nearest folder, from `start` up to `last`, that holds one of the names. */
async function findUpward(
  host: Reads,
  start: string,
  names: readonly string[],
  last?: string,
): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    for (const name of names) {
      if ((await host.files.stat(join(folder, name))) !== undefined) return folder;
    }
    // Without a repository around it, a folder is looked at alone: its parents are somebody else's.
    if (folder === last || folder === dirname(folder)) return undefined;
    if (last === undefined && !names.includes('.git')) return undefined;
  }
}

/** Names of the folders below the live root that hold units. */
export async function listEnvironments(host: Reads, workspace: Workspace): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await host.files.list(workspace.liveRoot)) {
    if (entry.kind !== 'directory' || /^[._]/.test(entry.name)) continue;
    if (await holdsUnits(host, join(workspace.liveRoot, entry.name), MAX_DEPTH)) {
      names.push(entry.name);
    }
  }
  return names.sort();
}

/** Finds the folder that was named. Names come from outside: nothing above or beside the tree is reached. */
export async function openEnvironment(
  host: Reads,
  workspace: Workspace,
  name: string,
): Promise<Environment> {
  const fail = async (what: string): Promise<never> => {
    const next = suggestion(name, await listEnvironments(host, workspace));
    throw new UserError({ what, where: workspace.liveRoot, next });
  };
  if (!isPlainPath(name)) return fail(`"${printable(name)}" is not the name of an environment`);
  const folder =
    (await folderBelow(host, workspace.liveRoot, name)) ??
    (await folderBelow(host, workspace.root, name));
  if (folder === undefined) return fail(`there is no environment "${printable(name)}"`);
  const inside = relative(workspace.root, folder);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    return fail(`"${name}" leads out of the tree, to "${folder}"`);
  }
  if (!(await holdsUnits(host, folder, MAX_DEPTH))) return fail(`"${name}" holds no units`);
  return { name, folder, file: await readEnvironmentFile(host, folder) };
}

async function folderBelow(host: Reads, root: string, name: string): Promise<string | undefined> {
  const path = await host.files.realPath(join(root, name));
  if (path === undefined) return undefined;
  return (await host.files.stat(path))?.kind === 'directory' ? path : undefined;
}

async function readEnvironmentFile(
  host: Reads,
  folder: string,
): Promise<EnvironmentFile | undefined> {
  const path = join(folder, 'env.yaml');
  const text = await host.files.read(path);
  // A foreign tree may well have an env.yaml of its own that has nothing to do with ours.
  if (text === undefined || !/^kind:/m.test(text)) return undefined;
  const file = parseUserYaml(environmentFileSchema, text, path);
  if (file.name !== basename(folder)) {
    throw new UserError({
      what: `the name "${file.name}" is not the folder's, "${basename(folder)}"`,
      where: path,
    });
  }
  return file;
}

async function holdsUnits(host: Reads, folder: string, depth: number): Promise<boolean> {
  const entries = await host.files.list(folder);
  if (entries.some(({ name }) => name === 'terragrunt.hcl' || name === 'terragrunt.stack.hcl')) {
    return true;
  }
  if (depth === 0) return false;
  for (const entry of entries) {
    if (entry.kind !== 'directory' || /^(\.|_|node_modules$)/.test(entry.name)) continue;
    if (await holdsUnits(host, join(folder, entry.name), depth - 1)) return true;
  }
  return false;
}

/** Relative, without `..`, control characters or a leading dash: safe as a path and as an argument. */
export function isPlainPath(path: string): boolean {
  if (path === '' || path.length > 1024 || path.startsWith('-') || isAbsolute(path)) return false;
  return !/\p{Cc}/u.test(path) && !path.split('/').includes('..');
}

export function printable(text: string): string {
  return JSON.stringify(text.slice(0, 80)).slice(1, -1);
}
