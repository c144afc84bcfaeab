import type { Command, ProcessResult } from '../host/command.ts';
import type { Host } from '../host/host.ts';

export interface Bounds {
  readonly timeoutMs: number;
  /** Aborted when a person stops the run: the process is ended then too. */
  readonly signal?: AbortSignal | undefined;
  readonly stdin?: string | undefined;
}

export interface BoundedResult extends ProcessResult {
  /** Why we ended it; undefined when it ended by itself. */
  readonly endedBy: 'deadline' | 'interrupt' | undefined;
}

/**
 * Runs a process that may hang for ever: kubectl's own timeouts bind neither a server that accepts and
 * never answers nor a credential plugin. At the deadline the whole process group is killed. Only for
 * what leaves nothing half done: never for Terraform.
 */
export async function runBounded(
  host: Pick<Host, 'processes' | 'clock'>,
  command: Command,
  { timeoutMs, signal, stdin }: Bounds,
): Promise<BoundedResult> {
  const child = host.processes.start(command, {
    kind: 'capture',
    ...(stdin === undefined ? {} : { stdin }),
  });
  const { pid } = child;
  let endedBy: BoundedResult['endedBy'];
  const end = (why: 'deadline' | 'interrupt') => {
    if (pid === undefined || endedBy !== undefined) return;
    endedBy = why;
    host.processes.signal(-pid, 'SIGKILL');
  };
  const timer = setTimeout(() => end('deadline'), timeoutMs);
  const onAbort = () => end('interrupt');
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const result = await child.ended;
    return { ...result, endedBy };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
