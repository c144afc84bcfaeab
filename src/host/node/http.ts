import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request as sendRequest } from 'node:http';
import type { Http, HttpRequest, HttpResponse, HttpServer } from '../http.ts';

const LOOPBACK = '127.0.0.1';

export function createHttp(): Http {
  const agent = new Agent({ keepAlive: true });
  return {
    serve,
    send: (port, request, timeoutMs) => send(agent, port, request, timeoutMs),
    freePort,
    download,
  };
}

async function serve(
  port: number,
  handler: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
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
  });
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
  request: HttpRequest,
  timeoutMs: number,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest(
      {
        agent,
        host: LOOPBACK,
        port,
        method: request.method,
        path: request.path,
        headers: request.headers,
      },
      (incoming) => {
        bodyOf(incoming).then(
          (body) =>
            resolve({ status: incoming.statusCode ?? 0, headers: plainHeaders(incoming), body }),
          reject,
        );
      },
    );
    outgoing.setTimeout(timeoutMs, () => {
      outgoing.destroy(new Error(`no answer from ${LOOPBACK}:${port} within ${timeoutMs} ms`));
    });
    outgoing.once('error', reject);
    outgoing.end(request.body);
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
