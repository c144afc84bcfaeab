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

export interface Http {
  /** Listens on 127.0.0.1 only; port 0 takes a free one. */
  serve(
    port: number,
    handler: (request: HttpRequest) => Promise<HttpResponse>,
  ): Promise<HttpServer>;
  /** Plain http to loopback, over kept-alive connections. Rejects when no answer comes within `timeoutMs`. */
  send(port: number, request: HttpRequest, timeoutMs: number): Promise<HttpResponse>;
  /** A port on 127.0.0.1 that was free when asked. */
  freePort(): Promise<number>;
  /** Https download to a file; resolves to its sha256 in hex. Rejects on any status but 200. */
  download(
    url: string,
    file: string,
    onProgress?: (bytes: number, total: number | undefined) => void,
  ): Promise<string>;
}
