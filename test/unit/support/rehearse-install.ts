import { createHash } from 'node:crypto';
import { BINARY_SETS } from '../../../src/tools/toolchain/binary-sets.ts';
import { ensureSet } from '../../../src/tools/toolchain/ensure-set.ts';
import { ensureTool } from '../../../src/tools/toolchain/install.ts';
import type { InstallHost } from '../../../src/tools/toolchain/install-recipe.ts';
import { toolNamed } from '../../../src/tools/toolchain/locate.ts';
import { type Answers, fakeProcesses } from './fake-processes.ts';
import type { MemoryFiles } from './memory-files.ts';
import { reads } from './reads.ts';

/** What release servers hold, by the end of a URL. */
export type Web = Readonly<Record<string, Uint8Array | string>>;

export const BINARY = '#!/bin/true';

export const PINS = new Map([
  ['terragrunt', '1.1.3'],
  ['terraform', '1.11.4'],
  ['awscli', '2.31.0'],
  ['kubernetes', '1.36.3'],
  ['etcd', '3.7.0'],
  ['kwok', '0.8.0'],
  ['helm-provider', '1.3.2'],
]);

/** Pins as `go list -m` tells them; a module that is asked for and not named here is a mistake of the test. */
const MODULE_VERSIONS: Readonly<Record<string, string>> = {
  'github.com/gruntwork-io/terragrunt': 'v1.1.3',
  'k8s.io/kubernetes': 'v1.36.3',
  'go.etcd.io/etcd/server/v3': 'v3.7.0',
  'sigs.k8s.io/kwok': 'v0.8.0',
  'github.com/hashicorp/terraform-provider-helm': 'v1.3.2',
};

export function sum(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface Rehearsal {
  readonly web?: Web;
  readonly answers?: Answers;
  readonly files?: Readonly<Record<string, string>>;
  readonly platform?: string;
}

/** A machine with nothing on PATH, a web that holds some files, and commands that answer. */
export function rehearse({ web = {}, answers, files = {}, platform = 'linux' }: Rehearsal) {
  const host = reads({ files, env: { PATH: '/bin' }, machine: { platform } });
  const processes = fakeProcesses((line, command) => {
    if (/ (--version|version)$/.test(line)) {
      return { stdout: 'terragrunt v1.1.3\nTerraform v1.11.4' };
    }
    return answers?.(line, command);
  });
  const said: string[] = [];
  const renames: string[] = [];
  const locked: string[] = [];
  const unexpected = () => Promise.reject(new Error('unexpected'));
  const install: InstallHost = {
    ...host,
    files: {
      ...host.files,
      rename: (from, to) => {
        renames.push(to);
        return host.files.rename(from, to);
      },
    },
    processes: {
      ...processes,
      // What goes on without us, here at once.
      startDaemon: ({ argv }) => {
        if (argv.slice(0, 3).join(' ') !== 'rm -rf --') throw new Error('unexpected: a daemon');
        void host.files.remove(argv[3] ?? '');
        return 4711;
      },
    },
    clock: { now: () => 0, sleep: async () => {} },
    locks: {
      withLock: (path, action) => {
        locked.push(path);
        return action();
      },
      tryLock: unexpected,
    },
    http: {
      serve: unexpected,
      send: unexpected,
      serveTls: unexpected,
      serveConnect: unexpected,
      sendTls: unexpected,
      freePort: unexpected,
      download: async (url, file) => {
        const name = Object.keys(web).find((end) => url.endsWith(end));
        if (name === undefined) throw new Error('fetch failed', { cause: new Error('ENOTFOUND') });
        const bytes = web[name] ?? '';
        await host.files.writeAtomic(file, bytes);
        return sum(bytes);
      },
    },
  };
  const onProgress = (text: string) => said.push(text);
  const set = (name: string) => {
    const found = BINARY_SETS.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no set ${name}`);
    return found;
  };
  return {
    ensure: (name: string) => ensureTool(install, toolNamed(name), PINS, '/cache', onProgress),
    ensureSet: (name: string) => ensureSet(install, set(name), PINS, '/cache', onProgress),
    processes,
    said,
    renames,
    locked,
    files: host.files,
  };
}

/** Go that builds: `go list` twice, then `go build` leaves its binaries in the folder that `-o` names. */
export function workingGo(files: () => Pick<MemoryFiles, 'writeAtomic'>): Answers {
  return async (line, { argv }) => {
    if (line.startsWith('go list -m')) return { stdout: moduleVersions(argv) };
    if (line.startsWith('go list -deps')) return { stdout: 'a\nb\nc\n' };
    if (!line.startsWith('go build')) return {};
    const output = argv.indexOf('-o') + 1;
    for (const path of argv.slice(output + 1)) {
      const name =
        path
          .replace(/\/v\d+$/, '')
          .split('/')
          .at(-1) ?? '';
      await files().writeAtomic(`${argv[output]}${name}`, BINARY);
    }
    return {};
  };
}

/** What `go list -m -f '{{.Path}} {{.Version}}'` prints. */
export function moduleVersions(argv: readonly string[]): string {
  return argv
    .slice(argv.indexOf('-f') + 2)
    .map((path) => `${path} ${MODULE_VERSIONS[path] ?? '?'}\n`)
    .join('');
}
