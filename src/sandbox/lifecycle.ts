export { sandboxEnvironment, withoutAwsSettings } from './environment.ts';
export type { SandboxInfo } from './info.ts';
export { pruneEmulators } from './install-emulator.ts';
export { resetSandbox } from './reset-sandbox.ts';
export { type SandboxStatus, sandboxStatus } from './sandbox-status.ts';
export { serveSandbox } from './serve-sandbox.ts';
export { readSandboxSettings, type SandboxSettings } from './settings.ts';
export { startSandbox } from './start-sandbox.ts';
export { stopSandbox } from './stop-sandbox.ts';
