import { ToolError, UserError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import { withoutAwsSettings } from './environment.ts';
import { sandboxHealth } from './health.ts';
import { readSandboxInfo, type SandboxInfo, writeSandboxInfo } from './info.ts';
import { installEmulator } from './install-emulator.ts';
import { logTail, rotateLog } from './log-file.ts';
import { type SandboxSettings, writeSandboxSettings } from './settings.ts';
import { makeStateBucket } from './state-buckets.ts';
import { endSandbox, lockPath } from './stop-sandbox.ts';

const startTimeoutMs = 120_000;
const pollMs = 50;

/**
 * The running sandbox, started when it is down. Two starts at the same time meet at a lock and get
 * the same one. One that runs costs a request.
 *
 * @throws UserError when one runs here that cannot serve: another account, no control planes
 * @throws ToolError when it cannot be installed (69) or does not come up
 */
export async function startSandbox(
  host: Host,
  settings: SandboxSettings,
  onProgress: (line: string) => void,
): Promise<SandboxInfo> {
  const running = await runningSandbox(host, settings);
  if (running !== undefined && lacking(running, settings).length === 0) return running;
  await host.files.makeDirectory(settings.directory, { mode: 0o700 });
  return host.locks.withLock(
    lockPath(settings),
    async () => {
      const info =
        (await runningSandbox(host, settings)) ?? (await launch(host, settings, onProgress));
      return withBuckets(host, settings, info);
    },
    (holder) => onProgress(`process ${holder} is starting the sandbox, waiting for it`),
  );
}

async function runningSandbox(
  host: Host,
  settings: SandboxSettings,
): Promise<SandboxInfo | undefined> {
  const info = await readSandboxInfo(host, settings.directory);
  if (info === undefined || (await sandboxHealth(host, info)) !== 'up') return undefined;
  const other = otherThanWanted(info, settings);
  if (other === undefined) return info;
  throw new UserError({
    what: `the running sandbox ${other}`,
    where: settings.directory,
    next: 'end it, with all that is in it: platform sandbox reset',
  });
}

function otherThanWanted(info: SandboxInfo, settings: SandboxSettings): string | undefined {
  if (info.account !== settings.account) {
    return `has account "${info.account}", wanted "${settings.account}"`;
  }
  const { kubernetes } = settings;
  // An older version of this CLI started it: its clusters would never have an API server.
  return kubernetes !== undefined && info.versions.kubernetes === undefined
    ? 'can make no control planes'
    : undefined;
}

async function launch(
  host: Host,
  settings: SandboxSettings,
  onProgress: (line: string) => void,
): Promise<SandboxInfo> {
  await endSandbox(host, settings);
  const { emulatorDirectory: directory, python } = settings;
  await installEmulator(host, { directory, python, onProgress });
  await writeSandboxSettings(host, settings);
  const log = `${settings.directory}/gateway.log`;
  await rotateLog(host, log);
  onProgress('starting the sandbox (AWS emulator and gateway)');
  const cli = `${host.machine.packageDirectory}/bin/platform.js`;
  const pid = host.processes.startDaemon(
    {
      argv: [host.machine.nodePath, cli, 'sandbox', 'serve', '--directory', settings.directory],
      cwd: settings.directory,
      env: withoutAwsSettings(host.env),
    },
    log,
  );
  const deadline = host.clock.now() + startTimeoutMs;
  while (pid !== undefined && host.processes.isAlive(pid) && host.clock.now() < deadline) {
    const info = await readSandboxInfo(host, settings.directory);
    if (info?.gatewayPid === pid && (await sandboxHealth(host, info)) === 'up') return info;
    await host.clock.sleep(pollMs);
  }
  if (pid !== undefined) host.processes.signal(pid, 'SIGTERM');
  throw new ToolError({
    what: `the sandbox did not start: ${await logTail(host, log)}`,
    where: log,
    next: 'read the log, then try: platform sandbox reset',
  });
}

function lacking(info: SandboxInfo, settings: SandboxSettings): readonly string[] {
  return settings.buckets.filter((bucket) => !info.buckets.includes(bucket));
}

async function withBuckets(
  host: Host,
  settings: SandboxSettings,
  info: SandboxInfo,
): Promise<SandboxInfo> {
  const missing = lacking(info, settings);
  if (missing.length === 0) return info;
  for (const bucket of missing) await makeStateBucket(host, info, settings.region, bucket);
  const complete = { ...info, buckets: [...info.buckets, ...missing] };
  await writeSandboxInfo(host, settings.directory, complete);
  return complete;
}
