import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { openWorkspace } from '../../src/config/workspace.ts';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import { chooseCliConfig } from '../../src/tools/terraform/provider-mirrors.ts';
import { ownProviderMirror } from '../../src/tools/toolchain/binary-sets.ts';
import { REPOSITORY } from './platform.ts';

/** Where the product itself finds or has put a tool. */
export async function toolPath(name: string): Promise<string> {
  const { stdout } = await execa('node', ['bin/platform.js', 'tools', 'path', name], {
    cwd: REPOSITORY,
  });
  return stdout.trim();
}

/** Environment in which Terraform finds providers as it does in the sandbox. */
export async function terraformEnvironment(): Promise<Record<string, string>> {
  const host = createNodeHost();
  const { settings } = await openWorkspace(host, REPOSITORY);
  const mirrors = [ownProviderMirror(settings.cacheDirectory)];
  const { content } = await chooseCliConfig(host, { mirrors, searchSystem: true });
  if (content === undefined) return {};
  const file = join(await mkdtemp(join(tmpdir(), 'platform-terraform-')), 'terraform.rc');
  await writeFile(file, content);
  return { TF_CLI_CONFIG_FILE: file, CHECKPOINT_DISABLE: '1' };
}
