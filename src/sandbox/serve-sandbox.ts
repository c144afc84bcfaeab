import type { Host } from '../host/host.ts';
import { type RunningEmulator, startEmulator, stopEmulator } from './emulator.ts';
import { startGateway } from './gateway/gateway.ts';
import { removeSandboxInfo, type SandboxInfo, writeSandboxInfo } from './info.ts';
import { installEmulator } from './install-emulator.ts';
import { rotateLog } from './log-file.ts';
import type { SandboxSettings } from './settings.ts';
import { storePath } from './store-file.ts';

/**
 * The daemon: emulator and gateway, until a signal comes or the emulator ends. Resolves after both
 * are gone and the info file is removed.
 */
export async function serveSandbox(host: Host, settings: SandboxSettings): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    host.signals.onInterrupt(() => resolve());
  });
  const log = (line: string) => host.terminal.writeErr(`${line}\n`);
  const { emulatorDirectory: directory, python } = settings;
  const installed = await installEmulator(host, { directory, python, onProgress: log });
  const emulatorLog = `${settings.directory}/emulator.log`;
  await rotateLog(host, emulatorLog);
  // What the emulator knew is gone with its memory, so the clusters go too.
  await host.files.remove(storePath(settings.directory));
  const emulator = await startEmulator(host, {
    python: installed.python,
    account: settings.account,
    logFile: emulatorLog,
    cwd: settings.directory,
  });
  try {
    await serveWith(host, settings, emulator, installed.version, interrupted);
  } finally {
    await removeSandboxInfo(host, settings.directory);
    await stopEmulator(host, emulator);
  }
}

async function serveWith(
  host: Host,
  settings: SandboxSettings,
  emulator: RunningEmulator,
  version: string,
  interrupted: Promise<void>,
): Promise<void> {
  const bootId = host.machine.randomHex(16);
  const gateway = await startGateway(host, {
    emulatorPort: emulator.port,
    account: settings.account,
    region: settings.region,
    storePath: storePath(settings.directory),
    sandboxDirectory: settings.directory,
    kubernetes: settings.kubernetes,
    identity: { bootId },
  });
  const info: SandboxInfo = {
    schema: 1,
    bootId,
    gatewayPid: host.machine.pid,
    gatewayPort: gateway.port,
    emulatorPid: emulator.pid,
    emulatorPort: emulator.port,
    startedAt: host.clock.now(),
    account: settings.account,
    region: settings.region,
    buckets: [],
    versions: { emulator: version, kubernetes: settings.kubernetes?.directory },
  };
  await writeSandboxInfo(host, settings.directory, info);
  await Promise.race([
    interrupted,
    emulator.ended.then(() => host.terminal.writeErr('the emulator ended, so does the gateway\n')),
  ]);
  await gateway.close();
}
