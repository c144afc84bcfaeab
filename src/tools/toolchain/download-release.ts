import { basename, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Tool } from './catalog.ts';

/** Not every way is open for every tool; a way that failed says why, and the next one is tried. */
export type InstallOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'not-offered' }
  | { readonly kind: 'failed'; readonly why: string };

/** Downloads the release into `folder`, if its sha256 is the published one. */
export async function downloadRelease(
  host: Pick<Host, 'files' | 'http' | 'machine'>,
  tool: Tool,
  version: string,
  folder: string,
  onProgress: (text: string) => void,
): Promise<InstallOutcome> {
  if (tool.release === undefined) return { kind: 'not-offered' };
  const release = tool.release(version, host.machine);
  const list = join(folder, 'checksums');
  const file = join(folder, basename(release.url));
  try {
    onProgress(`${tool.name} ${version}: downloading`);
    await host.http.download(release.checksums, list);
    const sha256 = await host.http.download(release.url, file, (bytes, total) => {
      const of = total === undefined ? '' : ` of ${Math.ceil(total / 1e6)}`;
      onProgress(`${tool.name} ${version}: ${Math.floor(bytes / 1e6)}${of} MB`);
    });
    const expected = publishedSum((await host.files.read(list)) ?? '', basename(release.url));
    if (expected !== sha256) {
      return {
        kind: 'failed',
        why: `the checksum of ${release.url} is "${sha256}", published is "${expected ?? ''}"`,
      };
    }
  } catch (error) {
    return {
      kind: 'failed',
      why: `no download from ${new URL(release.url).host}: ${reason(error)}`,
    };
  }
  if (release.archive === undefined) {
    await host.files.rename(file, join(folder, tool.binary));
  } else {
    const { unzipSync } = await import('fflate');
    const { member } = release.archive;
    const bytes = (await host.files.readBytes(file)) ?? new Uint8Array();
    const content = unzipSync(bytes, { filter: ({ name }) => name === member })[member];
    if (content === undefined) return { kind: 'failed', why: `no "${member}" in ${release.url}` };
    await host.files.writeAtomic(join(folder, tool.binary), content, { mode: 0o755 });
  }
  return { kind: 'done' };
}

/** Lists hold `sum  name` per line; some projects publish the bare sum of one file. */
export function publishedSum(list: string, name: string): string | undefined {
  for (const line of list.split('\n')) {
    const [sum, file] = line.trim().split(/\s+\*?/);
    if (sum && /^[0-9a-f]{64}$/.test(sum) && (file === undefined || file === name)) return sum;
  }
  return undefined;
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const inner = cause instanceof Error ? cause.message : '';
  return [error instanceof Error ? error.message : String(error), inner]
    .filter((text) => text !== '')
    .join(': ');
}
