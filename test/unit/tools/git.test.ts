import { expect, test } from 'vitest';
import {
  isSafeRef,
  listTreeArgs,
  parseCommit,
  parseDefaultBranch,
  parseDiff,
  parseHashes,
  parseIsShallow,
  parseRefNames,
  parseTopFolder,
  parseTree,
  parseUntracked,
  treeArgs,
} from '../../../src/tools/git.ts';

const ID = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

test.each([
  ['main', true],
  ['origin/main', true],
  ['HEAD~3', true],
  ['', false],
  ['-x', false],
  ['--upload-pack=x', false],
  ['^main', false],
  ['main\nx', false],
])('the ref %j may be asked for: %s', (ref, expected) => {
  expect(isSafeRef(ref)).toBe(expected);
});

test.each([
  [`${ID}\n`, ID],
  [`${ID}${ID.slice(0, 24)}\n`, `${ID}${ID.slice(0, 24)}`],
  [`^${ID}\n`, undefined],
  [`${ID}\n${ID}\n`, undefined],
  ['', undefined],
])('the commit in %j', (text, expected) => {
  expect(parseCommit(text)).toBe(expected);
});

test.each([
  ['refs/remotes/origin/main\n', 'origin/main'],
  ['refs/remotes/origin/release/1\n', 'origin/release/1'],
  ['refs/heads/main\n', undefined],
])('the default branch in %j', (text, expected) => {
  expect(parseDefaultBranch(text)).toBe(expected);
});

test('a line end that belongs to the folder is kept', () => {
  expect(parseTopFolder('/shop/a\n\n')).toBe('/shop/a\n');
});

test('a diff says what is gone, whatever is in the names', () => {
  expect(parseDiff('M\0a b/ü.tf\0D\0x\ny\0A\0new\0T\0link\0')).toEqual([
    { path: 'a b/ü.tf', isGone: false },
    { path: 'x\ny', isGone: true },
    { path: 'new', isGone: false },
    { path: 'link', isGone: false },
  ]);
  expect(parseDiff('')).toEqual([]);
});

test.each(['U\0a\0D\0a\0', 'D\0a\0U\0a\0'])('a file in conflict is not gone: %j', (text) => {
  expect(parseDiff(text)).toEqual([{ path: 'a', isGone: false }]);
});

test('untracked files; a repository in the repository is one name', () => {
  expect(parseUntracked('a\nb\0nested/\0')).toEqual(['a\nb', 'nested']);
});

test('a tree lists files with their ids, and no submodules', () => {
  const text = [
    `100644 blob ${ID}\tlive/a b/terragrunt.hcl`,
    `160000 commit ${ID}\tmodules`,
    `120000 blob ${ID}\tx\ty\nz`,
    '',
  ].join('\0');
  expect(parseTree(text)).toEqual([
    { path: 'live/a b/terragrunt.hcl', blob: ID },
    { path: 'x\ty\nz', blob: ID },
  ]);
});

test('lists of lines', () => {
  expect(parseRefNames('main\norigin/main\n')).toEqual(['main', 'origin/main']);
  expect(parseHashes(`${ID}\n`)).toEqual([ID]);
  expect([parseIsShallow('true\n'), parseIsShallow('false\n')]).toEqual([true, false]);
});

test('a folder is a name, not a pattern; the top folder needs none', () => {
  expect(listTreeArgs(ID, ':(glob)*')).toEqual([
    '--literal-pathspecs',
    ...['ls-tree', '-r', '-z', ID, '--', ':(glob)*'],
  ]);
  expect(listTreeArgs(ID, '')).not.toContain('--');
  expect(treeArgs().at(-1)).toBe('HEAD^{tree}');
});
