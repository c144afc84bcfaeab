import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/domain/run-record.ts';
import { type ForeignTree, makeForeignTree } from '../support/foreign-tree.ts';
import { platform, startPlatform, waitForLine } from '../support/platform.ts';

/** Longer than any test runs: only an interrupt ends it. */
const SLOW_APPLY = `
resource "terraform_data" "slow" {
  input = terraform_data.this.output
  provisioner "local-exec" {
    command = "touch '\${path.root}/../../../started' && sleep 600.7531"
  }
}
`;

describe('one signal', () => {
  let tree: ForeignTree;
  beforeEach(async () => {
    tree = await makeForeignTree({
      'live/a': { extra: SLOW_APPLY },
      'live/b': { extra: SLOW_APPLY },
      'live/c': { from: ['live/a'] },
      'live/d': {},
    });
  });
  afterEach(() => tree.remove());

  const units = async (): Promise<RunRecord['units']> => {
    const { stdout } = await platform(['--json', 'runs', 'show'], { cwd: tree.root });
    return (JSON.parse(stdout) as RunRecord).units;
  };
  const filesOf = async (pattern: RegExp): Promise<string[]> => {
    const names = await readdir(tree.root, { recursive: true });
    return names.filter((name) => pattern.test(name));
  };

  test.each([
    { signal: 'SIGINT', to: 'our pid alone', exitCode: 130 },
    { signal: 'SIGINT', to: 'the whole group', exitCode: 130 },
    { signal: 'SIGTERM', to: 'our pid alone', exitCode: 143 },
    { signal: 'SIGTERM', to: 'the whole group', exitCode: 143 },
    { signal: 'SIGHUP', to: 'our pid alone', exitCode: 129 },
  ] as const)('$signal to $to during an apply', async ({ signal, to, exitCode }) => {
    const run = startPlatform(['apply', 'live', '--yes', '--parallelism', '2'], {
      cwd: tree.root,
      detached: true,
    });
    const pid = run.pid ?? 0;
    await waitForLine(run, /^b: applying/);
    await expect.poll(() => filesOf(/started$/), { timeout: 60_000 }).toHaveLength(2);
    process.kill(to === 'our pid alone' ? pid : -pid, signal);
    const result = await run;
    expect(result.exitCode).toBe(exitCode);

    const logs = await filesOf(/apply\.jsonl$/);
    expect(logs.sort().map((name) => name.split('/').at(-2))).toEqual(['a', 'b']);
    for (const log of logs) {
      const text = await readFile(join(tree.root, log), 'utf8');
      expect(text.match(/Interrupt received/g)).toHaveLength(1);
      expect(text).not.toContain('Two interrupts received');
    }
    expect(await filesOf(/lock\.info$/)).toEqual([]);
    const { stdout: processes } = await execa('ps', ['ax', '-o', 'args']);
    expect(processes).not.toContain('sleep 600.7531');

    const ended = Object.fromEntries((await units()).map(({ unit, result: how }) => [unit, how]));
    expect(ended).toEqual({
      a: 'interrupted',
      b: 'interrupted',
      c: 'not-started',
      d: 'not-started',
    });
    // What was made before the interrupt is in the state.
    const { stdout } = await platform(['--json', 'status', 'live'], { cwd: tree.root });
    const status = JSON.parse(stdout) as {
      units: { unit: string; state: { resources?: number } }[];
    };
    expect(status.units.find(({ unit }) => unit === 'a')?.state.resources).toBe(2);
  });

  test('SIGINT during a plan: 130, no plan is kept', async () => {
    // A data source that is read from a server which does not answer until it is told to.
    const server = createServer();
    const asked = once(server, 'request');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await tree.write(
      'live/d/main.tf',
      `data "terraform_remote_state" "slow" {
  backend = "http"
  config  = { address = "http://127.0.0.1:${port}", retry_max = 0 }
}
`,
    );
    await tree.write('live/d/terragrunt.hcl', '');
    const run = startPlatform(['plan', 'live'], { cwd: tree.root });
    const told = waitForLine(run, /^SIGINT: nothing more is started/);
    await asked;
    process.kill(run.pid ?? 0, 'SIGINT');
    await told;
    server.closeAllConnections();
    server.close();
    const result = await run;
    expect(result.exitCode).toBe(130);
    expect(result.stdout).toMatch(/STOPPED {3}by Ctrl-C: /);
    expect((await units()).find(({ unit }) => unit === 'd')?.result).toBe('interrupted');
    expect(await filesOf(/d\/plan\.tfplan$/)).toEqual([]);
  });
});
