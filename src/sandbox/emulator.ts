import { ToolError } from '../domain/errors.ts';
import type { RunningChild } from '../host/command.ts';
import type { Host } from '../host/host.ts';
import { withoutAwsSettings } from './environment.ts';
import { emulatorFile } from './install-emulator.ts';
import { logTail } from './log-file.ts';

export interface StartEmulator {
  readonly python: string;
  readonly account: string;
  readonly logFile: string;
  readonly cwd: string;
}

export interface RunningEmulator {
  readonly pid: number;
  readonly port: number;
  readonly ended: RunningChild['ended'];
}

const startTimeoutMs = 90_000;
const pollMs = 50;

/** Starts moto on a free port and resolves when it answers. */
export async function startEmulator(host: Host, options: StartEmulator): Promise<RunningEmulator> {
  const port = await host.http.freePort();
  const child = host.processes.start(
    {
      argv: [options.python, emulatorFile(host, 'serve.py'), String(port)],
      cwd: options.cwd,
      env: {
        ...withoutEmulatorSettings(withoutAwsSettings(host.env)),
        MOTO_ACCOUNT_ID: options.account,
        // Else `Policy arn:aws:iam::aws:policy/… does not exist or is not attachable`.
        MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
        // Seconds until a certificate counts as validated; moto's default is 60.
        MOTO_ACM_VALIDATION_WAIT: '1',
        PYTHONUNBUFFERED: '1',
      },
    },
    { kind: 'files', stdout: options.logFile, stderr: options.logFile, stdinPipe: true },
  );
  let over = false;
  const ended = child.ended.then((result) => {
    over = true;
    return result;
  });
  const deadline = host.clock.now() + startTimeoutMs;
  while (!over && child.pid !== undefined && host.clock.now() < deadline) {
    if (await answers(host, port)) return { pid: child.pid, port, ended };
    await host.clock.sleep(pollMs);
  }
  if (child.pid !== undefined) host.processes.signal(child.pid, 'SIGKILL');
  throw new ToolError({
    what: `the AWS emulator did not start: ${await logTail(host, options.logFile)}`,
    where: options.logFile,
    next: 'run: platform sandbox reset',
  });
}

function withoutEmulatorSettings(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(MOTO_|PYTHON(PATH|HOME)$)/.test(name)),
  );
}

async function answers(host: Host, port: number): Promise<boolean> {
  const request = {
    method: 'GET',
    path: '/moto-api/data.json',
    headers: {},
    body: new Uint8Array(),
  };
  try {
    return (await host.http.send(port, request, 10_000)).status === 200;
  } catch {
    return false;
  }
}

const patienceMs = 500;

/** moto sometimes lives on for seconds after a TERM, and has nothing to save: KILL follows. */
export async function stopEmulator(host: Host, emulator: RunningEmulator): Promise<void> {
  if (!host.processes.signal(emulator.pid, 'SIGTERM')) return;
  const gone = emulator.ended.then(() => true);
  const patience = host.clock.sleep(patienceMs).then(() => false);
  if (await Promise.race([gone, patience])) return;
  host.processes.signal(emulator.pid, 'SIGKILL');
  await emulator.ended;
}
