import { ToolError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import type { SandboxInfo } from './info.ts';

/** Makes the bucket, versioned as a state bucket has to be; one that is there already is kept. */
export async function makeStateBucket(
  host: Host,
  info: SandboxInfo,
  region: string,
  bucket: string,
): Promise<void> {
  // us-east-1 is the one region that may not be named. S3 API, CreateBucket, LocationConstraint.
  const where =
    region === 'us-east-1'
      ? ''
      : `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  await put(host, info, region, `/${bucket}`, where, [200, 409]);
  const versioned = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  await put(host, info, region, `/${bucket}?versioning`, versioned, [200]);
}

async function put(
  host: Host,
  info: SandboxInfo,
  region: string,
  path: string,
  text: string,
  accepted: readonly number[],
): Promise<void> {
  const scope = `test/20250101/${region}/s3/aws4_request`;
  const body = new TextEncoder().encode(text);
  const response = await host.http.send(
    info.emulatorPort,
    {
      method: 'PUT',
      path,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        'content-length': String(body.length),
      },
      body,
    },
    60_000,
  );
  if (accepted.includes(response.status)) return;
  throw new ToolError({
    what: `the sandbox refused PUT "${path}" with status ${response.status}: ${new TextDecoder().decode(response.body)}`,
    next: 'run: platform sandbox reset',
  });
}
