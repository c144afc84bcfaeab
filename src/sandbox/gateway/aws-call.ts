import type { HttpRequest } from '../../host/http.ts';
import { matchRoute } from '../eks/routes.ts';

/** How errors are written: https://smithy.io/2.0/aws/protocols/ */
export type Protocol = 'rest-json' | 'json' | 'query' | 'ec2' | 's3';

export interface AwsCall {
  /** Signing name: `eks`, `ec2`, `s3`, … ; empty when the request is not signed. */
  readonly service: string;
  readonly region: string;
  readonly operation: string;
  readonly protocol: Protocol;
  readonly method: string;
  readonly path: string;
}

const s3Subresources = ['versioning', 'encryption', 'policy', 'lifecycle', 'tagging', 'acl'];

/** REST calls that the gateway has to know by name, beside those of EKS. */
const restOperations = (
  [
    ['GET', 'DescribeFileSystemPolicy'],
    ['PUT', 'PutFileSystemPolicy'],
    ['DELETE', 'DeleteFileSystemPolicy'],
  ] as const
).map(([method, operation]) => ({
  service: 'elasticfilesystem',
  method,
  path: /^\/2015-02-01\/file-systems\/[^/]+\/policy$/,
  operation,
}));

/** Service, region and operation of a request, as far as signature, headers and body tell them. */
export function readCall(request: HttpRequest): AwsCall {
  const [path = '', queryText = ''] = request.path.split('?');
  const query = new URLSearchParams(queryText);
  const { service, region } = readScope(request.headers.authorization ?? '', query);
  const rest = { service, region, method: request.method, path };
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    return { ...rest, operation: target.split('.').at(-1) ?? target, protocol: 'json' };
  }
  if (service === 's3') return { ...rest, operation: s3Operation(rest, query), protocol: 's3' };
  const action = query.get('Action') ?? formAction(request);
  if (action !== null) {
    return { ...rest, operation: action, protocol: service === 'ec2' ? 'ec2' : 'query' };
  }
  if (service === 'eks') {
    const matched = matchRoute(request.method, request.path);
    if (matched !== undefined) {
      return { ...rest, operation: matched.route.operation, protocol: 'rest-json' };
    }
  }
  const named = restOperations.find(
    (each) => each.service === service && each.method === request.method && each.path.test(path),
  );
  if (named !== undefined) return { ...rest, operation: named.operation, protocol: 'rest-json' };
  // Route 53 and CloudFront are REST with XML; their errors look like those of the query protocol.
  const xml = service === 'route53' || service === 'cloudfront';
  const operation = `${request.method} ${path}`;
  return { ...rest, operation, protocol: xml ? 'query' : 'rest-json' };
}

/** `KEY/20251122/us-east-1/eks/aws4_request`, from the header or from a presigned URL. */
function readScope(
  authorization: string,
  query: URLSearchParams,
): { readonly service: string; readonly region: string } {
  const credential =
    /Credential=([^,\s]+)/.exec(authorization)?.[1] ?? query.get('X-Amz-Credential') ?? '';
  const parts = credential.split('/');
  return { region: parts.at(-3) ?? '', service: parts.at(-2) ?? '' };
}

function formAction(request: HttpRequest): string | null {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) return null;
  return new URLSearchParams(new TextDecoder().decode(request.body)).get('Action');
}

/** Close to the API's names: enough to aim a fault at state files, locks and buckets. */
function s3Operation(
  call: { readonly method: string; readonly path: string },
  query: URLSearchParams,
): string {
  const verbs: Readonly<Record<string, string>> = { HEAD: 'Head', PUT: 'Put', DELETE: 'Delete' };
  const verb = verbs[call.method] ?? (call.method === 'POST' ? 'Post' : 'Get');
  if (call.path.slice(1).replace(/\/$/, '').includes('/')) return `${verb}Object`;
  const sub = s3Subresources.find((name) => query.has(name));
  if (sub !== undefined) return `${verb}Bucket${sub.charAt(0).toUpperCase()}${sub.slice(1)}`;
  if (call.path === '/') return 'ListBuckets';
  const plain: Readonly<Record<string, string>> = { Get: 'ListObjects', Put: 'CreateBucket' };
  return plain[verb] ?? `${verb}Bucket`;
}
