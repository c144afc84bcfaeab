import type { Command } from 'commander';
import type { Execute } from '../execute.ts';

interface Flags {
  readonly alias?: string;
  readonly roleArn?: string;
  readonly profile?: string;
  readonly kubeconfig?: string;
  readonly dryRun?: boolean;
  readonly setCurrent: boolean;
}

export function addKubeconfig(program: Command, execute: Execute): void {
  program
    .command('kubeconfig <environment>')
    .description(
      'write the context of the cluster into your kubeconfig, and ask the API server by it',
    )
    .option('--alias <name>', "the context's name (default: the cluster's ARN)")
    .option('--role-arn <arn>', 'assume this role for the token')
    .option('--profile <name>', 'use this AWS profile, now and whenever the context is used')
    .option('--kubeconfig <file>', 'write this file (default: as KUBECONFIG says, ~/.kube/config)')
    .option('--no-set-current', 'leave the current context as it is')
    .option('--dry-run', 'print what would be in the file, and write nothing')
    .action((environment: string, flags: Flags) =>
      execute(async ({ host, options, emit, print, printJson }) => {
        const { writeKubeconfig } = await import('../../actions/kubeconfig.ts');
        const { directory } = options;
        const { alias, roleArn, profile, kubeconfig, setCurrent } = flags;
        const input = { directory, environment, alias, roleArn, profile, kubeconfig, setCurrent };
        const dryRun = flags.dryRun === true;
        const result = await writeKubeconfig(host, { ...input, dryRun }, emit);
        const { where, ...rest } = result;
        if (options.json) printJson({ schema: 1, ...where, ...rest });
        else print(result.kind === 'dry-run' ? result.text : result.clusterInfo);
        return 0;
      }),
    );
}
