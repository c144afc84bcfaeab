import { dirname, join } from 'node:path';
import { ToolError } from '../../domain/errors.ts';
import { EXIT } from '../../domain/exit-code.ts';
import type { Host } from '../../host/host.ts';
import { type BuildPlace, buildFromGo } from './build-from-go.ts';
import { discard } from './discard.ts';
import { downloadReleases, type InstallOutcome, type OnProgress } from './download-release.ts';
import type { Recipe } from './recipe.ts';

export type InstallHost = Pick<
  Host,
  'files' | 'processes' | 'http' | 'locks' | 'clock' | 'machine' | 'env' | 'cwd'
>;

/**
 * Makes what the recipe says, downloaded where the network allows and built otherwise, in a folder aside,
 * and moves it to `target` by one rename when it is whole. To be called under a lock of the recipe's name.
 *
 * @returns empty when it worked, else why not
 */
export async function installRecipe(
  host: InstallHost,
  recipe: Recipe,
  target: string,
  cacheDirectory: string,
  onProgress: OnProgress,
): Promise<string> {
  // In the same file system as the target; leftovers of a killed install go first.
  const incoming = join(cacheDirectory, 'tools', `${recipe.name}.incoming`);
  const work = join(incoming, 'work');
  const stage = join(incoming, 'stage');
  const build = () => buildAlone(host, recipe, { work, stage, cacheDirectory }, onProgress);
  const download = () => downloadReleases(host, recipe, work, stage, onProgress);
  const reasons: string[] = [];
  try {
    for (const way of [download, build]) {
      await discard(host, incoming);
      await host.files.makeDirectory(incoming, { mode: 0o700 });
      await host.files.makeDirectory(work);
      await host.files.makeDirectory(stage, { mode: 0o755 });
      const outcome = await way();
      if (outcome.kind === 'failed') reasons.push(outcome.why);
      if (outcome.kind !== 'done') continue;
      for (const output of recipe.outputs) await host.files.setMode(join(stage, output), 0o755);
      await host.files.makeDirectory(dirname(target));
      await host.files.remove(target);
      await host.files.rename(stage, target);
      return '';
    }
  } catch (error) {
    throw new ToolError(
      {
        what: `${recipe.name} ${recipe.version} could not be installed: ${(error as Error).message}`,
        where: cacheDirectory,
        next: 'make room or set PLATFORM_CACHE_DIR',
      },
      EXIT.tool,
    );
  } finally {
    await discard(host, incoming);
  }
  return reasons.join('; ');
}

/**
 * One build at a time on a machine: each uses every core, so two at once take as long as one after the
 * other, and twice the memory (linking the API server alone takes more than a gigabyte).
 */
function buildAlone(
  host: InstallHost,
  recipe: Recipe,
  place: BuildPlace,
  onProgress: OnProgress,
): Promise<InstallOutcome> {
  return host.locks.withLock(
    join(place.cacheDirectory, 'tools', 'build.lock'),
    () => buildFromGo(host, recipe, place, onProgress),
    () => onProgress(`${recipe.name} ${recipe.version}: waits for the build of another tool`),
  );
}
