import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Host } from '../host/host.ts';
import { parseUserYaml } from './user-yaml.ts';

/** `platform.yaml` at the root of an estate; every key is optional, and so is the file. */
export const settingsSchema = z.strictObject({
  live: z.string().min(1).describe('folder that holds the environments').optional(),
  parallelism: z.int().min(1).describe('units at once; default: by cores and memory').optional(),
  keepRuns: z.int().min(1).describe('run records that are kept').optional(),
  tools: z
    .strictObject({
      providerMirrors: z
        .array(z.string().min(1))
        .describe('folders in the layout of a Terraform filesystem mirror')
        .optional(),
    })
    .optional(),
});

export interface Settings {
  readonly live: string | undefined;
  readonly parallelism: number | undefined;
  readonly keepRuns: number;
  readonly providerMirrors: readonly string[];
  /** Folder of everything that outlives a run and belongs to no repository. */
  readonly cacheDirectory: string;
}

export const SETTINGS_FILE = 'platform.yaml';

/** Defaults < platform.yaml < environment variables. */
export async function readSettings(
  host: Pick<Host, 'files' | 'env' | 'machine'>,
  root: string,
): Promise<Settings> {
  const path = join(root, SETTINGS_FILE);
  const text = await host.files.read(path);
  const file = text === undefined ? {} : parseUserYaml(settingsSchema, text, path);
  return {
    live: file.live,
    parallelism: file.parallelism,
    keepRuns: file.keepRuns ?? 50,
    providerMirrors: [
      ...(host.env.PLATFORM_PROVIDER_MIRRORS ?? '').split(delimiter).filter((path) => path !== ''),
      ...(file.tools?.providerMirrors ?? []).map((path) => resolve(root, path)),
    ],
    cacheDirectory: cacheDirectory(host),
  };
}

export function cacheDirectory({ env, machine }: Pick<Host, 'env' | 'machine'>): string {
  const own = env.PLATFORM_CACHE_DIR;
  if (own) return own;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'platform');
  const below = machine.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'];
  return join(machine.homeDirectory, ...below, 'platform');
}
