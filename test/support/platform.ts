import { resolve } from 'node:path';
import { execa } from 'execa';

export const REPOSITORY = resolve(import.meta.dirname, '../..');
const BINARY = resolve(REPOSITORY, 'bin/platform.js');

export interface PlatformOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** In a process group of its own, to be signalled as a terminal does. */
  readonly detached?: boolean;
}

/** The built CLI in a process of its own, as a person's shell would start it; never rejects. */
export function startPlatform(args: readonly string[], options: PlatformOptions = {}) {
  return execa(process.execPath, [BINARY, ...args], {
    cwd: options.cwd ?? REPOSITORY,
    env: { CI: '', NO_COLOR: '1', ...options.env },
    stdin: 'ignore',
    detached: options.detached === true,
    reject: false,
    stripFinalNewline: false,
  });
}

export async function platform(args: readonly string[], options: PlatformOptions = {}) {
  const { exitCode, stdout, stderr } = await startPlatform(args, options);
  return { exitCode, stdout, stderr };
}

/** Waits for a line on standard error, or throws with all that was said when the process ends without it. */
export function waitForLine(
  started: ReturnType<typeof startPlatform>,
  pattern: RegExp,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    started.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.split('\n').some((line) => pattern.test(line))) resolve();
    });
    started.stderr.once('end', () => reject(new Error(`no line like ${pattern} in:\n${said}`)));
  });
}
