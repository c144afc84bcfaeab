import { expect, test } from 'vitest';
import { z } from 'zod';
import { nearest, parseUserYaml, suggestion } from '../../../src/config/user-yaml.ts';
import { UserError } from '../../../src/domain/errors.ts';

const schema = z.strictObject({
  live: z.string().optional(),
  tools: z.strictObject({ providerMirrors: z.array(z.string()).optional() }).optional(),
  groups: z.record(z.string(), z.strictObject({ size: z.int() })).optional(),
});

function problemOf(text: string) {
  try {
    parseUserYaml(schema, text, '/t/platform.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).exitCode).toBe(64);
    return (error as UserError).problem;
  }
  return undefined;
}

test.each([
  ['', {}],
  ['# nothing\n', {}],
  ['live: envs\n', { live: 'envs' }],
  [
    'live: envs\r\ntools:\r\n  providerMirrors: [/m]\r\n',
    { live: 'envs', tools: { providerMirrors: ['/m'] } },
  ],
])('%j is read', (text, value) => {
  expect(parseUserYaml(schema, text, '/p')).toEqual(value);
});

test('broken YAML is told with its line', () => {
  const problem = problemOf('live: envs\ntools: [\n');
  expect(problem?.what).toMatch(/^broken YAML: /);
  expect(problem?.where).toBe('/t/platform.yaml:3');
});

test('the same key twice is broken', () => {
  expect(problemOf('live: a\nlive: b\n')?.where).toBe('/t/platform.yaml:2');
});

test.each([
  ['lvie: envs', 'unknown key "lvie"', 'did you mean "live"?'],
  ['colour: red', 'unknown key "colour"', 'one of: live, tools, groups'],
  [
    'tools:\n  providerMirror: []',
    'unknown key "tools.providerMirror"',
    'did you mean "providerMirrors"?',
  ],
])('%j: %s, %s', (text, what, next) => {
  expect(problemOf(text)).toEqual({ what, where: '/t/platform.yaml', next });
});

test('an unknown key inside a map that people name themselves is told with its path', () => {
  expect(problemOf('groups:\n  gpu:\n    sizes: 1\n    size: 1')).toMatchObject({
    what: 'unknown key "groups.gpu.sizes"',
    next: 'did you mean "size"?',
  });
});

test('a misspelt key that is required is told as misspelt, not as missing', () => {
  expect(problemOf('groups:\n  gpu:\n    sice: 1')).toMatchObject({
    what: 'unknown key "groups.gpu.sice"',
    next: 'did you mean "size"?',
  });
});

test('a wrong value is told by the path of its key', () => {
  expect(problemOf('tools:\n  providerMirrors: [1]')?.what).toMatch(
    /^"tools\.providerMirrors\.0" is wrong: /,
  );
});

test.each([
  ['eks', ['eks', 'vpc'], ['eks']],
  ['EKS', ['eks'], ['eks']],
  ['ingress', ['istio/ingress', 'dns'], ['istio/ingress']],
  ['vcp', ['vpc', 'eks'], ['vpc']],
  ['xyz', ['vpc', 'eks'], []],
  ['storage-efx', ['storage-efs', 'storage-fsx', 'vpc'], ['storage-efs', 'storage-fsx']],
  ['unrelated', ['vpc'], []],
])('nearest to %s of %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toEqual(expected);
});

test('at most three are suggested; when none is near, all are named', () => {
  expect(suggestion('dev', ['dev1', 'dev2', 'dev3', 'dev4'])).toBe(
    'did you mean "dev1" or "dev2" or "dev3"?',
  );
  expect(suggestion('x', ['production', 'staging'])).toBe('one of: production, staging');
  expect(suggestion('x', [])).toBe('there is none to choose from');
});
