/** A process to run, as a value: built by `tools`, printed by `--verbose`, run by the host alone. */
export interface Command {
  /** Program and arguments; never a shell line. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The child's whole environment: nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where a child's output goes. A child that must outlive us writes to files: a broken pipe would end it. */
export type Output =
  | { readonly kind: 'capture'; readonly stdin?: string }
  | {
      readonly kind: 'files';
      readonly stdout: string;
      readonly stderr: string;
      /** Standard input is a pipe that nobody writes to: the child sees it close when we end, however we end. */
      readonly stdinPipe?: boolean;
    };

export interface ProcessResult {
  /** Null when a signal ended the child or it could not be started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Set when no process came to be. */
  readonly notStarted?: 'not-found' | 'not-executable' | 'other';
  /** Empty unless captured. */
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export interface RunningChild {
  /** Undefined when no process came to be; `ended` then says why. */
  readonly pid: number | undefined;
  /** Never rejects: a failure to start is a result too. */
  readonly ended: Promise<ProcessResult>;
}

/** Every child gets a session and process group of its own and no standard input of ours. */
export interface Processes {
  start(command: Command, output: Output): RunningChild;
  /** `start` with captured output, awaited. */
  run(command: Command): Promise<ProcessResult>;
  /** Starts a process that lives on after us, its output in `logFile`; undefined when it could not be started. */
  startDaemon(command: Command, logFile: string): number | undefined;
  /** False when there is no such process (any more). */
  signal(pid: number, signal: NodeJS.Signals): boolean;
  /** SIGTERM to the process groups of all children, and none is started after it; for stops before any apply. */
  terminateAll(): void;
  isAlive(pid: number): boolean;
  /** Of all processes of the machine; none where the system does not tell. */
  pids(): readonly number[];
  /** The parent's pid; undefined where the system does not tell. */
  parentOf(pid: number): number | undefined;
  /** Program and arguments that a process was started with; undefined where the system does not tell. */
  argvOf(pid: number): readonly string[] | undefined;
  /** The process group; undefined where the system does not tell. */
  groupOf(pid: number): number | undefined;
}
