import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** States and locks of Terraform's http backend, in memory. https://developer.hashicorp.com/terraform/language/backend/http */
export interface StateServer {
  /** A `root.hcl` for a tree whose states lie here, each below its unit's path. */
  readonly rootHcl: string;
  /** By the unit's path. */
  readonly states: Map<string, string>;
  /** By the unit's path: who holds it, as Terraform says it. */
  readonly locks: Map<string, string>;
  /** Methods that are answered with 503 for this unit from now on; `POST` writes a state. */
  refuse(path: string, ...methods: readonly string[]): void;
  close(): void;
}

export async function startStateServer(): Promise<StateServer> {
  const states = new Map<string, string>();
  const locks = new Map<string, string>();
  const refused = new Map<string, readonly string[]>();
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const path = decodeURIComponent(new URL(url, 'http://state').pathname.slice(1));
    const body = await bodyOf(request);
    const held = locks.get(path);
    if (refused.get(path)?.includes(method)) response.statusCode = 503;
    else if (method === 'GET') response.statusCode = states.has(path) ? 200 : 404;
    else if (method === 'POST') states.set(path, body);
    else if (method === 'UNLOCK') locks.delete(path);
    else if (held !== undefined) response.statusCode = 423;
    else locks.set(path, body);
    const isRead = method === 'GET' && response.statusCode === 200;
    response.end(isRead ? states.get(path) : response.statusCode === 423 ? held : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    rootHcl: rootHcl(`http://127.0.0.1:${port}`),
    states,
    locks,
    refuse: (path, ...methods) => {
      refused.set(path, methods);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function rootHcl(url: string): string {
  const address = `${url}/\${path_relative_to_include()}`;
  return `remote_state {
  backend = "http"
  config = {
    address        = "${address}"
    lock_address   = "${address}"
    unlock_address = "${address}"
    retry_max      = 0
  }
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite"
  }
}
`;
}
