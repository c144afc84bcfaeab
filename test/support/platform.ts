import { resolve } from 'node:path';
import { execa } from 'execa';

export const REPOSITORY = resolve(import.meta.dirname, '../..');
const BINARY = resolve(REPOSITORY, 'bin/platform.js');

export interface PlatformOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built CLI in a process of its own, as a person's shell would start it; never rejects. */
export function startPlatform(args: readonly string[], options: PlatformOptions = {}) {
  return execa(process.execPath, [BINARY, ...args], {
    cwd: options.cwd ?? REPOSITORY,
    env: { CI: '', NO_COLOR: '1', ...options.env },
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
  });
}

export async function platform(args: readonly string[], options: PlatformOptions = {}) {
  const { exitCode, stdout, stderr } = await startPlatform(args, options);
  return { exitCode, stdout, stderr };
}

/** Waits for the line, or throws with all that was said when the process ends without it. */
export async function waitForLine(
  started: ReturnType<typeof startPlatform>,
  pattern: RegExp,
): Promise<void> {
  let said = '';
  for await (const line of started.iterable({ from: 'stderr' })) {
    said += `${line}\n`;
    if (pattern.test(line)) return;
  }
  throw new Error(`no line like ${pattern} in:\n${said}`);
}
