import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { HttpRequest, HttpResponse } from '../../host/http.ts';
import type { ChartFile } from './chart-archive.ts';
import { type PackedChart, packFolder, renderIndex } from './chart-index.ts';

const prefix = '/charts/';

/**
 * Is it Helm who asks? A bucket named `charts` has the same path, but a request for it is signed, in
 * a header or in the query.
 */
export function isChartRequest({ path, headers }: HttpRequest): boolean {
  return path.startsWith(prefix) && !path.includes('?') && headers.authorization === undefined;
}

/**
 * A chart repository of the folders in `directory`. Packed anew for each request: a few small files,
 * and whoever edits a chart sees it without starting the sandbox again.
 */
export async function answerChartRequest(
  files: Files,
  directory: string,
  request: HttpRequest,
): Promise<HttpResponse> {
  const wanted = request.path.slice(prefix.length);
  const charts = await readCharts(files, directory);
  if (request.method !== 'GET') return textResponse(405, 'this repository can only be read');
  if (wanted === 'index.yaml') return textResponse(200, renderIndex(charts));
  const chart = charts.find(({ fileName }) => fileName === wanted);
  return chart === undefined
    ? textResponse(404, `no chart "${wanted}"`)
    : { status: 200, headers: { 'content-type': 'application/gzip' }, body: chart.archive };
}

async function readCharts(files: Files, directory: string): Promise<PackedChart[]> {
  const folders = (await files.list(directory)).filter(({ kind }) => kind === 'directory');
  return Promise.all(
    folders.map(async ({ name }) => packFolder(await readFolder(files, join(directory, name), ''))),
  );
}

async function readFolder(files: Files, root: string, below: string): Promise<ChartFile[]> {
  const entries = await files.list(join(root, below));
  const found = await Promise.all(
    entries.map(async ({ name, kind }): Promise<ChartFile[]> => {
      const path = below === '' ? name : `${below}/${name}`;
      if (kind === 'directory') return readFolder(files, root, path);
      const content = await files.readBytes(join(root, path));
      return content === undefined ? [] : [{ path, content }];
    }),
  );
  return found.flat();
}

function textResponse(status: number, text: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: new TextEncoder().encode(text),
  };
}
