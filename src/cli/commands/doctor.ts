import type { Command } from 'commander';
import type { Execute } from '../execute.ts';

export function addDoctor(program: Command, execute: Execute): void {
  program
    .command('doctor [environment]')
    .description('tools, providers, credentials: what is there, and how to mend what is not')
    .action((environment: string | undefined) =>
      execute(async ({ host, options, emit, print, printJson, paint }) => {
        const { doctor } = await import('../../actions/doctor.ts');
        const { worstExitCode } = await import('../../domain/exit-code.ts');
        const checks = await doctor(host, { directory: options.directory, environment }, emit);
        const bad = checks.filter(({ verdict }) => verdict === 'bad');
        const exitCode = worstExitCode(bad.map((check) => check.exitCode));
        if (options.json) {
          printJson({ schema: 1, checks, exitCode });
          return exitCode;
        }
        const tone = { ok: paint.good, warn: paint.warn, bad: paint.bad };
        for (const { name, verdict, text, fix } of checks) {
          const mend = fix === undefined ? '' : `\n       -> ${fix}`;
          print(`${tone[verdict](verdict.padEnd(4))}  ${name.padEnd(13)} ${text}${mend}\n`);
        }
        return exitCode;
      }),
    );
}
