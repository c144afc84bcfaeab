import { join } from 'node:path';
import { openWorkspace } from '../config/workspace.ts';
import { UserError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import { pruneEmulators } from '../sandbox/lifecycle.ts';
import { BINARY_SETS, setVersion } from '../tools/toolchain/binary-sets.ts';
import { CATALOG } from '../tools/toolchain/catalog.ts';
import { isDiscarded } from '../tools/toolchain/discard.ts';
import { ensureSet, locateSet } from '../tools/toolchain/ensure-set.ts';
import { ensureTool, isInstallable } from '../tools/toolchain/install.ts';
import { locate, readPins } from '../tools/toolchain/locate.ts';
import type { Emit } from './emit.ts';

export interface FoundTool {
  readonly name: string;
  readonly pinned: string;
  readonly version: string;
  /** The binary, or the folder of a set of binaries. */
  readonly path: string;
  readonly from: 'path' | 'cache';
}

export interface ListedTool {
  readonly name: string;
  readonly pinned: string;
  readonly found: FoundTool | undefined;
  readonly why: string;
}

/** One thing that can be asked for by name: a tool, or a set of binaries that the sandbox needs. */
interface Entry {
  readonly name: string;
  readonly forSandbox: boolean;
  readonly installable: boolean;
  look(): Promise<ListedTool>;
  ensure(onProgress: (text: string) => void): Promise<FoundTool>;
}

async function entries(host: Host, directory: string | undefined): Promise<Entry[]> {
  const { root, settings } = await openWorkspace(host, directory);
  const pins = await readPins(host, root);
  const cache = settings.cacheDirectory;
  const tools = CATALOG.map(
    (tool): Entry => ({
      name: tool.name,
      forSandbox: false,
      installable: isInstallable(tool),
      look: async () => {
        const lookup = await locate(host, tool, pins, cache);
        const base = { name: tool.name, pinned: pins.get(tool.name) ?? '' };
        if (lookup.kind === 'found') return { ...base, found: lookup.tool, why: '' };
        const first = lookup.rejected[0];
        const why = first === undefined ? 'not found' : `${first.path}: ${first.why}`;
        return { ...base, found: undefined, why };
      },
      ensure: (onProgress) => ensureTool(host, tool, pins, cache, onProgress),
    }),
  );
  const sets = BINARY_SETS.map((set): Entry => {
    const { name } = set;
    const pinned = pins.get(name) ?? '';
    const found = (path: string): FoundTool => {
      return { name, pinned, version: pinned, path, from: 'cache' };
    };
    return {
      name,
      forSandbox: true,
      installable: true,
      look: async () => {
        const located = await locateSet(host, set, pins, cache);
        if (located !== undefined)
          return { name, pinned, found: found(located.directory), why: '' };
        return { name, pinned, found: undefined, why: 'not found, only a sandbox needs it' };
      },
      ensure: async (onProgress) =>
        found((await ensureSet(host, set, pins, cache, onProgress)).directory),
    };
  });
  return [...tools, ...sets];
}

export async function listTools(host: Host, directory: string | undefined): Promise<ListedTool[]> {
  return Promise.all((await entries(host, directory)).map((entry) => entry.look()));
}

/** Which tools to install: by name, what every environment needs, or what the sandbox needs too. */
export type ToolChoice =
  | { readonly kind: 'named'; readonly names: readonly string[] }
  | { readonly kind: 'usual' }
  | { readonly kind: 'all' };

/** Installs what is chosen and can be installed by us; what is there already is left alone. */
export async function installTools(
  host: Host,
  directory: string | undefined,
  choice: ToolChoice,
  emit: Emit,
): Promise<FoundTool[]> {
  const chosen = choose(await entries(host, directory), choice);
  emit({ type: 'tasks-planned', tasks: chosen.map(({ name }) => name) });
  const done: FoundTool[] = [];
  // One after the other: what has to be built takes every core.
  for (const { name: task, ensure } of chosen) {
    const found = await ensure((text) => emit({ type: 'task-progress', task, text }));
    emit({ type: 'task-ended', task, text: `${found.name} ${found.version}  ${found.path}` });
    done.push(found);
  }
  return done;
}

function choose(all: readonly Entry[], choice: ToolChoice): Entry[] {
  if (choice.kind !== 'named') {
    return all.filter((entry) => entry.installable && (choice.kind === 'all' || !entry.forSandbox));
  }
  return choice.names.map((name) => {
    const entry = all.find((each) => each.name === name);
    if (entry !== undefined) return entry;
    const next = `one of: ${all.map((each) => each.name).join(', ')}`;
    throw new UserError({ what: `there is no tool "${name}"`, next });
  });
}

/**
 * Removes installed versions that nothing here pins, what a killed install left, and the emulators of
 * other versions. Resolves to what went.
 */
export async function pruneTools(host: Host, directory: string | undefined): Promise<string[]> {
  const { root, settings } = await openWorkspace(host, directory);
  const pins = await readPins(host, root);
  const cache = settings.cacheDirectory;
  const homes = [
    ...CATALOG.map(({ name }) => ({
      name,
      home: join('tools', name),
      keep: pins.get(name),
    })),
    ...BINARY_SETS.map((set) => ({ name: set.name, home: set.home, keep: setVersion(set, pins) })),
  ];
  const removed: string[] = [];
  for (const { name, home, keep } of homes) {
    for (const version of await host.files.list(join(cache, home))) {
      if (version.kind !== 'directory' || version.name === keep) continue;
      await host.files.remove(join(cache, home, version.name));
      removed.push(`${name} ${version.name}`);
    }
    if (await removeLeftover(host, cache, name)) removed.push(`half an install of ${name}`);
  }
  for (const { name } of await host.files.list(join(cache, 'tools'))) {
    if (!isDiscarded(name)) continue;
    await host.files.remove(join(cache, 'tools', name));
    removed.push(name);
  }
  return [...removed, ...(await pruneEmulators(host, join(cache, 'emulator')))];
}

/** Gigabytes, where a build was killed. Not what somebody is building right now. */
async function removeLeftover(host: Host, cache: string, name: string): Promise<boolean> {
  const incoming = join(cache, 'tools', `${name}.incoming`);
  if ((await host.files.stat(incoming)) === undefined) return false;
  const lock = await host.locks.tryLock(join(cache, 'tools', `${name}.lock`), '');
  if (lock.kind === 'taken') return false;
  try {
    await host.files.remove(incoming);
    return true;
  } finally {
    await lock.release();
  }
}
