import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import type { Command, Output, Processes, ProcessResult, RunningChild } from '../command.ts';

/** The one place where a process is started, in one shape: own session, no inherited environment, no shell. */
export function createProcesses(
  now: () => number,
  onStart: (command: Command) => void = () => {},
): Processes {
  const alive = new Set<number>();
  let closed = false;
  const start = (command: Command, output: Output): RunningChild => {
    if (closed) return neverStarted('everything was told to stop');
    onStart(command);
    const child = startChild(command, output, now);
    const { pid } = child;
    if (pid === undefined) return child;
    alive.add(pid);
    return { pid, ended: child.ended.finally(() => alive.delete(pid)) };
  };
  return {
    start,
    run: (command) => start(command, { kind: 'capture' }).ended,
    startDaemon,
    signal,
    terminateAll: () => {
      closed = true;
      for (const pid of alive) signal(-pid, 'SIGTERM');
    },
    isAlive: (pid) => signal(pid, 0),
    pids,
    parentOf: (pid) => statField(pid, 1),
    argvOf,
    groupOf: (pid) => statField(pid, 2),
  };
}

function startChild(command: Command, output: Output, now: () => number): RunningChild {
  const startedAt = now();
  const [file, ...args] = command.argv;
  let opened: ReturnType<typeof openOutput>;
  try {
    opened = openOutput(output);
  } catch (error) {
    return neverStarted(`its output cannot be kept: ${(error as Error).message}`);
  }
  const child = execa(file, args, {
    cwd: command.cwd,
    env: command.env,
    extendEnv: false,
    // A session of its own: the terminal's Ctrl-C and SIGHUP reach us, not the child.
    detached: true,
    // execa would otherwise end children on our exit, and SIGKILL them 5 s after a signal.
    // https://github.com/sindresorhus/execa/blob/main/docs/termination.md
    cleanup: false,
    forceKillAfterDelay: false,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 1024 ** 3,
    ...(opened === undefined
      ? captureOptions(output)
      : {
          stdio: [opened.stdin, opened.stdout, opened.stderr] as const,
          buffer: false,
        }),
  });
  const ended = child.then((result): ProcessResult => {
    const problem = notStarted(result.code);
    return {
      exitCode: result.exitCode ?? null,
      signal: result.signal ?? null,
      ...(result.exitCode === undefined && result.signal === undefined && problem !== undefined
        ? { notStarted: problem }
        : {}),
      stdout: typeof result.stdout === 'string' ? result.stdout : '',
      stderr: typeof result.stderr === 'string' ? result.stderr : '',
      durationMs: now() - startedAt,
    };
  });
  if (opened !== undefined) {
    closeSync(opened.stdout);
    closeSync(opened.stderr);
  }
  return { pid: child.pid, ended };
}

function neverStarted(stderr: string): RunningChild {
  const result = { exitCode: null, signal: null, notStarted: 'other', stdout: '', stderr } as const;
  return { pid: undefined, ended: Promise.resolve({ ...result, durationMs: 0 }) };
}

function captureOptions(output: Output) {
  return output.kind === 'capture' && output.stdin !== undefined
    ? ({ input: output.stdin } as const)
    : ({ stdin: 'ignore' } as const);
}

function openOutput(output: Output) {
  if (output.kind === 'capture') return undefined;
  return {
    stdin: output.stdinPipe === true ? ('pipe' as const) : ('ignore' as const),
    stdout: openLog(output.stdout),
    stderr: openLog(output.stderr),
  };
}

/**
 * A plain descriptor: the child writes to the file itself, and goes on when we are gone.
 * execa's types name only 1 and 2; any open descriptor is handed to the child as it is.
 */
function openLog(path: string): 1 | 2 {
  return openSync(path, 'a', 0o600) as 1 | 2;
}

function notStarted(code: string | undefined): ProcessResult['notStarted'] {
  if (code === undefined) return undefined;
  if (code === 'ENOENT') return 'not-found';
  if (code === 'EACCES') return 'not-executable';
  return 'other';
}

function startDaemon(command: Command, logFile: string): number | undefined {
  const [file, ...args] = command.argv;
  const log = openLog(logFile);
  const child = execa(file, args, {
    cwd: command.cwd,
    env: command.env,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  return child.pid;
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    // EPERM: it is there, and it is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM' && name === 0;
  }
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** /proc/<pid>/cmdline, empty for a process that has ended and was not waited for yet. proc(5) */
function argvOf(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
  } catch {
    return undefined;
  }
}

/** Fields of /proc/<pid>/stat behind the name, which may hold spaces and parentheses. proc(5) */
function statField(pid: number, index: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const value = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[index]);
    return Number.isInteger(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
