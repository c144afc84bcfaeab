import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

const entry = `
import { createNodeHost } from '../dist/host/node/create-host.js';
import { readSandboxSettings, serveSandbox } from '../dist/sandbox/lifecycle.js';
const [, , noun, verb, flag, directory] = process.argv;
if (noun !== 'sandbox' || verb !== 'serve' || flag !== '--directory') throw new Error('unexpected');
const host = createNodeHost();
await serveSandbox(host, await readSandboxSettings(host, directory));
process.exit(0);
`;

/**
 * A package in `directory` as it is installed, compiled from these sources, with a CLI that can do
 * nothing but `sandbox serve`: the daemon is a process of its own and runs no TypeScript.
 */
export function makeStandInPackage(directory: string): void {
  mkdirSync(join(directory, 'bin'), { recursive: true });
  const project = join(directory, 'tsconfig.json');
  const src = join(repository, 'src');
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(repository, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        noCheck: true,
        rootDir: src,
        outDir: join(directory, 'dist'),
        typeRoots: [join(repository, 'node_modules', '@types')],
      },
      include: [],
      files: [join(src, 'sandbox/lifecycle.ts'), join(src, 'host/node/create-host.ts')],
    }),
  );
  const compiler = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '--project', project], { stdio: 'pipe' });
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(directory, 'bin', 'platform.js'), entry);
  symlinkSync(join(repository, 'node_modules'), join(directory, 'node_modules'));
  symlinkSync(join(repository, 'sandbox'), join(directory, 'sandbox'));
}
