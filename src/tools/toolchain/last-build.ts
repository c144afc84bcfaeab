import { join } from 'node:path';
import { z } from 'zod';
import type { Host } from '../../host/host.ts';

const schema = z.record(z.string(), z.object({ seconds: z.number().int().nonnegative() }));

function pathOf(cacheDirectory: string): string {
  return join(cacheDirectory, 'last-builds.json');
}

async function read(host: Pick<Host, 'files'>, cacheDirectory: string) {
  try {
    const text = await host.files.read(pathOf(cacheDirectory));
    return text === undefined ? {} : schema.parse(JSON.parse(text));
  } catch {
    // A guess for people is all it is good for.
    return {};
  }
}

/** How long the last build of `name` took on this machine; undefined when there was none. */
export async function lastBuildSeconds(
  host: Pick<Host, 'files'>,
  cacheDirectory: string,
  name: string,
): Promise<number | undefined> {
  return (await read(host, cacheDirectory))[name]?.seconds;
}

/** Only one build runs at a time, so nobody else writes meanwhile. */
export async function recordBuild(
  host: Pick<Host, 'files'>,
  cacheDirectory: string,
  name: string,
  seconds: number,
): Promise<void> {
  const builds = { ...(await read(host, cacheDirectory)), [name]: { seconds } };
  await host.files.writeAtomic(pathOf(cacheDirectory), `${JSON.stringify(builds, null, 2)}\n`);
}
