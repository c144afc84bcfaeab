export interface HttpRequest {
  readonly method: string;
  /** Path with its query, still percent-encoded as it came over the wire. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Where a TLS server listens on 127.0.0.1, and by whom it is believed; all PEM. */
export interface TlsTarget {
  readonly port: number;
  /** What the server's certificate has to lead to. */
  readonly certificateAuthority: string;
  readonly client?: TlsIdentity;
}

/** A certificate, with what stands between it and its authority, and its key; PEM. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
}

/** The loopback port that stands for `hostname:port`; undefined refuses the connection. */
export type ConnectRoute = (hostname: string, port: number) => Promise<number | undefined>;

export interface Http {
  /** Listens on 127.0.0.1 only; port 0 takes a free one. */
  serve(
    port: number,
    handler: (request: HttpRequest) => Promise<HttpResponse>,
  ): Promise<HttpServer>;
  /** `serve` over TLS. */
  serveTls(
    port: number,
    identity: TlsIdentity,
    handler: (request: HttpRequest) => Promise<HttpResponse>,
  ): Promise<HttpServer>;
  /**
   * A proxy that knows CONNECT alone (RFC 9110, 9.3.6), on a UNIX socket of mode 0600. The system
   * allows about 100 bytes for `socketPath`; the file is removed by `close`.
   */
  serveConnect(socketPath: string, route: ConnectRoute): Promise<{ close(): Promise<void> }>;
  /** Plain http to loopback, over kept-alive connections. Rejects when no answer comes within `timeoutMs`. */
  send(port: number, request: HttpRequest, timeoutMs: number): Promise<HttpResponse>;
  /** `send` over TLS; also rejects when the server is not believed. */
  sendTls(target: TlsTarget, request: HttpRequest, timeoutMs: number): Promise<HttpResponse>;
  /** A port on 127.0.0.1 that was free when asked. */
  freePort(): Promise<number>;
  /** Https download to a file; resolves to its sha256 in hex. Rejects on any status but 200. */
  download(
    url: string,
    file: string,
    onProgress?: (bytes: number, total: number | undefined) => void,
  ): Promise<string>;
}
