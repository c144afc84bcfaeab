import { gzipSync } from 'fflate';
import { createTar } from 'nanotar';

export interface ChartFile {
  /** Below the chart's folder, with slashes. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** What the header of a tar entry holds, and longer ones the library cuts off. */
const longestName = 100;

/**
 * What `helm package` writes: the files below a folder named for the chart, gzipped. The same files
 * give the same bytes, so that the digest of the index holds for an archive that is packed again.
 */
export function packChart(name: string, files: readonly ChartFile[]): Uint8Array {
  const entries = files
    .map(({ path, content }) => ({ name: `${name}/${path}`, data: content }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const tooLong = entries.find((entry) => entry.name.length > longestName);
  if (tooLong !== undefined) throw new Error(`"${tooLong.name}" is too long for an archive`);
  const tar = createTar(entries, { attrs: { mtime: 0, uid: 0, gid: 0, mode: '644' } });
  return gzipSync(tar, { mtime: 0 });
}
