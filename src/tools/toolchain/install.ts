import { join } from 'node:path';
import { ToolError } from '../../domain/errors.ts';
import { EXIT } from '../../domain/exit-code.ts';
import type { Host } from '../../host/host.ts';
import { buildFromGo } from './build-from-go.ts';
import type { Tool } from './catalog.ts';
import { downloadRelease } from './download-release.ts';
import { type LocatedTool, locate, missingTool, toolFolder } from './locate.ts';

export type InstallHost = Pick<
  Host,
  'files' | 'processes' | 'http' | 'locks' | 'clock' | 'machine' | 'env' | 'cwd'
>;

/** Called with what is happening, for a person. */
export type OnProgress = (text: string) => void;

/**
 * The tool, found or installed into our cache: a release with its checksum where the network allows,
 * else built from its Go module. It is made in a folder aside and moved into place when it is whole.
 */
export async function ensureTool(
  host: InstallHost,
  tool: Tool,
  pins: ReadonlyMap<string, string>,
  cacheDirectory: string,
  onProgress: OnProgress,
): Promise<LocatedTool> {
  const first = await locate(host, tool, pins, cacheDirectory);
  if (first.kind === 'found') return first.tool;
  if (tool.release === undefined && tool.goPackage === undefined) throw missingTool(tool, first);
  const lock = join(cacheDirectory, 'tools', `${tool.name}.lock`);
  return host.locks.withLock(
    lock,
    async () => {
      // Whoever held the lock before us may have installed it.
      const again = await locate(host, tool, pins, cacheDirectory);
      if (again.kind === 'found') return again.tool;
      const why = await install(host, tool, again.pinned, cacheDirectory, onProgress);
      const now = await locate(host, tool, pins, cacheDirectory);
      if (now.kind === 'found') return now.tool;
      throw missingTool(tool, now, why);
    },
    (holder) => onProgress(`${tool.name}: process ${holder} is installing it, waiting`),
  );
}

/** Empty when it worked, else why not. */
async function install(
  host: InstallHost,
  tool: Tool,
  version: string,
  cacheDirectory: string,
  onProgress: OnProgress,
): Promise<string> {
  const target = toolFolder(cacheDirectory, tool.name, version);
  // Beside the target, so that the move is one rename; leftovers of a killed install go first.
  const incoming = join(cacheDirectory, 'tools', `${tool.name}.incoming`);
  await host.files.remove(incoming);
  await host.files.makeDirectory(incoming, { mode: 0o700 });
  const reasons: string[] = [];
  try {
    for (const way of [downloadRelease, buildFromGo]) {
      const outcome = await way(host, tool, version, incoming, onProgress);
      if (outcome.kind === 'failed') reasons.push(outcome.why);
      if (outcome.kind !== 'done') continue;
      const binary = join(incoming, tool.binary);
      await host.files.setMode(binary, 0o755);
      await host.files.remove(target);
      await host.files.makeDirectory(join(target, '..'));
      await host.files.makeDirectory(`${incoming}.ready`, { mode: 0o755 });
      await host.files.rename(binary, join(`${incoming}.ready`, tool.binary));
      await host.files.rename(`${incoming}.ready`, target);
      return '';
    }
  } catch (error) {
    throw new ToolError(
      {
        what: `${tool.name} ${version} could not be installed: ${(error as Error).message}`,
        where: cacheDirectory,
        next: `make room or set PLATFORM_CACHE_DIR, or install it yourself (${tool.hint})`,
      },
      EXIT.tool,
    );
  } finally {
    await host.files.remove(incoming);
    await host.files.remove(`${incoming}.ready`);
  }
  return reasons.join('; ');
}
