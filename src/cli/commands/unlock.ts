import type { Command } from 'commander';
import type { Execute } from '../execute.ts';

export function addUnlock(program: Command, execute: Execute): void {
  program
    .command('unlock <environment> <unit>')
    .description('show who holds the state lock of a unit, and take it away if that one is dead')
    .option('--id <id>', 'the id of the lock, for where nobody can be asked')
    .action((environment: string, unit: string, flags: { id?: string }) =>
      execute(async ({ host, options, emit, print, printJson }) => {
        const { unlock } = await import('../../actions/unlock.ts');
        const { directory } = options;
        const result = await unlock(host, { directory, environment, unit, id: flags.id }, emit);
        const said = {
          'not-locked': `"${unit}" is not locked`,
          declined: 'declined: the lock is left as it is',
          unlocked: `the lock of "${unit}" is gone`,
        };
        if (options.json) printJson({ schema: 1, unit, ...result });
        else print(`${said[result.kind]}\n`);
        return result.kind === 'declined' ? 1 : 0;
      }),
    );
}
