import { expect, test } from 'vitest';
import type { Command, ProcessResult } from '../../src/host/command.ts';
import type { Host } from '../../src/host/host.ts';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import { installEmulator } from '../../src/sandbox/install-emulator.ts';

const node = createNodeHost();

const ok = { exitCode: 0, stdout: '', stderr: '' };
const absent = { exitCode: null, stdout: '', stderr: '' };
type Reply = Partial<ProcessResult>;

interface Rehearsal {
  readonly host: Host;
  /** Commands that were run, with folders shortened. */
  readonly ran: string[];
  readonly directory: string;
}

/** The real files, and processes that answer from a table; a command that no row matches is a bug of the test. */
async function rehearse(replies: readonly [pattern: RegExp, reply: Reply][]): Promise<Rehearsal> {
  const directory = await node.files.makeTemporary('install-test-');
  const ran: string[] = [];
  const run = async ({ argv }: Command): Promise<ProcessResult> => {
    const line = argv.join(' ').replaceAll(directory, 'CACHE');
    ran.push(line);
    const reply = replies.find(([pattern]) => pattern.test(line))?.[1];
    if (reply === undefined) throw new Error(`unexpected: ${line}`);
    const environment = /venv(?: --quiet --python \S+)? (CACHE\S+)$/.exec(line)?.[1];
    if (environment !== undefined && reply.exitCode === 0) {
      const python = `${environment.replace('CACHE', directory)}/bin/python`;
      await node.files.makeDirectory(python.replace(/\/python$/, ''));
      await node.files.writeAtomic(python, '', { mode: 0o755 });
    }
    return { exitCode: 0, signal: null, stdout: '', stderr: '', durationMs: 0, ...reply };
  };
  return { host: { ...node, processes: { ...node.processes, run } }, ran, directory };
}

const quiet = { python: 'python3', onProgress: () => undefined };
const goodPython: [RegExp, Reply] = [/^python3 -c/, { ...ok, stdout: '3.11\n' }];
const noUv: [RegExp, Reply] = [/^uv --version/, absent];

test('without uv it is venv and pip, with hashes; the second time nothing runs', async () => {
  const { host, ran, directory } = await rehearse([goodPython, noUv, [/-m (venv|pip) /, ok]]);
  const installed = await installEmulator(host, { directory, ...quiet });
  expect(installed.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(installed.python.startsWith(`${directory}/moto-${installed.version}-`)).toBe(true);
  expect(ran).toHaveLength(4);
  expect(ran[3]).toMatch(/--no-deps --require-hashes --requirement=\S+requirements\.txt$/);
  expect(await installEmulator(host, { directory, ...quiet })).toEqual(installed);
  expect(ran).toHaveLength(4);
});

test('with uv pip is not run', async () => {
  const { host, ran, directory } = await rehearse([goodPython, [/^uv /, ok]]);
  await installEmulator(host, { directory, ...quiet });
  expect(ran.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'python3 -c',
    'uv --version',
    'uv venv',
    'uv pip',
  ]);
  expect(ran[3]).toContain('--require-hashes');
});

test('where uv fails pip has its turn', async () => {
  const failed = { ...ok, exitCode: 1 };
  const { host, ran, directory } = await rehearse([
    goodPython,
    [/^uv pip/, failed],
    [/^uv/, ok],
    [/-m (venv|pip) /, ok],
  ]);
  await installEmulator(host, { directory, ...quiet });
  expect(ran.at(-1)).toContain('-m pip install');
});

test('what an interrupted installation left is removed first', async () => {
  const { host, directory } = await rehearse([goodPython, noUv, [/-m (venv|pip) /, ok]]);
  const { python } = await installEmulator(host, { directory, ...quiet });
  const environment = python.replace(/\/bin\/python$/, '');
  await node.files.remove(`${environment}/.complete`);
  await node.files.writeAtomic(`${environment}/half`, '');
  await installEmulator(host, { directory, ...quiet });
  expect(await node.files.stat(`${environment}/half`)).toBeUndefined();
});

const failures: readonly [string, [RegExp, Reply][], RegExp][] = [
  ['no Python', [[/^python3 -c/, absent]], /cannot run Python as "python3"/],
  ['an old Python', [[/^python3 -c/, { ...ok, stdout: '3.9\n' }]], /is Python 3\.9, too old/],
  ['Python 2', [[/^python3 -c/, { ...ok, stdout: '2.7\n' }]], /too old/],
  [
    'no venv module',
    [goodPython, noUv, [/-m venv/, { exitCode: 1, stderr: 'ensurepip is not available' }]],
    /ensurepip is not available/,
  ],
  [
    'no index',
    [goodPython, noUv, [/-m venv/, ok], [/-m pip/, { exitCode: 1, stderr: 'no route to host' }]],
    /no route to host/,
  ],
];

test.each(failures)(
  '%s is said, with what to do, and leaves no marker',
  async (_name, replies, text) => {
    const { host, directory } = await rehearse(replies);
    const installing = installEmulator(host, { directory, ...quiet });
    await expect(installing).rejects.toMatchObject({
      exitCode: 69,
      message: expect.stringMatching(text),
      problem: { next: expect.any(String) },
    });
    const left = await node.files.list(directory);
    for (const { name } of left) {
      expect(await node.files.stat(`${directory}/${name}/.complete`)).toBeUndefined();
    }
  },
);
