import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectRoute } from '../http.ts';

const LOOPBACK = '127.0.0.1';
const NO_GATEWAY = '502 Bad Gateway';

export async function serveConnect(
  socketPath: string,
  route: ConnectRoute,
): Promise<{ close(): Promise<void> }> {
  const open = new Set<Duplex>();
  const server = createServer((_incoming, outgoing) => {
    outgoing.writeHead(405, { allow: 'CONNECT' });
    outgoing.end();
  });
  server.on('connect', (incoming, client, head) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    // A peer that goes away ends its tunnel, and nothing else.
    client.on('error', () => client.destroy());
    const target = authorityOf(incoming.url ?? '');
    if (target === undefined) return refuse(client, '400 Bad Request', 'no host and port');
    route(target.hostname, target.port).then(
      (port) =>
        port === undefined ? refuse(client, NO_GATEWAY, 'no route') : join(client, head, port),
      (error: unknown) => refuse(client, NO_GATEWAY, String(error)),
    );
  });
  // What a killed process left would be "address already in use".
  await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const client of open) client.destroy();
      }),
  };
}

/** Undefined for what names no host and port. */
function authorityOf(text: string): { hostname: string; port: number } | undefined {
  const address = `tcp://${text}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, port } = new URL(address);
  if (hostname === '' || Number(port) === 0) return undefined;
  // The brackets of an IPv6 address belong to the authority, not to the address.
  return { hostname: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function join(client: Duplex, head: Buffer, port: number): void {
  // It may have left while its route was looked up: nobody would end what is opened for it now.
  if (client.destroyed) return;
  const upstream = connect(port, LOOPBACK);
  upstream.once('connect', () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    upstream.write(head);
    upstream.pipe(client);
    client.pipe(upstream);
    upstream.off('error', refused);
    upstream.on('error', () => client.destroy());
  });
  const refused = (error: Error) => refuse(client, NO_GATEWAY, error.message);
  upstream.once('error', refused);
  client.once('close', () => upstream.destroy());
}

function refuse(client: Duplex, status: string, reason: string): void {
  const text = `${reason}\n`;
  client.end(`HTTP/1.1 ${status}\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
}
