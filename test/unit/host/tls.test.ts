import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { HttpRequest } from '../../../src/host/http.ts';
import { createHttp } from '../../../src/host/node/http.ts';

const http = createHttp();
const pem = (name: string) =>
  readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
const identity = (name: string) => ({ certificate: pem(`${name}.crt`), key: pem(`${name}.key`) });
const get: HttpRequest = { method: 'GET', path: '/where?a=b', headers: {}, body: new Uint8Array() };

async function serveEcho() {
  const server = await http.serveTls(0, identity('server'), async ({ method, path }) => ({
    status: 203,
    headers: { 'x-method': method },
    body: Buffer.from(path),
  }));
  onTestFinished(() => server.close());
  return server;
}

test('a request over TLS arrives and is answered, with and without a certificate of our own', async () => {
  const { port } = await serveEcho();
  const target = { port, certificateAuthority: pem('ca.crt') };
  for (const client of [{}, { client: identity('client') }]) {
    const answer = await http.sendTls({ ...target, ...client }, get, 5000);
    expect(answer.status).toBe(203);
    expect(answer.headers['x-method']).toBe('GET');
    expect(Buffer.from(answer.body).toString()).toBe('/where?a=b');
  }
});

test('a server whose certificate leads to another authority is not believed', async () => {
  const { port } = await serveEcho();
  const target = { port, certificateAuthority: pem('client.crt') };
  await expect(http.sendTls(target, get, 5000)).rejects.toThrow('unable to verify');
});
