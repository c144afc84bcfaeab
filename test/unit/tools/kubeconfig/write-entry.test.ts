import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Files } from '../../../../src/host/files.ts';
import { nodeFiles } from '../../../../src/host/node/files.ts';
import { createLocks } from '../../../../src/host/node/locks.ts';
import { newKubeconfig } from '../../../../src/tools/kubernetes/kubeconfig/entry.ts';
import { writeEntry } from '../../../../src/tools/kubernetes/kubeconfig/write-entry.ts';
import { temporary } from '../../support/temporary.ts';
import { ARN, entry } from './entries.ts';

const clock = {
  now: () => Date.now(),
  sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
};

function write(path: string, files: Files = nodeFiles, onWait = (_: number) => {}) {
  const locks = createLocks(files, clock, () => true, 100);
  return writeEntry({ files, locks }, { path, entry, setCurrent: true, onWait });
}

const FRESH = newKubeconfig(entry, true);

test('a new file is for its owner alone, and its folder is made', async () => {
  const folder = join(temporary(), 'deep', '.kube');
  const path = join(folder, 'config');
  expect(await write(path)).toEqual({ kind: 'written', change: 'added' });
  expect(readFileSync(path, 'utf8')).toBe(FRESH);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['config']);
});

test.each(['600', '640', '644', '666'])('the mode %s of an existing file stays', async (bits) => {
  const mode = Number.parseInt(bits, 8);
  const path = join(temporary(), 'config');
  writeFileSync(path, 'clusters: []\n');
  chmodSync(path, mode);
  await write(path);
  expect(statSync(path).mode & 0o777).toBe(mode);
});

test('a link stays a link, and what it leads to is written', async () => {
  const folder = temporary();
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real', 'config'), '');
  symlinkSync(join('real', 'config'), join(folder, 'middle'));
  symlinkSync('middle', join(folder, 'link'));
  expect(await write(join(folder, 'link'))).toEqual({ kind: 'written', change: 'added' });
  expect(readlinkSync(join(folder, 'link'))).toBe('middle');
  expect(lstatSync(join(folder, 'real', 'config')).isFile()).toBe(true);
  expect(readFileSync(join(folder, 'real', 'config'), 'utf8')).toBe(FRESH);
  expect(readdirSync(folder).sort()).toEqual(['link', 'middle', 'real']);
  expect(readdirSync(join(folder, 'real'))).toEqual(['config']);
});

test('a folder by two names is one folder', async () => {
  const folder = temporary();
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, '.kube'));
  await write(join(folder, '.kube', 'config'));
  expect(readFileSync(join(folder, 'real', 'config'), 'utf8')).toBe(FRESH);
});

test('writers that come by different links wait for each other', async () => {
  const folder = temporary();
  const path = join(folder, 'config');
  writeFileSync(path, '');
  symlinkSync('config', join(folder, 'link'));
  writeFileSync(`${path}.lock`, '200 abc');
  const waits: number[] = [];
  const written = write(join(folder, 'link'), nodeFiles, (pid) => {
    waits.push(pid);
    expect(readFileSync(path, 'utf8')).toBe('');
    rmSync(`${path}.lock`);
  });
  expect(await written).toEqual({ kind: 'written', change: 'added' });
  expect(waits).toEqual([200]);
});

test('kubectl’s lock is waited for while kubectl may live, and taken over when it was left', async () => {
  const path = join(temporary(), 'config');
  const lock = `${path}.lock`;
  writeFileSync(lock, '', { mode: 0 });
  let looks = 0;
  const files: Files = {
    ...nodeFiles,
    createExclusive: async (name, content, options) => {
      // The third look finds a lock that is a minute old.
      if (name === lock && ++looks === 3) utimesSync(lock, 0, 0);
      if (name === lock && looks <= 3)
        expect(readdirSync(join(path, '..'))).not.toContain('config');
      return nodeFiles.createExclusive(name, content, options);
    },
    read: async (name) => {
      // What a person without superuser's rights would get.
      if (statSync(name, { throwIfNoEntry: false })?.mode === 0o100000) throw denied('open');
      return nodeFiles.read(name);
    },
  };
  expect(await write(path, files)).toEqual({ kind: 'written', change: 'added' });
  expect(readdirSync(join(path, '..'))).toEqual(['config']);
});

test('a file that has the entry is not written again', async () => {
  const path = join(temporary(), 'config');
  await write(path);
  const { ino } = statSync(path);
  expect(await write(path)).toEqual({ kind: 'written', change: 'updated' });
  expect(statSync(path).ino).toBe(ino);
});

function denied(syscall: string) {
  return Object.assign(new Error(`EACCES: permission denied, ${syscall} '/a/config'`), {
    code: 'EACCES',
    syscall,
  });
}

test.each<[string, (folder: string) => string, string, Partial<Files>?]>([
  ['a folder', (folder) => folder, 'cannot be read: illegal operation on a directory'],
  [
    'a path through a file',
    (folder) => join(folder, 'file', 'config'),
    'cannot be written: a file stands where its folder has to be',
  ],
  [
    'a link that leads nowhere',
    (folder) => join(folder, 'dangling'),
    'is a link that leads nowhere',
  ],
  [
    'a link to itself',
    (folder) => join(folder, 'loop'),
    'cannot be written: too many symbolic links encountered',
  ],
  ['bytes that are no text', (folder) => join(folder, 'binary'), 'is not UTF-8'],
  ['broken YAML', (folder) => join(folder, 'broken'), 'is not valid YAML: '],
  [
    'a name that is too long',
    (folder) => join(folder, 'x'.repeat(255)),
    'cannot be written: name too long',
  ],
  [
    'a folder that is not ours',
    (folder) => join(folder, 'config'),
    'cannot be written: permission denied',
    { createExclusive: async () => Promise.reject(denied('open')) },
  ],
  [
    'a file that we may not read',
    (folder) => join(folder, 'config'),
    'cannot be read: permission denied',
    { readBytes: async () => Promise.reject(denied('open')) },
  ],
  [
    'a full disk',
    (folder) => join(folder, 'config'),
    'cannot be written: no space left on device',
    {
      writeAtomic: async () => {
        const error = new Error('ENOSPC: no space left on device, write');
        throw Object.assign(error, { code: 'ENOSPC', syscall: 'write' });
      },
    },
  ],
])('%s is refused, and everything is as it was', async (_, pathIn, why, files) => {
  const folder = temporary();
  writeFileSync(join(folder, 'file'), '');
  writeFileSync(join(folder, 'binary'), Buffer.from([0x61, 0xff, 0xfe]));
  writeFileSync(join(folder, 'broken'), '[');
  symlinkSync('nowhere', join(folder, 'dangling'));
  symlinkSync('loop', join(folder, 'loop'));
  const before = readdirSync(folder);
  const written = await write(pathIn(folder), { ...nodeFiles, ...files });
  expect(written).toMatchObject({ kind: 'unusable' });
  expect(written.kind === 'unusable' && written.why.startsWith(why) ? why : written).toBe(why);
  expect(readdirSync(folder)).toEqual(before);
});

test('what is no fault of the file system is a bug of ours', async () => {
  const files = { ...nodeFiles, readBytes: async () => Promise.reject(new Error('bug')) };
  await expect(write(join(temporary(), 'config'), files)).rejects.toThrow('bug');
});

test('many that write at once leave an entry of each', async () => {
  const path = join(temporary(), 'config');
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const locks = createLocks(nodeFiles, clock, () => true, 1000 + index);
      const mine = { ...entry, context: { ...entry.context, name: `dev-${index}` } };
      const input = { path, entry: mine, setCurrent: true, onWait: () => {} };
      return writeEntry({ files: nodeFiles, locks }, input);
    }),
  );
  const text = readFileSync(path, 'utf8');
  expect(text.match(/^ {2}name: dev-\d+$/gm)).toHaveLength(20);
  expect(text.match(new RegExp(`name: ${ARN}$`, 'gm'))).toHaveLength(2);
});
