import type { Host, Machine } from '../../../src/host/host.ts';
import { memoryFiles } from './memory-files.ts';

export const machine: Machine = {
  platform: 'linux',
  arch: 'amd64',
  cores: 2,
  availableMemoryBytes: async () => 8 * 1024 ** 3,
  homeDirectory: '/home/ann',
  user: 'ann',
  pid: 4711,
  hostname: 'here',
  packageDirectory: '/package',
  nodePath: '/usr/bin/node',
  randomHex: (bytes) => '0'.repeat(bytes * 2),
};

export interface Scene {
  readonly files?: Readonly<Record<string, string>>;
  readonly modes?: Readonly<Record<string, number>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly machine?: Partial<Machine>;
  readonly cwd?: string;
}

/** The part of a host that only looks, over files in memory. */
export function reads(scene: Scene = {}) {
  return {
    files: memoryFiles(scene.files, scene.modes),
    env: scene.env ?? {},
    machine: { ...machine, ...scene.machine },
    cwd: scene.cwd ?? '/work',
  } satisfies Pick<Host, 'files' | 'env' | 'machine' | 'cwd'>;
}
