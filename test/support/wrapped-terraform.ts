import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { toolPath } from './terraform.ts';

/**
 * Puts a script where the CLI looks for Terraform first.
 *
 * @param script what it does with `$@`; `$TERRAFORM` is the real one, `$out` the plan file that is asked for
 * @returns the environment in which it is found
 */
export async function wrapTerraform(
  folder: string,
  script: string,
): Promise<Readonly<Record<string, string>>> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const path = join(bin, 'terraform');
  const text = `#!/bin/sh
TERRAFORM='${await toolPath('terraform')}'
out=
for argument in "$@"; do
  case $argument in -out=*) out=\${argument#-out=} ;; esac
done
${script}
`;
  await writeFile(path, text);
  await chmod(path, 0o755);
  return { PATH: [bin, process.env.PATH ?? ''].join(delimiter) };
}
