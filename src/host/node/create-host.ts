import type { Command } from '../command.ts';
import type { Clock, Host, InterruptSignal, Signals, Terminal } from '../host.ts';
import { nodeFiles } from './files.ts';
import { createHttp } from './http.ts';
import { createLocks } from './locks.ts';
import { readMachine } from './machine.ts';
import { createProcesses } from './processes.ts';
import { nodePrompts } from './prompts.ts';

const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const terminal: Terminal = {
  stdinIsTty: process.stdin.isTTY === true,
  stdoutIsTty: process.stdout.isTTY === true,
  stderrIsTty: process.stderr.isTTY === true,
  columns: () => process.stderr.columns ?? process.stdout.columns ?? 80,
  rows: () => process.stderr.rows ?? process.stdout.rows ?? 24,
  writeOut: (text) => void process.stdout.write(text),
  writeErr: (text) => void process.stderr.write(text),
  errStream: process.stderr,
};

// A reader that went away (`| head -1`) must not end an apply that is under way.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const INTERRUPTS: readonly InterruptSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const signals: Signals = {
  onInterrupt(callback) {
    const listeners = INTERRUPTS.map((name) => {
      const listener = () => callback(name);
      process.on(name, listener);
      return () => void process.off(name, listener);
    });
    return () => {
      for (const stop of listeners) stop();
    };
  },
};

export interface NodeHostOptions {
  readonly cwd?: string;
  /** Says every command that is run on standard error. */
  readonly verbose?: boolean;
}

export function createNodeHost(options: NodeHostOptions = {}): Host {
  const say = (command: Command) => {
    terminal.writeErr(`+ (cd ${command.cwd} && ${command.argv.join(' ')})\n`);
  };
  const processes = createProcesses(clock.now, options.verbose === true ? say : undefined);
  const machine = readMachine();
  return {
    processes,
    files: nodeFiles,
    http: createHttp(),
    locks: createLocks(nodeFiles, clock, processes.isAlive, machine.pid),
    clock,
    terminal,
    signals,
    prompts: nodePrompts,
    machine,
    env: definedOnly(process.env),
    cwd: options.cwd ?? process.cwd(),
  };
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
