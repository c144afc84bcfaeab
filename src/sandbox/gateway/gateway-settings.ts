export interface GatewaySettings {
  readonly emulatorPort: number;
  readonly account: string;
  /** Of a request that names none. */
  readonly region: string;
  readonly storePath: string;
  readonly endpoint: string;
  readonly certificateAuthorityData: string;
  /** What `/_platform/health` answers, beside `ready: true`. */
  readonly identity: object;
}
