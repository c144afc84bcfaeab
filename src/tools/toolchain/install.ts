import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Tool } from './catalog.ts';
import type { OnProgress } from './download-release.ts';
import { type InstallHost, installRecipe } from './install-recipe.ts';
import { type LocatedTool, locate, missingTool, toolFolder } from './locate.ts';
import type { Recipe } from './recipe.ts';

/**
 * The tool, found or installed into our cache: a release with its checksum where the network allows,
 * else built from its Go module.
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
  if (!isInstallable(tool)) throw missingTool(tool, first);
  const lock = join(cacheDirectory, 'tools', `${tool.name}.lock`);
  return host.locks.withLock(
    lock,
    async () => {
      // Whoever held the lock before us may have installed it.
      const again = await locate(host, tool, pins, cacheDirectory);
      if (again.kind === 'found') return again.tool;
      const recipe = recipeOf(tool, again.pinned, host.machine);
      const target = toolFolder(cacheDirectory, tool.name, again.pinned);
      const why = await installRecipe(host, recipe, target, cacheDirectory, onProgress);
      const now = await locate(host, tool, pins, cacheDirectory);
      if (now.kind === 'found') return now.tool;
      throw missingTool(tool, now, why);
    },
    (holder) => onProgress(`${tool.name}: process ${holder} is installing it, waiting`),
  );
}

/** Can we get it, or must a person? */
export function isInstallable({ release, goBuild }: Tool): boolean {
  return release !== undefined || goBuild !== undefined;
}

function recipeOf(tool: Tool, version: string, system: Host['machine']): Recipe {
  const { name, binary, release, goBuild } = tool;
  return {
    name,
    version,
    outputs: [binary],
    releases: release === undefined ? [] : [release(version, system)],
    ...(goBuild === undefined ? {} : { goBuild: goBuild(version) }),
  };
}
