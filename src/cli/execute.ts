import type { Command } from 'commander';
import { PlatformError, type Problem } from '../domain/errors.ts';
import type { Event } from '../domain/events.ts';
import { EXIT, SIGNAL_EXIT } from '../domain/exit-code.ts';
import type { Host, InterruptSignal } from '../host/host.ts';
import type { Display } from '../ui/display.ts';
import type { Paint } from '../ui/paint.ts';
import { type GlobalOptions, readGlobalOptions } from './global-options.ts';

/** What a command's action gets: the outside world, and where to say things. */
export interface Invocation {
  readonly host: Host;
  readonly options: GlobalOptions;
  readonly paint: Paint;
  readonly emit: (event: Event) => void;
  /** The program with the global options that a pasted command needs too. */
  readonly program: string;
  /** The result, for standard output. */
  print(text: string): void;
  /** The result as JSON, when that was asked for; then `print` is not to be used. */
  printJson(value: unknown): void;
}

export type Execute = (
  action: (invocation: Invocation) => Promise<number>,
  behaviour?: { readonly ownSignals: boolean },
) => Promise<void>;

const TIDY_UP_MS = 5000;

/** Runs one action: host and display around it, errors and signals turned into what people and scripts read. */
export function createExecute(program: Command, setExitCode: (code: number) => void): Execute {
  return async (action, behaviour) => {
    const options = readGlobalOptions(program);
    const { createNodeHost } = await import('../host/node/create-host.ts');
    const { createDisplay } = await import('./create-display.ts');
    const nodeHost = createNodeHost({ verbose: options.verbose });
    const { display, paint } = await createDisplay(nodeHost, options);
    const host = askingAlone(nodeHost, display);
    let runIsOn = false;
    let stoppedBy: InterruptSignal | undefined;
    const stopListening = host.signals.onInterrupt((signal) => {
      // During a run its own handlers know what to do; before and after it nothing needs saving.
      if (runIsOn || behaviour?.ownSignals === true) return;
      if (stoppedBy !== undefined) process.exit(SIGNAL_EXIT[stoppedBy]);
      stoppedBy = signal;
      // What waits for a child fails now and tidies up behind itself; what waits for something else is left.
      host.processes.terminateAll();
      setTimeout(() => process.exit(SIGNAL_EXIT[signal]), TIDY_UP_MS).unref();
    });
    const emit = (event: Event) => {
      if (event.type === 'run-started') runIsOn = true;
      if (event.type === 'run-ended') runIsOn = false;
      display.show(event);
    };
    try {
      const exitCode = await action({
        host,
        options,
        paint,
        emit,
        program: programName(host.env, options),
        print: (text) => {
          display.pause();
          host.terminal.writeOut(text);
        },
        printJson: (value) => {
          display.pause();
          host.terminal.writeOut(`${JSON.stringify(value, null, 2)}\n`);
        },
      });
      display.end();
      setExitCode(exitCode);
    } catch (error) {
      display.end();
      if (stoppedBy === undefined) setExitCode(report(error, host, options, paint));
      else {
        host.terminal.writeErr(`stopped by ${stoppedBy} before a run began\n`);
        setExitCode(SIGNAL_EXIT[stoppedBy]);
      }
    } finally {
      stopListening();
    }
  };
}

/** A view that redraws would wipe a question away. */
function askingAlone(host: Host, display: Display): Host {
  const { confirm, input, select } = host.prompts;
  const alone = <T>(ask: () => Promise<T>): Promise<T> => {
    display.pause();
    return ask();
  };
  return {
    ...host,
    prompts: {
      confirm: (message) => alone(() => confirm(message)),
      input: (message) => alone(() => input(message)),
      select: (message, choices) => alone(() => select(message, choices)),
    },
  };
}

/** As the person called it, so that a suggested command can be pasted. */
function programName(env: Host['env'], { directory }: GlobalOptions): string {
  const name = env.npm_lifecycle_event === 'npx' ? 'npx platform' : 'platform';
  return directory === undefined ? name : `${name} -C ${directory}`;
}

/** Three parts: what, where, what to do. Anything that is not ours is a bug, and says how to report it. */
function report(error: unknown, host: Host, options: GlobalOptions, paint: Paint): number {
  const { problem, exitCode } =
    error instanceof PlatformError ? error : { problem: bugProblem(error), exitCode: EXIT.bug };
  if (options.json) {
    host.terminal.writeOut(`${JSON.stringify({ schema: 1, error: problem, exitCode }, null, 2)}\n`);
  }
  const lines = [
    `${paint.bad('error')}: ${problem.what}`,
    ...(problem.where === undefined ? [] : [`  where: ${problem.where}`]),
    ...(problem.next === undefined ? [] : [`  next:  ${problem.next}`]),
  ];
  host.terminal.writeErr(`${lines.join('\n')}\n`);
  return exitCode;
}

function bugProblem(error: unknown): Problem {
  return {
    what: `a bug of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    next: 'please report it with the newest folder under .platform/runs',
  };
}
