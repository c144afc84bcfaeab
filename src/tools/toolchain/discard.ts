import type { Host } from '../../host/host.ts';

type Discards = Pick<Host, 'files' | 'processes' | 'machine' | 'env'>;

const MARK = '.discarded-';

/** A folder that was given up, and that nobody came to remove: the machine went down. */
export function isDiscarded(name: string): boolean {
  return name.includes(MARK);
}

/**
 * Gets rid of a folder that may hold gigabytes in a hundred thousand files. It is out of the way at once
 * and removed by a process that outlives us: someone who presses Ctrl-C does not wait for it, and a
 * second Ctrl-C does not leave it behind.
 */
export async function discard(host: Discards, folder: string): Promise<void> {
  if ((await host.files.stat(folder)) === undefined) return;
  const aside = `${folder}${MARK}${host.machine.randomHex(4)}`;
  await host.files.rename(folder, aside);
  const pid = host.processes.startDaemon(
    { argv: ['rm', '-rf', '--', aside], cwd: '/', env: host.env },
    '/dev/null',
  );
  if (pid === undefined) await host.files.remove(aside);
}
