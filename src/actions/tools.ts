import { join } from 'node:path';
import { openWorkspace } from '../config/workspace.ts';
import type { Host } from '../host/host.ts';
import { pruneEmulators } from '../sandbox/lifecycle.ts';
import { CATALOG } from '../tools/toolchain/catalog.ts';
import { ensureTool } from '../tools/toolchain/install.ts';
import { type LocatedTool, locate, readPins, toolNamed } from '../tools/toolchain/locate.ts';
import type { Emit } from './session.ts';

export interface ListedTool {
  readonly name: string;
  readonly pinned: string;
  readonly found: LocatedTool | undefined;
  readonly why: string;
}

export async function listTools(host: Host, directory: string | undefined): Promise<ListedTool[]> {
  const { root, settings } = await openWorkspace(host, directory);
  const pins = await readPins(host, root);
  return Promise.all(
    CATALOG.map(async (tool): Promise<ListedTool> => {
      const lookup = await locate(host, tool, pins, settings.cacheDirectory);
      const base = { name: tool.name, pinned: pins.get(tool.name) ?? '' };
      if (lookup.kind === 'found') return { ...base, found: lookup.tool, why: '' };
      const first = lookup.rejected[0];
      const why = first === undefined ? 'not found' : `${first.path}: ${first.why}`;
      return { ...base, found: undefined, why };
    }),
  );
}

/** Installs what is named, or everything that we can install; what is there already is left alone. */
export async function installTools(
  host: Host,
  directory: string | undefined,
  names: readonly string[],
  emit: Emit,
): Promise<LocatedTool[]> {
  const { root, settings } = await openWorkspace(host, directory);
  const pins = await readPins(host, root);
  const offered = CATALOG.filter(({ release, goPackage }) => release ?? goPackage);
  const tools = names.length > 0 ? names.map(toolNamed) : offered;
  emit({ type: 'tasks-planned', tasks: tools.map(({ name }) => name) });
  const done: LocatedTool[] = [];
  for (const tool of tools) {
    const task = tool.name;
    const located = await ensureTool(host, tool, pins, settings.cacheDirectory, (text) =>
      emit({ type: 'task-progress', task, text }),
    );
    const text = `${located.name} ${located.version}  ${located.path}`;
    emit({ type: 'task-ended', task, text });
    done.push(located);
  }
  return done;
}

/** Removes installed versions that nothing here pins, and the emulators of other versions. Resolves to what went. */
export async function pruneTools(host: Host, directory: string | undefined): Promise<string[]> {
  const { root, settings } = await openWorkspace(host, directory);
  const pins = await readPins(host, root);
  const removed: string[] = [];
  for (const tool of CATALOG) {
    const folder = join(settings.cacheDirectory, 'tools', tool.name);
    for (const { name, kind } of await host.files.list(folder)) {
      if (kind !== 'directory' || name === pins.get(tool.name)) continue;
      await host.files.remove(join(folder, name));
      removed.push(`${tool.name} ${name}`);
    }
  }
  const emulators = await pruneEmulators(host, join(settings.cacheDirectory, 'emulator'));
  return [...removed, ...emulators];
}
