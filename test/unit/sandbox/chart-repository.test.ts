import { createHash } from 'node:crypto';
import { gunzipSync } from 'fflate';
import { parseTar } from 'nanotar';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { HttpRequest } from '../../../src/host/http.ts';
import { packChart } from '../../../src/sandbox/charts/chart-archive.ts';
import {
  answerChartRequest,
  isChartRequest,
} from '../../../src/sandbox/charts/chart-repository.ts';
import { memoryFiles } from '../support/memory-files.ts';

const file = (path: string, text: string) => ({ path, content: new TextEncoder().encode(text) });

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): HttpRequest {
  return { method, path, headers, body: new Uint8Array() };
}

describe('an archive', () => {
  const files = [file('templates/a.yaml', 'a: 1\n'), file('Chart.yaml', 'name: x\n')];

  test('holds every file below a folder of the chart’s name', () => {
    const entries = parseTar(gunzipSync(packChart('x', files)));
    expect(entries.map(({ name, text, type }) => [name, type, text])).toEqual([
      ['x/Chart.yaml', 'file', 'name: x\n'],
      ['x/templates/a.yaml', 'file', 'a: 1\n'],
    ]);
  });

  test('has the same bytes whatever the order and the time, and others when a file differs', () => {
    const packed = packChart('x', files);
    expect(packChart('x', files.toReversed())).toEqual(packed);
    expect(parseTar(gunzipSync(packed)).map(({ attrs }) => attrs?.mtime)).toEqual([0, 0]);
    // Four bytes of the gzip header are a time too.
    expect([...packed.slice(4, 8)]).toEqual([0, 0, 0, 0]);
    expect(packChart('x', [file('Chart.yaml', 'name: y\n')])).not.toEqual(packed);
  });

  test('is refused when a name would be cut off', () => {
    const path = `templates/${'long'.repeat(25)}.yaml`;
    expect(() => packChart('x', [file(path, '')])).toThrow('too long for an archive');
  });
});

describe('the repository', () => {
  const chart = 'apiVersion: v2\nname: base\nversion: 1.2.3-standin.1\nappVersion: 1.2.3\n';
  const files = memoryFiles({
    '/charts/README.md': 'no chart',
    '/charts/base/Chart.yaml': chart,
    '/charts/base/templates/deep/crds.yaml': 'kind: X\n',
  });
  const answer = (request: HttpRequest) => answerChartRequest(files, '/charts', request);

  test('lists each folder with the digest of the archive that it serves', async () => {
    const index = await answer(get('/charts/index.yaml'));
    const { apiVersion, entries } = parse(new TextDecoder().decode(index.body));
    expect([index.status, apiVersion, Object.keys(entries)]).toEqual([200, 'v1', ['base']]);
    const [entry] = entries.base;
    expect(entry).toMatchObject({ name: 'base', version: '1.2.3-standin.1', appVersion: '1.2.3' });

    const archive = await answer(get(`/charts/${entry.urls[0]}`));
    expect(archive.status).toBe(200);
    expect(createHash('sha256').update(archive.body).digest('hex')).toBe(entry.digest);
    expect(parseTar(gunzipSync(archive.body)).map(({ name }) => name)).toEqual([
      'base/Chart.yaml',
      'base/templates/deep/crds.yaml',
    ]);
  });

  test.each([
    [get('/charts/base-9.9.9.tgz'), 404],
    [get('/charts/../charts/base/Chart.yaml'), 404],
    [get('/charts/index.yaml', {}, 'PUT'), 405],
  ])('has nothing else: %#', async (request, status) => {
    expect((await answer(request)).status).toBe(status);
  });

  test('says what a chart of ours lacks', async () => {
    const broken = memoryFiles({ '/charts/base/Chart.yaml': 'apiVersion: v2\nname: base\n' });
    await expect(answerChartRequest(broken, '/charts', get('/charts/index.yaml'))).rejects.toThrow(
      /version/,
    );
  });

  test.each([
    ['Helm', get('/charts/index.yaml'), true],
    [
      'a bucket named charts, signed in a header',
      get('/charts/a', { authorization: 'AWS4' }),
      false,
    ],
    ['the same, signed in the query', get('/charts/a?X-Amz-Signature=1'), false],
    ['another bucket', get('/chartsx/a'), false],
  ])('is asked by %s: %s', (_, request, is) => {
    expect(isChartRequest(request)).toBe(is);
  });
});
