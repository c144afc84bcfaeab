import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { Files } from '../files.ts';
import type { Clock, LockAttempt, Locks } from '../host.ts';

const POLL_MS = 100;
const UNFINISHED_MS = 5000;

/**
 * Lock files that hold `<pid> <token>` of their owner and, below that line, its note. Node.js has no
 * flock; a file made with O_EXCL is atomic on every local file system, and a dead owner is recognised
 * by its pid.
 */
export function createLocks(
  files: Files,
  clock: Clock,
  isAlive: (pid: number) => boolean,
  ownPid: number,
): Locks {
  /** Undefined: nobody to name, so look again. */
  async function attempt(path: string, note: string): Promise<LockAttempt | undefined> {
    const content = `${ownPid} ${randomBytes(8).toString('hex')}${note === '' ? '' : `\n${note}`}`;
    if (await files.createExclusive(path, content, { mode: 0o600 })) {
      const release = async () => {
        if ((await files.read(path)) === content) await files.remove(path);
      };
      return { kind: 'held', release };
    }
    if (await isAbandoned(path)) {
      return (await removeAbandoned(path)) ? attempt(path, note) : undefined;
    }
    const [text, stat] = [await textOf(path), await files.stat(path)];
    const pid = holderOf(text);
    if (text === undefined || pid === undefined || stat === undefined) return undefined;
    return { kind: 'taken', pid, note: noteOf(text), sinceMs: stat.modifiedMs };
  }

  /** kubectl's lock on a kubeconfig is an empty file that nobody may read. */
  async function textOf(path: string): Promise<string | undefined> {
    return (await files.stat(path))?.size === 0 ? '' : files.read(path);
  }

  async function isAbandoned(path: string): Promise<boolean> {
    const text = await textOf(path);
    if (text === undefined) return false;
    const pid = holderOf(text);
    if (pid !== undefined) return !isAlive(pid);
    // Being written right now, or its writer died in between.
    const written = (await files.stat(path))?.modifiedMs ?? clock.now();
    return clock.now() - written > UNFINISHED_MS;
  }

  /**
   * Only who holds the guard file removes, and looks again before it does: of many that saw the same dead
   * holder, one removes it, and none removes the lock of whoever came next. A guard whose maker died is
   * itself an abandoned lock. Resolves to whether it was us.
   */
  async function removeAbandoned(path: string): Promise<boolean> {
    const guard = `${path}.takeover`;
    if (!(await files.createExclusive(guard, `${ownPid} takeover`, { mode: 0o600 }))) {
      if (await isAbandoned(guard)) await removeAbandoned(guard);
      return false;
    }
    try {
      if (!(await isAbandoned(path))) return false;
      await files.remove(path);
      return true;
    } finally {
      await files.remove(guard);
    }
  }

  return {
    async withLock(path, action, onWait) {
      await files.makeDirectory(dirname(path));
      let told = false;
      for (;;) {
        const lock = await attempt(path, '');
        if (lock?.kind === 'held') {
          try {
            return await action();
          } finally {
            await lock.release();
          }
        }
        if (!told && lock !== undefined) {
          told = true;
          onWait?.(lock.pid);
        }
        await clock.sleep(POLL_MS);
      }
    },
    async tryLock(path, note) {
      for (;;) {
        const lock = await attempt(path, note);
        if (lock !== undefined) return lock;
        // Somebody writes, frees or takes over right now: over in a moment, or abandoned.
        await clock.sleep(POLL_MS);
      }
    },
  };
}

/** The pid, if it is whole: a full disk may have cut it off. */
function holderOf(text: string | undefined): number | undefined {
  const pid = Number(/^(\d+) /.exec(text ?? '')?.[1]);
  return pid > 0 ? pid : undefined;
}

function noteOf(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? '' : text.slice(end + 1);
}
