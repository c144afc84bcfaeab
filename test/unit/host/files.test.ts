import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFiles as files } from '../../../src/host/node/files.ts';
import { temporary } from '../support/temporary.ts';

test('an atomic write replaces the file, with its mode, and leaves nothing beside it', async () => {
  const folder = temporary();
  const path = join(folder, 'run.json');
  writeFileSync(path, 'old and longer', { mode: 0o644 });
  await files.writeAtomic(path, 'new', { mode: 0o600 });
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['run.json']);
});

test('who has the old file open goes on reading the old content', async () => {
  const path = join(temporary(), 'run.json');
  writeFileSync(path, 'old');
  const before = statSync(path).ino;
  await files.writeAtomic(path, 'new');
  expect(statSync(path).ino).not.toBe(before);
});

test('an atomic write that fails leaves the target and nothing else', async () => {
  const folder = temporary();
  mkdirSync(join(folder, 'taken', 'full'), { recursive: true });
  await expect(files.writeAtomic(join(folder, 'taken'), 'x')).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['taken']);
});

test('twenty writers at once: one whole content wins', async () => {
  const folder = temporary();
  const path = join(folder, 'file');
  const contents = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(10_000));
  await Promise.all(contents.map((content) => files.writeAtomic(path, content)));
  expect(contents).toContain(readFileSync(path, 'utf8'));
  expect(readdirSync(folder)).toEqual(['file']);
});

test('what is not there is undefined, empty or nothing; it does not throw', async () => {
  const path = join(temporary(), 'no', 'such');
  expect(await files.read(path)).toBeUndefined();
  expect(await files.readBytes(path)).toBeUndefined();
  expect(await files.stat(path)).toBeUndefined();
  expect(await files.realPath(path)).toBeUndefined();
  expect(await files.list(path)).toEqual([]);
  expect(await files.readFrom(path, 5)).toHaveLength(0);
  await files.remove(path);
});

test('a file where a folder should be counts as not there', async () => {
  const file = join(temporary(), 'file');
  writeFileSync(file, '');
  expect(await files.read(join(file, 'below'))).toBeUndefined();
});

test('reading on from an offset gives what has come since', async () => {
  const path = join(temporary(), 'log');
  writeFileSync(path, 'one\n');
  await files.append(path, 'two\n');
  expect(Buffer.from(await files.readFrom(path, 4)).toString()).toBe('two\n');
  expect(await files.readFrom(path, 8)).toHaveLength(0);
  expect(await files.readFrom(path, 99)).toHaveLength(0);
});

test('of two that create the same file exclusively one wins', async () => {
  const path = join(temporary(), 'lock');
  const won = await Promise.all([
    files.createExclusive(path, 'a'),
    files.createExclusive(path, 'b'),
  ]);
  expect(won.filter(Boolean)).toHaveLength(1);
  expect(readFileSync(path, 'utf8')).toBe(won[0] ? 'a' : 'b');
});

test('a list tells files, folders and symlinks apart; stat and realPath follow', async () => {
  const folder = temporary();
  mkdirSync(join(folder, 'b'));
  writeFileSync(join(folder, 'a'), 'abc');
  symlinkSync(join(folder, 'b'), join(folder, 'c'));
  const entries = await files.list(folder);
  expect(entries.sort((x, y) => x.name.localeCompare(y.name))).toEqual([
    { name: 'a', kind: 'file' },
    { name: 'b', kind: 'directory' },
    { name: 'c', kind: 'symlink' },
  ]);
  expect(await files.stat(join(folder, 'c'))).toMatchObject({ kind: 'directory' });
  expect(await files.stat(join(folder, 'a'))).toMatchObject({ kind: 'file', size: 3 });
  expect(await files.realPath(join(folder, 'c'))).toBe(join(folder, 'b'));
});

test('executable is what may be run', async () => {
  const path = join(temporary(), 'tool');
  writeFileSync(path, '');
  chmodSync(path, 0o644);
  expect(await files.isExecutable(path)).toBe(false);
  await files.setMode(path, 0o755);
  expect(await files.isExecutable(path)).toBe(true);
});

test('the sum of a file', async () => {
  const path = join(temporary(), 'plan');
  writeFileSync(path, 'content');
  expect(await files.sha256(path)).toBe(createHash('sha256').update('content').digest('hex'));
});

test('a file that is replaced keeps its mode when that was asked for, and else gets the given one', async () => {
  const path = join(temporary(), 'a');
  writeFileSync(path, 'old');
  chmodSync(path, 0o666);
  await files.writeAtomic(path, 'new', { mode: 0o600, keepsAccess: true });
  expect(statSync(path).mode & 0o777).toBe(0o666);
  await files.writeAtomic(path, 'newer', { mode: 0o600 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.runIf(process.getuid?.() === 0)('and its owner', async () => {
  const path = join(temporary(), 'a');
  writeFileSync(path, 'old');
  chownSync(path, 1234, 4321);
  await files.writeAtomic(path, 'new', { keepsAccess: true });
  expect(statSync(path)).toMatchObject({ uid: 1234, gid: 4321 });
});
