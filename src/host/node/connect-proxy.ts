import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectRoute } from '../http.ts';

const LOOPBACK = '127.0.0.1';

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
    const target = new URL(`tcp://${incoming.url ?? ''}`);
    // The brackets of an IPv6 address belong to the authority, not to the address.
    const hostname = target.hostname.replace(/^\[|\]$/g, '');
    route(hostname, Number(target.port)).then(
      (port) => (port === undefined ? refuse(client, 'no route') : join(client, head, port)),
      (error: unknown) => refuse(client, String(error)),
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

function join(client: Duplex, head: Buffer, port: number): void {
  const upstream = connect(port, LOOPBACK);
  upstream.once('connect', () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    upstream.write(head);
    upstream.pipe(client);
    client.pipe(upstream);
    upstream.off('error', refused);
    upstream.on('error', () => client.destroy());
  });
  const refused = (error: Error) => refuse(client, error.message);
  upstream.once('error', refused);
  client.once('close', () => upstream.destroy());
}

function refuse(client: Duplex, reason: string): void {
  const text = `${reason}\n`;
  client.end(`HTTP/1.1 502 Bad Gateway\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
}
