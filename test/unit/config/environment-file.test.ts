import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { environmentFileSchema } from '../../../src/config/environment-file.ts';
import { parseUserYaml } from '../../../src/config/user-yaml.ts';

const live = fileURLToPath(new URL('../../../live', import.meta.url));
const environments = readdirSync(live, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
  .map(({ name }) => name);
const textOf = (name: string) => readFileSync(`${live}/${name}/env.yaml`, 'utf8');
const read = (text: string) => parseUserYaml(environmentFileSchema, text, 'env.yaml');

test.each(environments)('live/%s/env.yaml of this repository is right', (name) => {
  expect(read(textOf(name)).name).toBe(name);
});

test('the template of an environment, filled in, is right, and waits for what dev waits for', () => {
  const template = readFileSync(`${live}/../templates/environment/env.yaml`, 'utf8');
  const facts = { environment: 'staging', account: '444455556666', region: 'eu-central-1' };
  const filled = read(
    template.replace(/\{\{(\w+)\}\}/g, (hole, key) => facts[key as keyof typeof facts] ?? hole),
  );
  expect(filled).toMatchObject({ name: 'staging', account: facts.account, region: facts.region });
  expect(filled.steps).toEqual(read(textOf('dev')).steps);
});

test('both kinds of environment are in this repository', () => {
  expect(new Set(environments.map((name) => read(textOf(name)).kind))).toEqual(
    new Set(['sandbox', 'aws']),
  );
});

test.each([
  ['an account that lost its quotes', /account: .*/, 'account: 12345678901', '"account" is wrong'],
  [
    'a version that lost its quotes',
    /version: ["']?1\.\d+["']?/,
    'version: 1.33',
    '"cluster.version" is wrong',
  ],
  ['a kind that nobody knows', /kind: .*/, 'kind: azure', '"kind" is wrong'],
  ['a key that nobody knows', /^region:/m, 'regoin:', 'unknown key "regoin"'],
])('%s is found here and not by AWS', (_, pattern, wrong, what) => {
  const text = textOf('sandbox');
  const changed = text.replace(pattern, wrong);
  expect(changed).not.toBe(text);
  expect(() => read(changed)).toThrow(what);
});
