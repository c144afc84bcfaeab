import { join } from 'node:path';
import type { Host, InterruptSignal } from '../../host/host.ts';

/** A third signal this soon after the second is meant: it is forwarded and state may be lost. */
const FORCE_WINDOW_MS = 5000;
/** GitHub cancels with SIGINT and follows it by SIGTERM 7.5 s later: one cancellation, not two. */
const SAME_CANCELLATION_MS = 10_000;

export interface Interruption {
  /** The first signal that came, if any. */
  signal(): InterruptSignal | undefined;
  /** Aborted by the first signal. */
  readonly aborted: AbortSignal;
  stopFile: string;
  /** A unit's process is running; the returned function says that it ended. */
  watch(running: RunningUnit): () => void;
  /** Puts the handlers away. */
  end(): void;
}

export interface RunningUnit {
  readonly unit: string;
  readonly terragruntPid: number | undefined;
  readonly pidsFile: string;
}

/**
 * First signal: nothing more is started and each running Terraform gets exactly one SIGINT. Terragrunt
 * gets none: it would pass a second one on after 15 s and kill after 30 s. The stop file is there
 * before the pids are read, and the shim notes its pid before it looks for the file: nobody is missed.
 */
export function watchInterrupts(
  host: Pick<Host, 'signals' | 'processes' | 'files' | 'clock' | 'env'>,
  directory: string,
  onSignal: (signal: InterruptSignal) => void,
  note: (text: string) => void,
): Interruption {
  const running = new Set<RunningUnit>();
  const stopFile = join(directory, 'stop');
  const abort = new AbortController();
  let first: { readonly signal: InterruptSignal; readonly at: number } | undefined;
  let explainedAt: number | undefined;

  const interruptAll = async (force: boolean) => {
    for (const unit of running) {
      const pids = await terraformPids(host, unit);
      for (const pid of pids) host.processes.signal(pid, 'SIGINT');
      // Without Terraform it is a hook or Terragrunt itself that runs, and there is no state to lose.
      if (force && pids.length === 0 && unit.terragruntPid !== undefined) {
        host.processes.signal(-unit.terragruntPid, 'SIGTERM');
      }
    }
  };
  const names = () => [...running].map(({ unit }) => unit).join(', ');

  const stop = host.signals.onInterrupt((signal) => {
    const now = host.clock.now();
    if (first === undefined) {
      first = { signal, at: now };
      abort.abort();
      onSignal(signal);
      host.files
        .writeAtomic(stopFile, `${signal}\n`)
        // A full disk must not keep the interrupt from those that run.
        .catch((error: unknown) => note(`the stop file could not be written: ${String(error)}`))
        .then(() => interruptAll(false))
        .catch((error: unknown) => note(`the stop could not be passed on: ${String(error)}`));
      return;
    }
    const inCi = host.env.CI === 'true';
    if (inCi && signal === 'SIGTERM' && now - first.at <= SAME_CANCELLATION_MS) return;
    if (explainedAt !== undefined && now - explainedAt <= FORCE_WINDOW_MS) {
      note(`forcing: ${names()} may leave state unsaved and locks held`);
      interruptAll(true).catch((error: unknown) => note(String(error)));
      return;
    }
    // Two presses in a hurry are one wish; only what comes after this explanation can force.
    if (now - first.at < 1000) return;
    explainedAt = now;
    note(
      `still finishing: ${names() || 'nothing'}. Terraform saves its state and frees its locks. Once more within 5 s forces it, and then changes under way are lost from the state`,
    );
  });

  return {
    signal: () => first?.signal,
    aborted: abort.signal,
    stopFile,
    watch: (unit) => {
      running.add(unit);
      return () => running.delete(unit);
    },
    end: stop,
  };
}

/**
 * Pids from the shim that are alive and, where the system tells, still in Terragrunt's process group:
 * pids are reused, and a wrapper may stand between the two.
 */
export async function terraformPids(
  host: Pick<Host, 'files' | 'processes'>,
  unit: RunningUnit,
): Promise<number[]> {
  const text = (await host.files.read(unit.pidsFile)) ?? '';
  const pids = [...new Set(text.split('\n').map(Number))].filter((pid) => pid > 1);
  return pids.filter((pid) => {
    if (!host.processes.isAlive(pid)) return false;
    const group = host.processes.groupOf(pid);
    return group === undefined || group === unit.terragruntPid;
  });
}
