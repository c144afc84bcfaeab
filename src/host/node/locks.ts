import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { Files } from '../files.ts';
import type { Clock, Locks } from '../host.ts';

const POLL_MS = 100;
const UNFINISHED_MS = 5000;

/**
 * Lock files that hold their owner's pid. Node.js has no flock; a file made with O_EXCL is atomic on
 * every local file system, and a dead owner is recognised by its pid.
 */
export function createLocks(
  files: Files,
  clock: Clock,
  isAlive: (pid: number) => boolean,
  ownPid: number,
): Locks {
  return {
    async withLock(path, action, onWait) {
      await files.makeDirectory(dirname(path));
      const token = `${ownPid} ${randomBytes(8).toString('hex')}`;
      let told = false;
      while (!(await files.createExclusive(path, token, { mode: 0o600 }))) {
        const holder = await holderOf(files, path);
        if (holder === undefined) {
          // Being written right now, or its writer died in between.
          const written = (await files.stat(path))?.modifiedMs ?? clock.now();
          if (clock.now() - written > UNFINISHED_MS) await takeAway(files, path, '');
        } else if (!isAlive(holder.pid)) {
          await takeAway(files, path, holder.token);
          continue;
        }
        if (!told && holder !== undefined) onWait?.(holder.pid);
        told = true;
        await clock.sleep(POLL_MS);
      }
      try {
        return await action();
      } finally {
        if ((await files.read(path)) === token) await files.remove(path);
      }
    },
  };
}

async function holderOf(files: Files, path: string) {
  const token = await files.read(path);
  const pid = Number(token?.split(' ')[0]);
  return token === undefined || !Number.isInteger(pid) || pid <= 0 ? undefined : { pid, token };
}

/** Renamed before it is removed: of two that find the same dead holder, one wins and the other finds nothing. */
async function takeAway(files: Files, path: string, token: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await files.rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // A new holder may have come between our look and the rename: put its lock back.
  if ((await files.read(aside)) !== token) await files.rename(aside, path);
  else await files.remove(aside);
}
