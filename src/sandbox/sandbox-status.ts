import { z } from 'zod';
import type { Host } from '../host/host.ts';
import { answersReady } from './cluster/control-plane.ts';
import { type SandboxHealth, sandboxHealth } from './health.ts';
import { readSandboxInfo, type SandboxInfo } from './info.ts';
import type { SandboxSettings } from './settings.ts';
import { readStore } from './store-file.ts';

export interface ClusterStatus {
  readonly name: string;
  readonly version: string;
  /** Undefined as long as there is none, and in a sandbox without Kubernetes. */
  readonly endpoint?: string;
  /** `answers`: asked just now, and ready. `silent`: it was, and gives no answer. `none`: no control plane. */
  readonly apiServer: 'answers' | 'silent' | 'starting' | 'failed' | 'none';
  /** Why it could not be started: Terraform's provider says only that the cluster is FAILED. */
  readonly reason?: string;
}

export type SandboxStatus =
  | { readonly kind: 'down' }
  | {
      readonly kind: Exclude<SandboxHealth, 'gone'>;
      readonly info: SandboxInfo;
      readonly clusters: readonly ClusterStatus[];
    };

export async function sandboxStatus(
  host: Host,
  settings: Pick<SandboxSettings, 'directory'>,
): Promise<SandboxStatus> {
  const info = await readSandboxInfo(host, settings.directory);
  if (info === undefined) return { kind: 'down' };
  const health = await sandboxHealth(host, info);
  if (health === 'gone') return { kind: 'down' };
  const store = await readStore(host, settings.directory);
  const planes = health === 'up' ? await shownControlPlanes(host, info) : [];
  const clusters = Object.entries(store?.clusters ?? {}).map(async ([key, { fields }]) => {
    const { name, version } = fields;
    const plane = planes.find(({ cluster }) => cluster === key);
    return { name, version, ...(await apiServerOf(host, plane)) };
  });
  return { kind: health, info, clusters: await Promise.all(clusters) };
}

const planesSchema = z.array(
  z.object({
    cluster: z.string(),
    state: z.enum(['starting', 'ready', 'failed']),
    endpoint: z.string().optional(),
    certificateAuthority: z.string().optional(),
    reason: z.string().optional(),
  }),
);

async function shownControlPlanes(host: Host, info: SandboxInfo) {
  const request = {
    method: 'GET',
    path: '/_platform/clusters',
    headers: {},
    body: new Uint8Array(),
  };
  const response = await host.http.send(info.gatewayPort, request, 5_000);
  return planesSchema.parse(JSON.parse(new TextDecoder().decode(response.body)));
}

async function apiServerOf(
  host: Host,
  plane: z.infer<typeof planesSchema>[number] | undefined,
): Promise<Pick<ClusterStatus, 'endpoint' | 'apiServer' | 'reason'>> {
  if (plane === undefined) return { apiServer: 'none' };
  const { state, endpoint, certificateAuthority, reason } = plane;
  if (state === 'failed') {
    return { apiServer: 'failed', ...(reason === undefined ? {} : { reason }) };
  }
  if (state !== 'ready' || endpoint === undefined || certificateAuthority === undefined) {
    return { apiServer: 'starting' };
  }
  const target = { port: Number(new URL(endpoint).port), certificateAuthority };
  const answers = await answersReady(host, target);
  return { endpoint, apiServer: answers ? 'answers' : 'silent' };
}
