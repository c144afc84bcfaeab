import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import {
  Agent,
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import {
  createServer as createTlsServer,
  request as sendTlsRequest,
  Agent as TlsAgent,
} from 'node:https';
import type {
  Http,
  HttpRequest,
  HttpResponse,
  HttpServer,
  TlsIdentity,
  TlsTarget,
} from '../http.ts';
import { serveConnect } from './connect-proxy.ts';

const LOOPBACK = '127.0.0.1';

export function createHttp(): Http {
  const agent = new Agent({ keepAlive: true });
  const tlsAgent = new TlsAgent({ keepAlive: true });
  return {
    serve,
    serveTls,
    serveConnect,
    send: (port, request, timeoutMs) => send(agent, port, request, timeoutMs),
    sendTls: (target, request, timeoutMs) => sendTls(tlsAgent, target, request, timeoutMs),
    freePort,
    download,
  };
}

type Handler = (request: HttpRequest) => Promise<HttpResponse>;

function serve(port: number, handler: Handler): Promise<HttpServer> {
  return listen(createServer(listener(handler)), port);
}

function serveTls(port: number, identity: TlsIdentity, handler: Handler): Promise<HttpServer> {
  const { certificate: cert, key } = identity;
  return listen(createTlsServer({ cert, key }, listener(handler)), port);
}

function listener(handler: Handler) {
  return (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const answer = async () => {
      const response = await handler({
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: plainHeaders(incoming),
        body: await bodyOf(incoming),
      });
      outgoing.writeHead(response.status, response.headers);
      outgoing.end(response.body);
    };
    answer().catch((error: unknown) => {
      outgoing.writeHead(500, { 'content-type': 'text/plain' });
      outgoing.end(String(error));
    });
  };
}

async function listen(server: Server, port: number): Promise<HttpServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was bound');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(
  agent: Agent,
  port: number,
  { method, path, headers, body }: HttpRequest,
  timeoutMs: number,
): Promise<HttpResponse> {
  const outgoing = sendRequest({ agent, host: LOOPBACK, port, method, path, headers });
  return answerTo(outgoing, body, port, timeoutMs);
}

function sendTls(
  agent: TlsAgent,
  { port, certificateAuthority: ca, client }: TlsTarget,
  { method, path, headers, body }: HttpRequest,
  timeoutMs: number,
): Promise<HttpResponse> {
  const outgoing = sendTlsRequest({
    agent,
    host: LOOPBACK,
    port,
    method,
    path,
    headers,
    ca,
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
  });
  return answerTo(outgoing, body, port, timeoutMs);
}

function answerTo(
  outgoing: ClientRequest,
  body: Uint8Array,
  port: number,
  timeoutMs: number,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', (incoming) => {
      bodyOf(incoming).then(
        (received) =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: plainHeaders(incoming),
            body: received,
          }),
        reject,
      );
    });
    outgoing.setTimeout(timeoutMs, () => {
      outgoing.destroy(new Error(`no answer from ${LOOPBACK}:${port} within ${timeoutMs} ms`));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function freePort(): Promise<number> {
  const server = await serve(0, () => Promise.reject(new Error('not served')));
  await server.close();
  return server.port;
}

async function download(
  url: string,
  file: string,
  onProgress?: (bytes: number, total: number | undefined) => void,
): Promise<string> {
  const response = await fetch(url, { redirect: 'follow', signal: AbortSignal.timeout(600_000) });
  if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
  const length = response.headers.get('content-length');
  const total = length === null ? undefined : Number(length);
  const hash = createHash('sha256');
  const target = await open(file, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      hash.update(chunk);
      await target.writeFile(chunk);
      bytes += chunk.length;
      onProgress?.(bytes, total);
    }
    await target.sync();
  } finally {
    await target.close();
  }
  return hash.digest('hex');
}

function plainHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

async function bodyOf(message: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
