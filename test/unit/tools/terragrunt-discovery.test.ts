import { expect, test } from 'vitest';
import {
  findArgs,
  hclFormatCheckArgs,
  hclValidateArgs,
  parseCycle,
  parseFind,
  parseHclFormatCheck,
  parseHclValidate,
  stackGenerateArgs,
} from '../../../src/tools/terragrunt/discovery.ts';
import { fixture } from '../support/fixture.ts';

const recorded = (name: string) => fixture(`terragrunt/1.1.3/${name}`);

test('find: units and what they depend on', () => {
  const root = { includes: ['root.hcl'], reads: ['root.hcl'], excludedFrom: [] };
  expect(parseFind(recorded('find-dependencies.json'))).toEqual([
    { type: 'unit', path: 'app/api', dependencies: ['net/vpc'], ...root },
    { type: 'unit', path: 'app/web', dependencies: ['net/vpc'], ...root },
    { type: 'unit', path: 'kms', dependencies: [], ...root, reads: ['../common.hcl', 'root.hcl'] },
    { type: 'unit', path: 'net/vpc', dependencies: [], ...root },
  ]);
  expect(parseFind(recorded('find.json')).map(({ path }) => path)).toHaveLength(4);
});

test('find: an exclude block that holds keeps the unit out of its commands', () => {
  const found = (exclude: string) =>
    parseFind(`[{"type":"unit","path":"a","exclude":${exclude}}]`)[0]?.excludedFrom;
  expect(found('{"if":true,"actions":["apply","destroy"]}')).toEqual(['apply', 'destroy']);
  expect(found('{"if":false,"actions":["all"]}')).toEqual([]);
});

test('find: an included file is read, whether it is listed as read or not', () => {
  const text = '[{"type":"unit","path":"a","include":{"x":"x.hcl"},"reading":["b.tf","x.hcl"]}]';
  expect(parseFind(text)[0]).toMatchObject({ includes: ['x.hcl'], reads: ['b.tf', 'x.hcl'] });
  expect(parseFind(text.replace(',"x.hcl"]', ']'))[0]?.reads).toEqual(['b.tf', 'x.hcl']);
});

test('find: nothing found is nothing, garbage is an error', () => {
  expect(parseFind('')).toEqual([]);
  expect(() => parseFind('panic: oh no')).toThrow('terragrunt find answered what is not JSON');
  expect(() => parseFind('[{"type":"unit"}]')).toThrow('unknown shape: 0.path');
});

test('hcl validate: where, what and why', () => {
  expect(parseHclValidate(recorded('hcl-validate-broken.json'))).toEqual([
    {
      file: '/estate/broken/kms/terragrunt.hcl',
      line: 3,
      summary: 'Invalid expression',
      detail: 'Expected the start of an expression, but found an invalid expression token.',
    },
  ]);
  expect(parseHclValidate(recorded('hcl-validate-good.json'))).toEqual([]);
});

test('a circle is read from what hcl validate says, once', () => {
  expect(parseCycle(recorded('hcl-validate-cycle.stderr'))).toEqual([
    '/estate/cycle/app/web/terragrunt.hcl',
    '/estate/cycle/net/vpc/terragrunt.hcl',
    '/estate/cycle/app/web/terragrunt.hcl',
  ]);
  expect(parseCycle('10:00 ERROR something else')).toBeUndefined();
});

test('files that are not formatted are named', () => {
  expect(parseHclFormatCheck(recorded('hcl-fmt-check.stderr'))).toEqual([
    '/estate/tree/kms/terragrunt.hcl',
  ]);
  expect(parseHclFormatCheck('')).toEqual([]);
});

test.each([
  ['find', findArgs('/t', { dependencies: false })],
  ['find', findArgs('/t', { dependencies: true })],
  ['stack', stackGenerateArgs('/t')],
  ['hcl', hclValidateArgs('/t')],
  ['hcl', hclFormatCheckArgs('/t')],
])('%s asks nobody, paints nothing and works in the folder', (command, args) => {
  expect(args[0]).toBe(command);
  expect(args).toEqual(expect.arrayContaining(['--no-color', '--non-interactive']));
  expect(args.slice(-2)).toEqual(['--working-dir', '/t']);
});

test.each(['--dependencies', '--include', '--reading'])('%s only where it is wanted', (flag) => {
  expect(findArgs('/t', { dependencies: true })).toContain(flag);
  expect(findArgs('/t', { dependencies: false })).not.toContain(flag);
});

test('filters of the folder never count', () => {
  expect(findArgs('/t', { dependencies: false })).toContain('--no-filters-file');
});
