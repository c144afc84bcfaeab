import type { Command } from 'commander';
import type { Execute, Invocation } from '../execute.ts';

export function addSandbox(program: Command, execute: Execute): void {
  const sandbox = program
    .command('sandbox')
    .description('the embedded environment: no AWS account, everything on 127.0.0.1');
  const input = ({ options }: Invocation, environment: string | undefined) => ({
    directory: options.directory,
    environment,
  });
  sandbox
    .command('up [environment]')
    .description('start it; apply and plan do that by themselves')
    .action((environment: string | undefined) =>
      execute(async (invocation) => {
        const { sandboxUp } = await import('../../actions/sandbox.ts');
        const info = await sandboxUp(
          invocation.host,
          input(invocation, environment),
          invocation.emit,
        );
        if (invocation.options.json) invocation.printJson({ schema: 1, sandbox: info });
        else invocation.print(`up on http://127.0.0.1:${info.gatewayPort}\n`);
        return 0;
      }),
    );
  sandbox
    .command('down [environment]')
    .description('stop it: what is in it is gone, states too')
    .action((environment: string | undefined) =>
      execute(async (invocation) => {
        const { sandboxDown } = await import('../../actions/sandbox.ts');
        const done = await sandboxDown(
          invocation.host,
          input(invocation, environment),
          invocation.emit,
        );
        if (invocation.options.json) invocation.printJson({ schema: 1, sandbox: done });
        else invocation.print(done === 'stopped' ? 'stopped\n' : 'was not running\n');
        return 0;
      }),
    );
  sandbox
    .command('status [environment]', { isDefault: true })
    .description('is it up, since when, and what is in it')
    .action((environment: string | undefined) =>
      execute(async (invocation) => {
        const { sandboxState } = await import('../../actions/sandbox.ts');
        const { sandboxText } = await import('../../ui/sandbox-text.ts');
        const { host, emit } = invocation;
        const status = await sandboxState(host, input(invocation, environment), emit);
        if (invocation.options.json) invocation.printJson({ schema: 1, sandbox: status });
        else invocation.print(sandboxText(status));
        return 0;
      }),
    );
  sandbox
    .command('reset [environment]')
    .description('stop it and forget everything it held')
    .action((environment: string | undefined) =>
      execute(async (invocation) => {
        const { sandboxReset } = await import('../../actions/sandbox.ts');
        await sandboxReset(invocation.host, input(invocation, environment), invocation.emit);
        if (invocation.options.json) invocation.printJson({ schema: 1, sandbox: 'reset' });
        else invocation.print('reset\n');
        return 0;
      }),
    );
  sandbox
    .command('serve', { hidden: true })
    .requiredOption('--directory <dir>')
    .action((flags: { directory: string }) =>
      execute(
        async ({ host }) => {
          const { sandboxServe } = await import('../../actions/sandbox.ts');
          await sandboxServe(host, flags.directory);
          return 0;
        },
        { ownSignals: true },
      ),
    );
}
