import { execa } from 'execa';
import { REPOSITORY } from './platform.ts';

/** Terraform and Terragrunt, as the product itself finds or installs them: minutes on a new machine, once. */
export async function setup(): Promise<void> {
  await execa('node', ['bin/platform.js', 'tools', 'install', 'terraform', 'terragrunt'], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
