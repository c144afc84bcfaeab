import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../../src/host/http.ts';
import { createHttp } from '../../../src/host/node/http.ts';
import { temporary } from '../support/temporary.ts';

const http = createHttp();
const bytes = (text: string) => Buffer.from(text);

async function serve(handler: (request: HttpRequest) => Promise<HttpResponse>) {
  const server = await http.serve(0, handler);
  onTestFinished(() => server.close());
  return server;
}

const get = (path: string): HttpRequest => ({ method: 'GET', path, headers: {}, body: bytes('') });

test('a request arrives as it was sent, and so does its answer', async () => {
  const seen: HttpRequest[] = [];
  const server = await serve(async (request) => {
    seen.push(request);
    return { status: 418, headers: { 'x-answer': 'yes' }, body: new Uint8Array([0, 255, 10]) };
  });
  const sent = {
    method: 'PUT',
    path: '/a%2Fb?c=d%20e',
    headers: { 'x-ask': 'Ü' },
    body: bytes('body'),
  };
  const answer = await http.send(server.port, { ...sent, headers: { 'x-ask': 'no' } }, 5000);
  expect(seen[0]).toMatchObject({ method: 'PUT', path: '/a%2Fb?c=d%20e' });
  expect(seen[0]?.headers['x-ask']).toBe('no');
  expect(Buffer.from(seen[0]?.body ?? []).toString()).toBe('body');
  expect(answer.status).toBe(418);
  expect(answer.headers['x-answer']).toBe('yes');
  expect([...answer.body]).toEqual([0, 255, 10]);
});

test('a handler that fails is a 500, and the server lives on', async () => {
  const server = await serve(async ({ path }) => {
    if (path === '/bad') throw new Error('broken handler');
    return { status: 200, headers: {}, body: bytes('ok') };
  });
  const bad = await http.send(server.port, get('/bad'), 5000);
  expect(bad.status).toBe(500);
  expect(Buffer.from(bad.body).toString()).toContain('broken handler');
  expect((await http.send(server.port, get('/good'), 5000)).status).toBe(200);
});

test('who does not answer in time is an error that names the port', async () => {
  const server = await serve(() => new Promise(() => {}));
  await expect(http.send(server.port, get('/'), 20)).rejects.toThrow(
    `no answer from 127.0.0.1:${server.port} within 20 ms`,
  );
});

test('where nobody listens is an error', async () => {
  const port = await http.freePort();
  await expect(http.send(port, get('/'), 5000)).rejects.toThrow('ECONNREFUSED');
});

test('a free port can be listened on, and a taken one is refused', async () => {
  const port = await http.freePort();
  const answer = async () => ({ status: 200, headers: {}, body: bytes('') });
  const server = await http.serve(port, answer);
  onTestFinished(() => server.close());
  expect(server.port).toBe(port);
  await expect(http.serve(port, answer)).rejects.toThrow('EADDRINUSE');
});

test('closing does not wait for a request that hangs', async () => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const server = await http.serve(0, () => {
    arrive();
    return new Promise(() => {});
  });
  const hanging = http.send(server.port, get('/'), 60_000);
  hanging.catch(() => {});
  await arrived;
  await server.close();
  await expect(hanging).rejects.toThrow();
});

async function web(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/file`;
}

test('a download is in its file, with its sum, and tells how far it is', async () => {
  const file = join(temporary(), 'file');
  const progress: (readonly [number, number | undefined])[] = [];
  const sum = await http.download(await web(200, 'content'), file, (...at) => progress.push(at));
  expect(readFileSync(file, 'utf8')).toBe('content');
  expect(sum).toBe(createHash('sha256').update('content').digest('hex'));
  expect(progress.at(-1)).toEqual([7, 7]);
});

test('any other status is an error, and no file', async () => {
  const file = join(temporary(), 'file');
  await expect(http.download(await web(404, 'no'), file)).rejects.toThrow('status 404');
  expect(existsSync(file)).toBe(false);
});
