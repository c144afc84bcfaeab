import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { floorViolations } from './support/floor-rules.ts';

const src = fileURLToPath(new URL('../../src', import.meta.url));

test('the source keeps to its floors', () => {
  const files = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(src, path), text: readFileSync(path, 'utf8') }));
  expect(files.length).toBeGreaterThan(80);
  expect(floorViolations(files)).toEqual([]);
});

test.each([
  ['domain/a.ts', "import { b } from '../ui/b.ts';", 'imports ui'],
  ['domain/a.ts', "import type { B } from '../host/b.ts';", 'imports host'],
  ['ui/a.ts', "import {\n  b,\n} from '../actions/b.ts';", 'imports actions'],
  ['actions/run/a.ts', "export * from '../../ui/b.ts';", 'imports ui'],
  ['actions/a.ts', "import '../cli/main.ts';", 'imports cli'],
  ['actions/a.ts', "await import('../ui/b.ts');", 'imports ui'],
  ['actions/a.ts', "await import(\n  '../ui/b.ts'\n);", 'imports ui'],
  ['tools/a.ts', "import { b } from '../host/b.ts';", 'imports more than types of host'],
  ['tools/a.ts', "import { type B, c } from '../host/b.ts';", 'imports more than types of host'],
  ['config/a.ts', "import * as b from '../host/b.ts';", 'imports more than types of host'],
  ['sandbox/a.ts', "await import('../host/b.ts');", 'imports more than types of host'],
  ['steps/a.ts', "import type { B } from '../actions/b.ts';", 'imports actions'],
  ['cli/commands/a.ts', "import { b } from '../../tools/b.ts';", 'imports tools'],
  ['host/a.ts', "import { b } from '../config/b.ts';", 'imports config'],
  ['odd/a.ts', "import { b } from '../domain/b.ts';", 'lies on no floor'],
  [
    'cli/a.ts',
    "import { readFile } from 'node:fs/promises';",
    'imports node:fs/promises, which belongs to host',
  ],
  [
    'cli/a.ts',
    "await import('@inquirer/prompts');",
    'imports @inquirer/prompts, which belongs to host',
  ],
  [
    'sandbox/a.ts',
    "import { createServer } from 'node:http';",
    'imports node:http, which belongs to host',
  ],
  ['tools/a.ts', "import { execa } from 'execa';", 'imports execa, which belongs to host'],
  ['cli/a.ts', "import chalk from 'chalk';", 'imports chalk, which belongs to ui'],
  ['actions/a.ts', 'const folder = process.cwd();', 'touches process'],
  ['actions/a.ts', "const folder = process['env'];", 'touches process'],
  ['cli/commands/a.ts', 'process.exitCode = 1;', 'touches process'],
])('%s with %s is a breach', (path, text, what) => {
  expect(floorViolations([{ path, text }])).toEqual([`${path}: ${what}`]);
});

test.each([
  ['tools/a.ts', "import type { B } from '../host/b.ts';"],
  ['tools/a.ts', "import { type B, type C } from '../host/b.ts';"],
  ['actions/run/a.ts', "import { b } from './b.ts';\nimport { c } from '../session.ts';"],
  ['cli/main.ts', 'process.exitCode = 1;'],
  ['host/node/a.ts', "import { execa } from 'execa';\nprocess.kill(1);"],
  ['actions/a.ts', 'const code = result.process.exitCode ?? process.exitCode;'],
  ['ui/a.ts', "// import { b } from '../actions/b.ts'\nconst { Listr } = await import('listr2');"],
])('%s with %s is none', (path, text) => {
  expect(floorViolations([{ path, text }])).toEqual([]);
});
