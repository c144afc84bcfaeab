import type { Command } from 'commander';
import type { ToolChoice } from '../../actions/tools.ts';
import { UserError } from '../../domain/errors.ts';
import type { Execute } from '../execute.ts';

export function addTools(program: Command, execute: Execute): void {
  const tools = program.command('tools').description('the pinned toolchain');
  tools
    .command('list', { isDefault: true })
    .description('what is pinned and what is found')
    .action(() =>
      execute(async ({ host, options, print, printJson, paint }) => {
        const { listTools } = await import('../../actions/tools.ts');
        const listed = await listTools(host, options.directory);
        if (options.json) printJson({ schema: 1, tools: listed });
        else {
          for (const { name, pinned, found, why } of listed) {
            const text =
              found === undefined ? paint.warn(why) : `${found.version.padEnd(9)} ${found.path}`;
            print(`${name.padEnd(13)} pinned ${pinned.padEnd(9)} ${text}\n`);
          }
        }
        return 0;
      }),
    );
  tools
    .command('install [names...]')
    .description('into our cache: release with checksum, else built from source')
    .option('--all', 'what a sandbox needs too: a Kubernetes control plane, a Helm provider')
    .action((names: string[], { all }: { all?: true }) =>
      execute(async ({ host, options, emit, print, printJson }) => {
        const { installTools } = await import('../../actions/tools.ts');
        const installed = await installTools(host, options.directory, choice(names, all), emit);
        if (options.json) printJson({ schema: 1, tools: installed });
        else for (const { name, version, path } of installed) print(`${name} ${version} ${path}\n`);
        return 0;
      }),
    );
  tools
    .command('path <name>')
    .description('where a tool lies, for scripts')
    .action((name: string) =>
      execute(async ({ host, options, emit, print, printJson }) => {
        const { installTools } = await import('../../actions/tools.ts');
        const [tool] = await installTools(host, options.directory, choice([name]), emit);
        if (options.json) printJson({ schema: 1, tool });
        else print(`${tool?.path}\n`);
        return 0;
      }),
    );
  tools
    .command('prune')
    .description('remove installed versions that are no longer pinned')
    .action(() =>
      execute(async ({ host, options, print, printJson }) => {
        const { pruneTools } = await import('../../actions/tools.ts');
        const removed = await pruneTools(host, options.directory);
        if (options.json) printJson({ schema: 1, removed });
        else print(`removed ${removed.length === 0 ? 'nothing' : removed.join(', ')}\n`);
        return 0;
      }),
    );
}

function choice(names: readonly string[], all?: true): ToolChoice {
  if (names.length === 0) return { kind: all === true ? 'all' : 'usual' };
  if (all !== true) return { kind: 'named', names };
  throw new UserError({
    what: `names and "--all" exclude each other`,
    next: 'leave out one of them',
  });
}
