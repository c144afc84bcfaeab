import type { KubernetesSettings } from '../cluster/kwokctl.ts';

export interface GatewaySettings {
  readonly emulatorPort: number;
  readonly account: string;
  /** Of a request that names none. */
  readonly region: string;
  readonly storePath: string;
  readonly sandboxDirectory: string;
  /** What control planes are made of; undefined: clusters have none. */
  readonly kubernetes: KubernetesSettings | undefined;
  /** What `/_platform/health` answers, beside `ready: true`. */
  readonly identity: object;
}
