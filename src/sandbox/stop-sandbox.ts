import { ToolError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import { endLeftControlPlanes } from './cluster/end-control-plane.ts';
import { sandboxHealth } from './health.ts';
import { readSandboxInfo, removeSandboxInfo, type SandboxInfo } from './info.ts';
import type { SandboxSettings } from './settings.ts';

type Place = Pick<SandboxSettings, 'directory'>;

const patienceMs = 10_000;
const pollMs = 50;

/** Held while the sandbox of this directory is started or ended. */
export function lockPath(settings: Place): string {
  return `${settings.directory}/sandbox.lock`;
}

/** Ends the sandbox of this directory, with what one that was killed left running, and nothing else. */
export async function stopSandbox(host: Host, settings: Place): Promise<'stopped' | 'not-running'> {
  if ((await host.files.stat(settings.directory)) === undefined) return 'not-running';
  return host.locks.withLock(lockPath(settings), () => endSandbox(host, settings));
}

/** `stopSandbox` for who holds the lock. */
export async function endSandbox(host: Host, settings: Place): Promise<'stopped' | 'not-running'> {
  const ended = await endDaemon(host, settings);
  // A daemon that came to its end has none left.
  await endLeftControlPlanes(host, settings.directory);
  return ended;
}

async function endDaemon(host: Host, settings: Place): Promise<'stopped' | 'not-running'> {
  const info = await readSandboxInfo(host, settings.directory);
  if (info === undefined) return 'not-running';
  const health = await sandboxHealth(host, info);
  if (health === 'gone') {
    await removeSandboxInfo(host, settings.directory);
    return 'not-running';
  }
  // The gateway ends the emulator, and the emulator ends by itself when the gateway is gone.
  host.processes.signal(info.gatewayPid, 'SIGTERM');
  if (!(await areGone(host, info))) {
    host.processes.signal(info.gatewayPid, 'SIGKILL');
    if (!(await areGone(host, info))) {
      throw new ToolError({
        what: `processes ${info.gatewayPid} and ${info.emulatorPid} of the sandbox do not end`,
        where: settings.directory,
        next: `end them by hand: kill -9 ${info.gatewayPid} ${info.emulatorPid}`,
      });
    }
  }
  await removeSandboxInfo(host, settings.directory);
  return 'stopped';
}

async function areGone(host: Host, info: SandboxInfo): Promise<boolean> {
  const alive = () =>
    [info.gatewayPid, info.emulatorPid].some((pid) => host.processes.isAlive(pid));
  const deadline = host.clock.now() + patienceMs;
  while (alive()) {
    if (host.clock.now() > deadline) return false;
    await host.clock.sleep(pollMs);
  }
  return true;
}
