import { ToolError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';

export interface InstallEmulator {
  /** Cache of virtual environments; each is named by the hash of its requirements. */
  readonly directory: string;
  readonly python: string;
  readonly onProgress: (line: string) => void;
}

export interface InstalledEmulator {
  /** The environment's own interpreter. */
  readonly python: string;
  readonly version: string;
}

/** moto and its dependencies need it; the requirements are resolved for 3.10 and newer. */
const oldestPython = [3, 10] as const;

/**
 * The emulator's virtual environment, made when it is not there. A virtual environment cannot be
 * moved (its scripts name their folder), so it is made in place and a marker is written last: a
 * folder without the marker is what an interrupted installation left, and is made anew.
 */
export async function installEmulator(
  host: Host,
  { directory, python, onProgress }: InstallEmulator,
): Promise<InstalledEmulator> {
  const { requirements, version, name } = await pinnedEmulator(host);
  const environment = `${directory}/${name}`;
  const installed = { python: `${environment}/bin/python`, version };
  if (await isComplete(host, environment)) return installed;
  await host.files.makeDirectory(directory);
  await host.locks.withLock(
    `${environment}.lock`,
    async () => {
      if (await isComplete(host, environment)) return;
      await checkPython(host, python);
      await host.files.remove(environment);
      onProgress(`installing the AWS emulator (moto ${version}), once`);
      await install(host, python, environment, requirements);
      await host.files.writeAtomic(markerOf(environment), `${version}\n`);
    },
    (holder) => onProgress(`process ${holder} is installing the AWS emulator, waiting for it`),
  );
  return installed;
}

/** The emulator that this version of the CLI wants; its folder's name says by which hashes. */
async function pinnedEmulator(host: Host) {
  const requirements = emulatorFile(host, 'requirements.txt');
  const text = await host.files.read(requirements);
  if (text === undefined) throw new Error(`no file "${requirements}" in our own package`);
  const version = /^moto==(\S+)/m.exec(text)?.[1] ?? 'unknown';
  const key = (await host.files.sha256(requirements)).slice(0, 16);
  return { requirements, version, name: `moto-${version}-${key}` };
}

/** Removes environments of other versions. Resolves to their names. */
export async function pruneEmulators(host: Host, directory: string): Promise<string[]> {
  const { name: wanted } = await pinnedEmulator(host);
  const removed: string[] = [];
  for (const { name, kind } of await host.files.list(directory)) {
    if (kind !== 'directory' || !name.startsWith('moto-') || name === wanted) continue;
    await host.files.remove(`${directory}/${name}`);
    removed.push(name);
  }
  return removed;
}

/** A file of ours that Python reads. */
export function emulatorFile(host: Host, name: string): string {
  return `${host.machine.packageDirectory}/sandbox/emulator/${name}`;
}

function markerOf(environment: string): string {
  return `${environment}/.complete`;
}

/** The interpreter is a link to the system's: it dangles when that Python was removed. */
async function isComplete(host: Host, environment: string): Promise<boolean> {
  const marked = (await host.files.read(markerOf(environment))) !== undefined;
  return marked && (await host.files.isExecutable(`${environment}/bin/python`));
}

async function checkPython(host: Host, python: string): Promise<void> {
  const probe = await run(host, [
    python,
    '-c',
    'import sys; print("%d.%d" % sys.version_info[:2])',
  ]);
  const [, major, minor] = /^(\d+)\.(\d+)\s*$/.exec(probe.stdout) ?? [];
  const next = `install Python ${oldestPython.join('.')} or newer, and put it on PATH`;
  if (probe.exitCode !== 0 || major === undefined) {
    throw new ToolError({ what: `cannot run Python as "${python}"`, next }, 69);
  }
  if (Number(major) !== oldestPython[0] || Number(minor) < oldestPython[1]) {
    throw new ToolError({ what: `"${python}" is Python ${major}.${minor}, too old`, next }, 69);
  }
}

async function install(
  host: Host,
  python: string,
  environment: string,
  requirements: string,
): Promise<void> {
  const own = `${environment}/bin/python`;
  if ((await run(host, ['uv', '--version'])).exitCode === 0) {
    const made = await run(host, ['uv', 'venv', '--quiet', '--python', python, environment]);
    const synced =
      made.exitCode === 0 &&
      (await run(host, [
        'uv',
        'pip',
        'sync',
        '--quiet',
        `--python=${own}`,
        '--require-hashes',
        // Else each start compiles botocore and moto again: 1 s.
        '--compile-bytecode',
        requirements,
      ]));
    if (synced && synced.exitCode === 0) return;
    // uv reads no pip.conf: where pip is set up for a mirror, uv may be the one that fails.
    await host.files.remove(environment);
  }
  const made = await run(host, [python, '-m', 'venv', environment]);
  if (made.exitCode !== 0) {
    throw new ToolError(
      {
        what: `"${python} -m venv" failed: ${lastLines(made.stderr || made.stdout)}`,
        where: environment,
        next: "install Python's venv module (Debian and Ubuntu: python3-venv), or uv",
      },
      69,
    );
  }
  const pip = await run(host, [
    own,
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    '--no-deps',
    '--require-hashes',
    `--requirement=${requirements}`,
  ]);
  if (pip.exitCode !== 0) {
    throw new ToolError(
      {
        what: `pip could not install the AWS emulator: ${lastLines(pip.stderr)}`,
        where: requirements,
        next: 'check that the Python package index can be reached (PIP_INDEX_URL, proxy), then run it again',
      },
      69,
    );
  }
}

function run(host: Host, argv: readonly [string, ...string[]]) {
  return host.processes.run({ argv, cwd: host.machine.packageDirectory, env: host.env });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' | ');
}
