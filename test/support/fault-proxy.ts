import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as send } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What happens to a request instead of an answer of the API server's. */
export interface FaultRule {
  /** Of the path with its query. */
  readonly match: RegExp;
  readonly method?: string;
  /** How often it hits; left out: for ever. */
  readonly times?: number;
  /** Answers with this status, in Kubernetes' words. */
  readonly status?: number;
  /** Seconds, in the header of that name. */
  readonly retryAfter?: number;
  /** Takes the request and never answers. */
  readonly hang?: boolean;
  /** Cuts the connection without an answer. */
  readonly reset?: boolean;
}

export interface FaultProxy {
  readonly port: number;
  /** In force from now on, first match first; the ones before are gone. */
  set(...rules: readonly FaultRule[]): void;
  /** `GET /path` of each request since the rules were set, faulted or not. */
  readonly seen: string[];
  close(): Promise<void>;
}

/** PEM texts of a control plane: its server certificate is believed for 127.0.0.1, whatever the port. */
export interface ProxiedApi {
  readonly port: number;
  readonly certificateAuthority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A TLS proxy in front of an API server. Who comes without a token is its administrator. */
export async function startFaultProxy(api: ProxiedApi): Promise<FaultProxy> {
  let rules: { rule: FaultRule; left: number }[] = [];
  const seen: string[] = [];
  const server = createServer({ cert: api.certificate, key: api.key }, (request, response) => {
    const { method = '', url = '' } = request;
    seen.push(`${method} ${url}`);
    const hit = rules.find(({ rule, left }) => {
      return left > 0 && rule.match.test(url) && (rule.method ?? method) === method;
    });
    if (hit === undefined) return forward(api, request, response);
    hit.left -= 1;
    answerFault(hit.rule, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    set(...next) {
      rules = next.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
      seen.length = 0;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answerFault(rule: FaultRule, request: IncomingMessage, response: ServerResponse): void {
  if (rule.hang === true) return;
  if (rule.reset === true) {
    request.socket.destroy();
    return;
  }
  const code = rule.status ?? 500;
  response.writeHead(code, {
    'content-type': 'application/json',
    ...(rule.retryAfter === undefined ? {} : { 'retry-after': String(rule.retryAfter) }),
  });
  const [reason = '', message = ''] = WORDS[code] ?? [];
  const status = { apiVersion: 'v1', kind: 'Status', status: 'Failure', code, reason, message };
  response.end(JSON.stringify(status));
}

/** Reasons and words of the API server: https://pkg.go.dev/k8s.io/apimachinery/pkg/api/errors */
const WORDS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'nodes is forbidden: User "somebody" cannot do that'],
  409: ['Conflict', 'Operation cannot be fulfilled: the object has been modified'],
  429: ['TooManyRequests', 'the server has received too many requests'],
  500: ['InternalError', 'Internal error occurred: a fault of a test'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
};

function forward(api: ProxiedApi, request: IncomingMessage, response: ServerResponse): void {
  const { method = '', url = '', headers } = request;
  const identity =
    headers.authorization === undefined ? { cert: api.certificate, key: api.key } : {};
  const upstream = send(
    {
      host: '127.0.0.1',
      port: api.port,
      path: url,
      method,
      headers,
      ca: api.certificateAuthority,
      ...identity,
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
