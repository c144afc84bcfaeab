import { delimiter, join } from 'node:path';
import { ToolError, UserError } from '../../domain/errors.ts';
import { EXIT } from '../../domain/exit-code.ts';
import type { Host } from '../../host/host.ts';
import { BINARY_SETS, setVersion } from './binary-sets.ts';
import { CATALOG, parseToolVersions, parseVersion, type Tool } from './catalog.ts';
import { readGoModulePins } from './go-module-pins.ts';

export interface LocatedTool {
  readonly name: string;
  readonly pinned: string;
  readonly version: string;
  readonly path: string;
  readonly from: 'path' | 'cache';
}

/** A binary that was looked at and is not good enough. */
export interface Rejected {
  readonly path: string;
  readonly why: string;
}

export type Lookup =
  | { readonly kind: 'found'; readonly tool: LocatedTool }
  | { readonly kind: 'missing'; readonly pinned: string; readonly rejected: readonly Rejected[] };

/**
 * Pins of the tree's own `.tool-versions` over those that this version of the CLI was tested with; what
 * the sandbox runs is for the CLI alone to say.
 */
export async function readPins(
  host: Pick<Host, 'files' | 'machine'>,
  root: string,
): Promise<Map<string, string>> {
  const own = await host.files.read(join(host.machine.packageDirectory, '.tool-versions'));
  const theirs = await host.files.read(join(root, '.tool-versions'));
  return new Map([
    ...parseToolVersions(own ?? ''),
    ...parseToolVersions(theirs ?? ''),
    ...(await readGoModulePins(host)),
  ]);
}

export function toolNamed(name: string): Tool {
  const tool = CATALOG.find((entry) => entry.name === name);
  if (tool === undefined) {
    const next = `one of: ${CATALOG.map((entry) => entry.name).join(', ')}`;
    throw new UserError({ what: `there is no tool "${name}"`, next });
  }
  return tool;
}

export function toolFolder(cacheDirectory: string, name: string, version: string): string {
  return join(cacheDirectory, 'tools', name, version);
}

/** Looks on PATH first, then in our cache. Versions are asked for, not guessed from a folder's name. */
export async function locate(
  host: Pick<Host, 'files' | 'processes' | 'env' | 'cwd'>,
  tool: Tool,
  pins: ReadonlyMap<string, string>,
  cacheDirectory: string,
): Promise<Lookup> {
  const pinned = pins.get(tool.name);
  const wanted = pinned === undefined ? undefined : parseVersion(pinned);
  if (pinned === undefined || wanted === undefined) {
    throw new UserError({
      what: `"${pinned ?? ''}" is not a version of ${tool.name}`,
      where: '.tool-versions',
    });
  }
  const rejected: Rejected[] = [];
  const folders = (host.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [
    ...folders.map((folder) => ({ path: join(folder, tool.binary), from: 'path' as const })),
    ...ownFolders(tool, pins, cacheDirectory).map((folder) => ({
      path: join(folder, tool.binary),
      from: 'cache' as const,
    })),
  ];
  for (const { path, from } of candidates) {
    if ((await host.files.stat(path))?.kind !== 'file') continue;
    const version = await versionOf(host, tool, path);
    if (version.kind === 'unknown') rejected.push({ path, why: version.why });
    else if (!tool.accepts(version.parts, wanted)) {
      rejected.push({ path, why: `version ${version.text}, pinned is ${pinned}` });
    } else {
      return {
        kind: 'found',
        tool: { name: tool.name, pinned, version: version.text, path, from },
      };
    }
  }
  return { kind: 'missing', pinned, rejected };
}

/** Its own folder, and that of the set that holds it too. */
function ownFolders(
  tool: Tool,
  pins: ReadonlyMap<string, string>,
  cacheDirectory: string,
): string[] {
  const own = toolFolder(cacheDirectory, tool.name, pins.get(tool.name) ?? '');
  const set = BINARY_SETS.find(({ name }) => name === tool.alsoIn);
  if (set?.pins.every((pin) => pins.has(pin)) !== true) return [own];
  return [own, toolFolder(cacheDirectory, set.name, setVersion(set, pins))];
}

async function versionOf(
  host: Pick<Host, 'files' | 'processes' | 'env' | 'cwd'>,
  tool: Tool,
  path: string,
) {
  if (!(await host.files.isExecutable(path))) return unknown('not executable');
  const result = await host.processes.run({
    argv: [path, ...tool.versionArgs],
    cwd: host.cwd,
    env: { ...host.env, CHECKPOINT_DISABLE: '1' },
  });
  const text = tool.versionPattern.exec(result.stdout + result.stderr)?.[1];
  const parts = text === undefined ? undefined : parseVersion(text);
  if (text === undefined || parts === undefined) return unknown('does not say its version');
  return { kind: 'version' as const, text, parts };
}

function unknown(why: string) {
  return { kind: 'unknown' as const, why };
}

/** The error for a tool that is needed and not to be had. */
export function missingTool(tool: Tool, lookup: Extract<Lookup, { kind: 'missing' }>, why = '') {
  const seen = lookup.rejected.map(({ path, why: reason }) => `${path} (${reason})`);
  const nothing = `${tool.binary} is not on PATH`;
  return new ToolError(
    {
      what: `${tool.name} ${lookup.pinned} is missing: ${why === '' ? (seen[0] ?? nothing) : why}`,
      ...(seen.length > 0 ? { where: seen.join(', ') } : {}),
      // What was tried just now needs no second try.
      next:
        why === ''
          ? `install it (${tool.hint}) or run: platform tools install ${tool.name}`
          : `install it yourself: ${tool.hint}`,
    },
    EXIT.tool,
  );
}
