import { type Command, Option } from 'commander';
import type { Execute } from '../execute.ts';

type Format = 'tree' | 'mermaid' | 'dot' | 'json';

export function addGraph(program: Command, execute: Execute): void {
  program
    .command('graph [environment]')
    .description('the units and what they depend on')
    .addOption(
      new Option('--format <format>')
        .choices(['tree', 'mermaid', 'dot', 'json'] satisfies Format[])
        .default('tree'),
    )
    .action((environment: string | undefined, flags: { format: Format }) =>
      execute(async ({ host, options, emit, print, printJson }) => {
        const { readGraph } = await import('../../actions/graph.ts');
        const { graphDot, graphJson, graphMermaid, graphTree } = await import(
          '../../ui/graph-text.ts'
        );
        const { directory } = options;
        const graph = await readGraph(host, { directory, environment }, emit);
        if (options.json || flags.format === 'json') printJson(graphJson(graph));
        else print({ tree: graphTree, mermaid: graphMermaid, dot: graphDot }[flags.format](graph));
        return 0;
      }),
    );
}
