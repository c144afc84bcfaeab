import { z } from 'zod';
import type { Http, HttpResponse, TlsTarget } from '../../host/http.ts';

/** Any object of the Kubernetes API, as JSON. */
export type KubeObject = Record<string, unknown>;

export type PatchKind = 'merge' | 'json' | 'strategic' | 'apply';

/** What the API server answered instead of what was asked for. */
export class ApiError extends Error {
  /** HTTP status; Kubernetes gives its reasons by it: 409 conflict, 422 invalid, 429 slow down. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/**
 * The API server, as its administrator. A path is that of the API, with its query:
 * `/api/v1/nodes?labelSelector=…`, `/apis/apps/v1/namespaces/kube-system/deployments/coredns/status`.
 * Rejects with `ApiError` on a status of 400 and above, and with a plain error when no answer came.
 */
export interface ApiClient {
  /** Undefined on 404: no such object, or no such kind (yet). */
  get(path: string): Promise<KubeObject | undefined>;
  /** The items of a collection; none where the kind is not there (yet). */
  list(path: string): Promise<KubeObject[]>;
  create(path: string, object: KubeObject): Promise<KubeObject>;
  /** `apply` is server-side apply: creates too, and takes over fields that somebody else set. */
  patch(path: string, body: object, kind: PatchKind): Promise<KubeObject>;
  /** False when it was gone already. `options` is a DeleteOptions: `{ propagationPolicy: 'Foreground' }`. */
  remove(path: string, options?: object): Promise<boolean>;
}

const fieldManager = 'sandbox';

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply; JSON is YAML too. */
const patchTypes: Readonly<Record<PatchKind, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

const objectSchema = z.record(z.string(), z.unknown());
const listSchema = z.object({ items: z.array(objectSchema) });
const statusSchema = z.object({ message: z.string() });

export function createApiClient(
  http: Pick<Http, 'sendTls'>,
  target: TlsTarget,
  timeoutMs = 15_000,
): ApiClient {
  function send(
    method: string,
    path: string,
    body?: object,
    contentType = 'application/json',
  ): Promise<HttpResponse> {
    const content = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body));
    const headers = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': contentType }),
      'content-length': String(content.length),
    };
    return http.sendTls(target, { method, path, headers, body: content }, timeoutMs);
  }

  async function get(path: string): Promise<KubeObject | undefined> {
    const response = await send('GET', path);
    return response.status === 404 ? undefined : objectSchema.parse(contentOf(response));
  }

  return {
    get,
    list: async (path) => {
      const found = await get(path);
      return found === undefined ? [] : listSchema.parse(found).items;
    },
    create: async (path, object) => objectSchema.parse(contentOf(await send('POST', path, object))),
    patch: async (path, body, kind) => {
      const query = kind === 'apply' ? `fieldManager=${fieldManager}&force=true` : '';
      const separator = path.includes('?') ? '&' : '?';
      const asked = query === '' ? path : `${path}${separator}${query}`;
      return objectSchema.parse(contentOf(await send('PATCH', asked, body, patchTypes[kind])));
    },
    remove: async (path, options) => {
      const response = await send('DELETE', path, options);
      if (response.status === 404) return false;
      contentOf(response);
      return true;
    },
  };
}

function contentOf(response: HttpResponse): unknown {
  const text = new TextDecoder().decode(response.body);
  if (response.status < 400) return JSON.parse(text);
  throw new ApiError(response.status, messageOf(text));
}

/** A Status object in the usual case; a plain text from what stands before the API. */
function messageOf(text: string): string {
  try {
    return statusSchema.parse(JSON.parse(text)).message;
  } catch {
    return text.trim();
  }
}
