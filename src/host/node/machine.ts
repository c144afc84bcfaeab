import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../host.ts';

const GO_ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

export function readMachine(): Machine {
  return {
    platform: os.platform(),
    arch: GO_ARCHITECTURES[os.arch()] ?? os.arch(),
    cores: os.availableParallelism(),
    availableMemoryBytes,
    homeDirectory: os.homedir(),
    user: userName(),
    pid: process.pid,
    hostname: os.hostname(),
    // src/host/node and dist/host/node lie equally deep.
    packageDirectory: fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, ''),
    nodePath: process.execPath,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  };
}

/** Linux counts caches as used in os.freemem(); MemAvailable does not. proc(5) */
async function availableMemoryBytes(): Promise<number> {
  try {
    const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'));
    if (kibibytes?.[1] !== undefined) {
      return Math.min(Number(kibibytes[1]) * 1024, containerMemoryBytes());
    }
  } catch {
    // Not Linux.
  }
  // macOS counts what it could free at once as used.
  return Math.max(os.freemem(), os.totalmem() / 2);
}

/** A container's limit; infinite where there is none. */
function containerMemoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < os.totalmem() ? limit : Number.POSITIVE_INFINITY;
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A container may run under a uid without a passwd entry.
    return String(process.getuid?.() ?? 'unknown');
  }
}
