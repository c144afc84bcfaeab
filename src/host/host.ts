import type { Processes } from './command.ts';
import type { Files } from './files.ts';
import type { Http } from './http.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface Terminal {
  readonly stdinIsTty: boolean;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  columns(): number;
  rows(): number;
  writeOut(text: string): void;
  writeErr(text: string): void;
  /** For a view that redraws. */
  readonly errStream: NodeJS.WriteStream;
}

export type LockAttempt =
  | {
      readonly kind: 'held';
      /** Removes the lock file, unless it is somebody else's by now. */
      release(): Promise<void>;
    }
  | {
      readonly kind: 'taken';
      readonly pid: number;
      /** What the holder left there; empty for one that left nothing. */
      readonly note: string;
      readonly sinceMs: number;
    };

export interface Locks {
  /**
   * Holds the lock file at `path` while `action` runs. A lock whose holder is dead is taken over.
   * `onWait` is called once, with the holder's pid, when somebody else has it.
   */
  withLock<T>(
    path: string,
    action: () => Promise<T>,
    onWait?: (holder: number) => void,
  ): Promise<T>;
  /**
   * Takes the lock file at `path` if nobody has it, and waits for no holder; the folder must be there.
   * A lock whose holder is dead is taken over, one that this process holds itself is taken.
   *
   * @param note for whom it turns away to read
   */
  tryLock(path: string, note: string): Promise<LockAttempt>;
}

export type InterruptSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface Signals {
  /** Calls back for each signal received; the returned function stops that. */
  onInterrupt(callback: (signal: InterruptSignal) => void): () => void;
}

export interface Prompts {
  confirm(message: string): Promise<boolean>;
  /** Resolves to what was typed. */
  input(message: string): Promise<string>;
  select(message: string, choices: readonly string[]): Promise<string>;
}

export interface Machine {
  readonly platform: string;
  /** Go's names: amd64, arm64. */
  readonly arch: string;
  readonly cores: number;
  availableMemoryBytes(): Promise<number>;
  readonly homeDirectory: string;
  readonly user: string;
  readonly pid: number;
  readonly hostname: string;
  /** The folder that holds package.json of this CLI. */
  readonly packageDirectory: string;
  /** The Node.js binary that runs us. */
  readonly nodePath: string;
  randomHex(bytes: number): string;
}

/** Everything outside this process. Built once at the top; tests build a fake whose unmatched calls throw. */
export interface Host {
  readonly processes: Processes;
  readonly files: Files;
  readonly http: Http;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly signals: Signals;
  readonly prompts: Prompts;
  readonly machine: Machine;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}
