import { execa } from 'execa';
import type { ForeignTree } from './foreign-tree.ts';
import { toolPath } from './terraform.ts';

/** What a person without the CLI would do in the tree; never rejects. */
export async function plainTerragrunt(tree: ForeignTree, args: readonly string[]) {
  const [terragrunt, terraform] = [await toolPath('terragrunt'), await toolPath('terraform')];
  const { exitCode, all } = await execa(
    terragrunt,
    ['run', '--non-interactive', '--no-color', ...args],
    {
      cwd: tree.root,
      env: { TG_TF_PATH: terraform, CHECKPOINT_DISABLE: '1', TF_INPUT: '0' },
      stdin: 'ignore',
      all: true,
      reject: false,
    },
  );
  return { exitCode, said: all };
}
