import type { Host } from '../host/host.ts';

/** Enough for any traceback; a log of a whole day of retried errors is cut to its end. */
const keptBytes = 1024 * 1024;

/** Puts the log of the last start aside (the end of it), so that the new one begins empty. */
export async function rotateLog(host: Host, path: string): Promise<void> {
  const stat = await host.files.stat(path);
  if (stat === undefined) return;
  const end = await host.files.readFrom(path, Math.max(0, stat.size - keptBytes));
  await host.files.writeAtomic(`${path}.previous`, end, { mode: 0o600 });
  await host.files.remove(path);
}

/** The last lines of a log, on one line, for an error message. */
export async function logTail(host: Host, path: string): Promise<string> {
  const stat = await host.files.stat(path);
  if (stat === undefined || stat.size === 0) return 'its log is empty';
  const end = await host.files.readFrom(path, Math.max(0, stat.size - 4096));
  return new TextDecoder().decode(end).trim().split('\n').slice(-5).join(' | ');
}
