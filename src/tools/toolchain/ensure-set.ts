import { join } from 'node:path';
import { ToolError } from '../../domain/errors.ts';
import { EXIT } from '../../domain/exit-code.ts';
import type { Host } from '../../host/host.ts';
import { type BinarySet, setVersion } from './binary-sets.ts';
import type { OnProgress } from './download-release.ts';
import { type InstallHost, installRecipe } from './install-recipe.ts';

export interface LocatedSet {
  readonly name: string;
  readonly version: string;
  readonly directory: string;
}

type Looks = Pick<Host, 'files' | 'machine'>;

function wherePinned(
  { machine }: Pick<Host, 'machine'>,
  set: BinarySet,
  pins: ReadonlyMap<string, string>,
  cacheDirectory: string,
): LocatedSet {
  const version = setVersion(set, pins);
  const directory = join(cacheDirectory, set.home, version, set.inside(machine));
  return { name: set.name, version, directory };
}

/**
 * The set in our cache, if it is there: a look at its files and no more, since no binary needs to be asked
 * what came by one rename. An empty file is what a power cut may leave of one that was just written.
 */
export async function locateSet(
  host: Looks,
  set: BinarySet,
  pins: ReadonlyMap<string, string>,
  cacheDirectory: string,
): Promise<LocatedSet | undefined> {
  const located = wherePinned(host, set, pins, cacheDirectory);
  for (const output of set.recipe(pins, host.machine).outputs) {
    const stat = await host.files.stat(join(located.directory, output));
    if (stat?.kind !== 'file' || stat.size === 0) return undefined;
  }
  return located;
}

/**
 * The set, found or made. Two that want it meet at a lock.
 *
 * @throws ToolError (69) when it can neither be downloaded nor built
 */
export async function ensureSet(
  host: InstallHost,
  set: BinarySet,
  pins: ReadonlyMap<string, string>,
  cacheDirectory: string,
  onProgress: OnProgress,
): Promise<LocatedSet> {
  const look = () => locateSet(host, set, pins, cacheDirectory);
  const first = await look();
  if (first !== undefined) return first;
  return host.locks.withLock(
    join(cacheDirectory, 'tools', `${set.name}.lock`),
    async () => {
      const again = await look();
      if (again !== undefined) return again;
      const recipe = set.recipe(pins, host.machine);
      const wanted = wherePinned(host, set, pins, cacheDirectory);
      const why = await installRecipe(host, recipe, wanted.directory, cacheDirectory, onProgress);
      if (why === '') return wanted;
      throw missingSet(recipe, why, cacheDirectory);
    },
    (holder) => onProgress(`${set.name}: process ${holder} is installing it, waiting`),
  );
}

function missingSet(
  { name, version, goBuild }: ReturnType<BinarySet['recipe']>,
  why: string,
  cacheDirectory: string,
): ToolError {
  const again = `platform tools install ${name}`;
  const room = `about ${goBuild?.usual.gigabytes ?? 0} GB`;
  return new ToolError(
    {
      what: `${name} ${version} is missing: ${why}`,
      where: cacheDirectory,
      next: why.includes('no space left on device')
        ? `a build needs ${room}: make room or set PLATFORM_CACHE_DIR, then: ${again}`
        : `install Go (https://go.dev/dl) where no release can be downloaded, then: ${again}`,
    },
    EXIT.tool,
  );
}
