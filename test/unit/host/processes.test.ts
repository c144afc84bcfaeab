import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Command } from '../../../src/host/command.ts';
import { createProcesses } from '../../../src/host/node/processes.ts';
import { temporary } from '../support/temporary.ts';

const processes = createProcesses(() => 0);
const capture = { kind: 'capture' } as const;
const PATH = '/usr/local/bin:/usr/bin:/bin';

/** Whatever a test that fails leaves behind, with its group. */
function endAfterwards(pid: number | undefined): void {
  if (pid !== undefined) onTestFinished(() => void processes.signal(-pid, 'SIGKILL'));
}

function sh(script: string, cwd = '/', env: Record<string, string> = {}): Command {
  return { argv: ['/bin/sh', '-c', script], cwd, env: { PATH, ...env } };
}

test('what a child says and its exit code come back, also when it fails', async () => {
  expect(await processes.run(sh('echo out; echo err >&2; exit 7'))).toMatchObject({
    exitCode: 7,
    signal: null,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect((await processes.run(sh('exit 0'))).exitCode).toBe(0);
});

test('a child that a signal ended has no exit code', async () => {
  expect(await processes.run(sh('kill -TERM $$'))).toMatchObject({
    exitCode: null,
    signal: 'SIGTERM',
  });
});

test('what cannot be started is a result, not an exception', async () => {
  const folder = temporary();
  const plain = join(folder, 'plain');
  writeFileSync(plain, '#!/bin/sh\n', { mode: 0o644 });
  const start = (file: string) => processes.run({ argv: [file], cwd: '/', env: { PATH } });
  expect(await start(join(folder, 'none'))).toMatchObject({
    exitCode: null,
    notStarted: 'not-found',
  });
  expect(await start('platform-no-such-tool')).toMatchObject({ notStarted: 'not-found' });
  expect(await start(plain)).toMatchObject({ exitCode: null, notStarted: 'not-executable' });
  expect((await processes.run(sh('exit 126'))).notStarted).toBeUndefined();
});

test('arguments arrive as they are: no shell reads them', async () => {
  const odd = ['$(id)', '; id', '*', 'a b', '"', "'", ''];
  const { stdout } = await processes.run({
    argv: ['/bin/sh', '-c', 'for a; do printf "[%s]" "$a"; done', 'sh', ...odd],
    cwd: '/',
    env: { PATH },
  });
  expect(stdout).toBe(odd.map((text) => `[${text}]`).join(''));
});

test('the environment is the one that was given, whole', async () => {
  process.env.PLATFORM_UNIT_CANARY = 'leaked';
  const { stdout } = await processes.run({
    argv: ['/usr/bin/env'],
    cwd: '/',
    env: { ONLY: 'this', EMPTY: '' },
  });
  delete process.env.PLATFORM_UNIT_CANARY;
  expect(stdout.trim().split('\n').sort()).toEqual(['EMPTY=', 'ONLY=this']);
});

test('a child works in its folder, in a session and group of its own, with nothing on its input', async () => {
  const folder = temporary();
  const script = 'pwd; read line || echo "no input"; cat /proc/$$/stat; echo $$';
  const { stdout } = await processes.run(sh(script, folder));
  const [cwd, input, stat = '', pid] = stdout.trim().split('\n');
  expect([cwd, input]).toEqual([folder, 'no input']);
  const [, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  expect([group, session]).toEqual([pid, pid]);
  expect(parent).toBe(String(process.pid));
});

test('output to files: each in its own, appended, and nothing comes back', async () => {
  const folder = temporary();
  const [out, err] = [join(folder, 'out'), join(folder, 'err')];
  writeFileSync(out, 'before\n');
  const child = processes.start(sh('echo one; echo two >&2'), {
    kind: 'files',
    stdout: out,
    stderr: err,
  });
  expect(await child.ended).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  expect(readFileSync(out, 'utf8')).toBe('before\none\n');
  expect(readFileSync(err, 'utf8')).toBe('two\n');
});

test('standard input can be given', async () => {
  const child = processes.start(sh('cat'), { kind: 'capture', stdin: 'hello' });
  expect((await child.ended).stdout).toBe('hello');
});

test('a running child is alive and ours; a signal reaches it alone', async () => {
  const child = processes.start(sh('exec sleep 600'), { kind: 'capture' });
  const pid = child.pid ?? 0;
  endAfterwards(child.pid);
  expect(processes.isAlive(pid)).toBe(true);
  expect(processes.parentOf(pid)).toBe(process.pid);
  expect(processes.groupOf(pid)).toBe(pid);
  expect(processes.signal(pid, 'SIGTERM')).toBe(true);
  expect(await child.ended).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
  expect(processes.isAlive(pid)).toBe(false);
  expect(processes.signal(pid, 'SIGTERM')).toBe(false);
  expect(processes.parentOf(pid)).toBeUndefined();
  expect(processes.groupOf(pid)).toBeUndefined();
});

test('what a process was started with is told, and of one that is gone nothing', async () => {
  const child = processes.start({ argv: ['sleep', '600'], cwd: '/', env: { PATH } }, capture);
  endAfterwards(child.pid);
  expect(processes.argvOf(child.pid ?? 0)).toEqual(['sleep', '600']);
  processes.signal(child.pid ?? 0, 'SIGKILL');
  await child.ended;
  expect(processes.argvOf(child.pid ?? 0)).toBeUndefined();
});

test('terminateAll ends every child of this host with its whole group, and no other', async () => {
  const folder = temporary();
  const mine = createProcesses(() => 0);
  const grandchild = 'sleep 600 & echo $! >pid; wait';
  const child = mine.start(sh(`mkfifo ready; (${grandchild}) & cat ready; wait`, folder), {
    kind: 'capture',
  });
  const other = processes.start(sh('exec sleep 600'), { kind: 'capture' });
  endAfterwards(child.pid);
  endAfterwards(other.pid);
  // The fifo is read once the grandchild has been noted: an event, not a sleep.
  await processes.run(sh('until [ -s pid ] && [ -p ready ]; do :; done; echo >ready', folder));
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  mine.terminateAll();
  expect((await child.ended).signal).toBe('SIGTERM');
  await processes.run(
    sh(`while kill -0 ${pid} 2>/dev/null && ! grep -q ') Z' /proc/${pid}/stat; do :; done`),
  );
  expect(processes.isAlive(other.pid ?? 0)).toBe(true);
});

test('every command that is started is told to who wants to know', async () => {
  const seen: Command[] = [];
  const command = sh('exit 0');
  await createProcesses(
    () => 0,
    (started) => seen.push(started),
  ).run(command);
  expect(seen).toEqual([command]);
});
