import { z } from 'zod';
import type { Http, HttpResponse } from '../../host/http.ts';
import type { AwsError } from './aws-error.ts';

/** Long: the first call of a service imports its Python modules, on a machine that may be busy. */
const timeoutMs = 120_000;

export interface EmulatorTarget {
  readonly http: Http;
  readonly port: number;
  readonly region: string;
  /** Access key of the caller, so that `whoami` is the caller. */
  readonly accessKey: string;
}

export type Result<T> =
  | { readonly kind: 'got'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: AwsError };

/** Of the query protocol, by the service's name in a signature. */
const apiVersions = {
  ec2: '2016-11-15',
  elasticloadbalancing: '2015-12-01',
  sts: '2011-06-15',
} as const;

/** One call of the query protocol; moto reads the scope and checks no signature. */
export async function query(
  target: EmulatorTarget,
  service: keyof typeof apiVersions,
  parameters: Readonly<Record<string, string>>,
): Promise<Result<string>> {
  const body = new URLSearchParams({ Version: apiVersions[service], ...parameters }).toString();
  const contentType = 'application/x-www-form-urlencoded; charset=utf-8';
  const response = await send(target, service, body, { 'content-type': contentType });
  const text = new TextDecoder().decode(response.body);
  return response.status === 200
    ? { kind: 'got', value: text }
    : { kind: 'failed', error: readXmlError(response, text) };
}

/** `query` for a call that should succeed: rejects with its name and AWS's words. */
export async function demand(
  target: EmulatorTarget,
  service: keyof typeof apiVersions,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await query(target, service, parameters);
  if (answer.kind === 'got') return answer.value;
  throw new Error(`${parameters.Action}: ${answer.error.message}`);
}

/**
 * Resources that carry all of `tags`, by their ARN, as the tagging API knows them; rejects when the
 * emulator does not answer as AWS does.
 */
export async function findTagged(
  target: EmulatorTarget,
  resourceType: string,
  tags: Readonly<Record<string, string>>,
): Promise<string[]> {
  const filters = Object.entries(tags).map(([key, value]) => ({ Key: key, Values: [value] }));
  const asked = { ResourceTypeFilters: [resourceType], TagFilters: filters };
  const response = await send(target, 'tagging', JSON.stringify(asked), {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'ResourceGroupsTaggingAPI_20170126.GetResources',
    host: `tagging.${target.region}.amazonaws.com`,
  });
  const { ResourceTagMappingList: found } = taggedSchema.parse(
    JSON.parse(new TextDecoder().decode(response.body)),
  );
  return found.map(({ ResourceARN }) => ResourceARN);
}

const taggedSchema = z.object({
  ResourceTagMappingList: z.array(z.object({ ResourceARN: z.string() })),
});

function send(
  target: EmulatorTarget,
  service: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpResponse> {
  const scope = `${target.accessKey}/20250101/${target.region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  return target.http.send(
    target.port,
    {
      method: 'POST',
      path: '/',
      headers: { authorization, ...headers },
      body: new TextEncoder().encode(body),
    },
    timeoutMs,
  );
}

function readXmlError(response: HttpResponse, text: string): AwsError {
  return {
    status: response.status,
    code: element(text, 'Code') ?? 'InternalFailure',
    message: element(text, 'Message') ?? text,
  };
}

/** Text of the first element of that name; moto's XML has no attributes on those that we read. */
export function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

/** A list as the query protocol writes it: `SubnetId.1`, `SubnetId.2`, … beside `rest`. */
export function numbered(
  name: string,
  values: readonly string[],
  rest: Readonly<Record<string, string>>,
): Record<string, string> {
  const pairs = values.map((value, index) => [`${name}.${index + 1}`, value]);
  return { ...rest, ...Object.fromEntries(pairs) };
}
