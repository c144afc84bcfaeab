import { basename, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Archive, Recipe, Release } from './recipe.ts';

/** Not every way is open for every tool; a way that failed says why, and the next one is tried. */
export type InstallOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'not-offered' }
  | { readonly kind: 'failed'; readonly why: string };

export type OnProgress = (text: string) => void;

type DownloadHost = Pick<Host, 'files' | 'http' | 'processes' | 'env'>;

/**
 * Downloads what the recipe makes: every file whose sha256 is the published one, or none.
 *
 * @param work where archives and lists of sums lie meanwhile
 * @param stage where the outputs come, and nothing else
 */
export async function downloadReleases(
  host: DownloadHost,
  recipe: Recipe,
  work: string,
  stage: string,
  onProgress: OnProgress,
): Promise<InstallOutcome> {
  if (recipe.releases.length === 0) return { kind: 'not-offered' };
  const all = recipe.releases.length;
  for (const [index, release] of recipe.releases.entries()) {
    const which = all === 1 ? '' : ` ${release.output} (${index + 1} of ${all})`;
    const say = (text: string) => onProgress(`${recipe.name} ${recipe.version}:${which} ${text}`);
    const why = await downloadOne(host, release, work, join(stage, release.output), say);
    if (why !== undefined) return { kind: 'failed', why };
  }
  return { kind: 'done' };
}

/** Undefined when `target` is there, else why not. */
async function downloadOne(
  host: DownloadHost,
  release: Release,
  work: string,
  target: string,
  say: OnProgress,
): Promise<string | undefined> {
  const file = join(work, basename(release.url));
  try {
    say('downloading');
    const expected = await expectedSum(host, release, work);
    const sha256 = await host.http.download(release.url, file, (bytes, total) => {
      const of = total === undefined ? '' : ` of ${Math.ceil(total / 1e6)}`;
      say(`${Math.floor(bytes / 1e6)}${of} MB`);
    });
    if (expected !== sha256) {
      return `the checksum of ${release.url} is "${sha256}", published is "${expected ?? ''}"`;
    }
  } catch (error) {
    return `no download from ${new URL(release.url).host}: ${reason(error)}`;
  }
  if (release.archive === undefined) {
    await host.files.rename(file, target);
    return undefined;
  }
  const taken = await takeMember(host, release.archive, file, work, target);
  return taken ? undefined : `no "${release.archive.member}" in ${release.url}`;
}

async function expectedSum(
  host: DownloadHost,
  { url, checksum }: Release,
  work: string,
): Promise<string | undefined> {
  if (checksum.kind === 'pinned') return checksum.sha256;
  const list = join(work, 'checksums');
  await host.http.download(checksum.url, list);
  return publishedSum((await host.files.read(list)) ?? '', basename(url));
}

/** False when the archive has no such file. */
async function takeMember(
  host: DownloadHost,
  { kind, member }: Archive,
  file: string,
  work: string,
  target: string,
): Promise<boolean> {
  if (kind === 'tar.gz') {
    // tar is there on every system that has such releases.
    const { exitCode } = await host.processes.run({
      argv: ['tar', '-xzf', file, '-C', work, '--', member],
      cwd: work,
      env: host.env,
    });
    if (exitCode !== 0) return false;
    await host.files.rename(join(work, member), target);
    return true;
  }
  const { unzipSync } = await import('fflate');
  const bytes = (await host.files.readBytes(file)) ?? new Uint8Array();
  const wanted = unzipSync(bytes, { filter: ({ name }) => name.startsWith(member) });
  const content = wanted[member] ?? Object.values(wanted)[0];
  if (content === undefined) return false;
  await host.files.writeAtomic(target, content, { mode: 0o755 });
  return true;
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
