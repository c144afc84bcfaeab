import { existsSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import type { ConnectRoute } from '../../../src/host/http.ts';
import { createHttp } from '../../../src/host/node/http.ts';
import { temporary } from '../support/temporary.ts';

const http = createHttp();

async function proxyWith(route: ConnectRoute) {
  const socketPath = join(temporary(), 'proxy.sock');
  const proxy = await http.serveConnect(socketPath, route);
  onTestFinished(() => proxy.close());
  return { socketPath, proxy };
}

function connectTo(socketPath: string, path: string) {
  return new Promise<{ status: number | undefined; socket: Duplex }>((resolve, reject) => {
    const outgoing = request({ socketPath, method: 'CONNECT', path });
    outgoing.once('connect', (incoming: IncomingMessage, socket: Duplex) => {
      onTestFinished(() => void socket.destroy());
      resolve({ status: incoming.statusCode, socket });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

async function hello() {
  const server = await http.serve(0, async () => ({
    status: 200,
    headers: { connection: 'close' },
    body: Buffer.from('hello'),
  }));
  onTestFinished(() => server.close());
  return server;
}

test('a connection is led to the port that its route names', async () => {
  const server = await hello();
  const asked: (readonly [string, number])[] = [];
  const { socketPath } = await proxyWith(async (hostname, port) => {
    asked.push([hostname, port]);
    return server.port;
  });
  const { status, socket } = await connectTo(socketPath, '10.96.0.7:443');
  expect(status).toBe(200);
  socket.write('GET / HTTP/1.1\r\nhost: any\r\n\r\n');
  let said = '';
  for await (const chunk of socket) said += String(chunk);
  expect(said).toMatch(/\r\nhello\r\n/);
  await connectTo(socketPath, '[fd00::7]:8443');
  expect(asked).toEqual([
    ['10.96.0.7', 443],
    ['fd00::7', 8443],
  ]);
});

test.each<[string, ConnectRoute]>([
  ['leads nowhere', async () => undefined],
  ['leads to a port where nobody listens', () => http.freePort()],
  ['fails', () => Promise.reject(new Error('broken route'))],
])('a connection whose route %s is refused, and the next one is served', async (_, route) => {
  const server = await hello();
  let first = true;
  const { socketPath } = await proxyWith(async (hostname, port) => {
    if (!first) return server.port;
    first = false;
    return route(hostname, port);
  });
  expect((await connectTo(socketPath, '10.96.0.7:443')).status).toBe(502);
  expect((await connectTo(socketPath, '10.96.0.7:443')).status).toBe(200);
});

test.each(['nonsense', '10.96.0.7', '10.96.0.7:0', ':443', '[fd00::7:443', '10.96.0.7:99999'])(
  'a request for "%s", which is no authority, is refused and asks no route',
  async (authority) => {
    const server = await hello();
    const asked: string[] = [];
    const { socketPath } = await proxyWith(async (hostname) => {
      asked.push(hostname);
      return server.port;
    });
    const client = connect(socketPath);
    client.write(`CONNECT ${authority} HTTP/1.1\r\nhost: any\r\n\r\n`);
    expect(await text(client)).toMatch(/^HTTP\/1\.1 400 /);
    expect(asked).toEqual([]);
    expect((await connectTo(socketPath, '10.96.0.7:443')).status).toBe(200);
  },
);

test('a client that leaves while its route is looked up opens no connection', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    socket.once('data', () => socket.end());
    onTestFinished(() => void socket.destroy());
  });
  let answer: (port: number) => void = () => {};
  const routed = new Promise<number>((resolve) => {
    answer = resolve;
  });
  let asked: () => void = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { socketPath, proxy } = await proxyWith(() => {
    asked();
    return routed;
  });
  const client = connect(socketPath);
  client.write('CONNECT 10.96.0.7:443 HTTP/1.1\r\nhost: any\r\n\r\n');
  await isAsked;
  client.destroy();
  // Resolves when every client is gone.
  await proxy.close();
  answer(port);
  await routed;
  // Connections are accepted in the order in which they were opened.
  const last = connect(port, '127.0.0.1');
  last.write('last');
  await text(last);
  expect(accepted).toBe(1);
});

test('the socket is private, a left-over one is replaced, and closing removes it', async () => {
  const { socketPath, proxy } = await proxyWith(async () => undefined);
  expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  await proxy.close();
  expect(existsSync(socketPath)).toBe(false);
  writeFileSync(socketPath, 'left over');
  const second = await http.serveConnect(socketPath, async () => undefined);
  expect((await connectTo(socketPath, '10.96.0.7:443')).status).toBe(502);
  await second.close();
  expect(existsSync(socketPath)).toBe(false);
});
