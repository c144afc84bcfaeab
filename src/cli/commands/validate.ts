import type { Command } from 'commander';
import type { Execute } from '../execute.ts';

export function addValidate(program: Command, execute: Execute): void {
  program
    .command('validate [environment]')
    .description('format, HCL, modules, cycles, states, mocks: all problems in one list')
    .action((environment: string | undefined) =>
      execute(async ({ host, options, emit, print, printJson, paint }) => {
        const { validate } = await import('../../actions/validate.ts');
        const { plural } = await import('../../ui/format.ts');
        const { directory } = options;
        const { problems, units, ...rest } = await validate(host, { directory, environment }, emit);
        const exitCode = problems.length === 0 ? 0 : 64;
        if (options.json) printJson({ schema: 1, ...rest, units, problems, exitCode });
        else if (problems.length === 0) print(`${paint.good('valid')}: ${units} units\n`);
        else {
          const lines = problems.map(({ what, where, next }) => {
            const place = where === undefined ? '' : `${where}: `;
            return `${place}${what}${next === undefined ? '' : `\n    ${next}`}\n`;
          });
          print(`${lines.join('')}${paint.bad(plural(problems.length, 'problem'))}\n`);
        }
        return exitCode;
      }),
    );
}
