import type { Host } from '../host/host.ts';
import { type SandboxHealth, sandboxHealth } from './health.ts';
import { readSandboxInfo, type SandboxInfo } from './info.ts';
import type { SandboxSettings } from './settings.ts';
import { readStore } from './store-file.ts';

export type SandboxStatus =
  | { readonly kind: 'down' }
  | {
      readonly kind: Exclude<SandboxHealth, 'gone'>;
      readonly info: SandboxInfo;
      readonly clusters: readonly { readonly name: string; readonly version: string }[];
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
  const clusters = Object.values(store?.clusters ?? {}).map(({ fields }) => ({
    name: fields.name,
    version: fields.version,
  }));
  return { kind: health, info, clusters };
}
