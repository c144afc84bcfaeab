import { expect, test } from 'vitest';
import { parseRender, renderArgs } from '../../../src/tools/terragrunt/render.ts';
import { fixture } from '../support/fixture.ts';

const units = parseRender(fixture('terragrunt/1.1.3/render-all.jsonl'));

test('one unit per line, each with the place of its state', () => {
  expect(units.map(({ stateKey }) => stateKey)).toEqual([
    's3 "states" "app/api/terraform.tfstate" null null null',
    's3 "states" "app/web/terraform.tfstate" null null null',
    's3 "states" "kms/terraform.tfstate" null null null',
    's3 "states" "net/vpc/terraform.tfstate" null null null',
  ]);
});

test('dependencies with what is said about mocks', () => {
  expect(units[1]?.dependencies).toEqual([
    {
      name: 'kms',
      configPath: '../../kms',
      mocks: { out: 'mock-out' },
      enabled: false,
      skipped: false,
      mergesMocks: 'no',
      mocksAllowedFor: undefined,
    },
    {
      name: 'vpc',
      configPath: '../../net/vpc',
      mocks: { out: 'mock-out' },
      enabled: true,
      skipped: false,
      mergesMocks: 'no',
      mocksAllowedFor: ['plan'],
    },
  ]);
});

const keyOf = (backend: string, config: Record<string, unknown>) =>
  parseRender(JSON.stringify({ remote_state: { backend, config } }))[0]?.stateKey;

test.each([
  ['s3', { bucket: 'b', key: 'k', profile: 'mine' }, { bucket: 'b', key: 'k', profile: 'yours' }],
  ['gcs', { bucket: 'b', prefix: 'p', credentials: 'x' }, { bucket: 'b', prefix: 'p' }],
  ['local', { path: '/s/a' }, { path: '/s/a', workspace_dir: '/w' }],
  ['http', { a: 1, b: 2 }, { b: 2, a: 1 }],
])('%s: the same place, whatever else is set', (backend, one, other) => {
  expect(keyOf(backend, one)).toBeDefined();
  expect(keyOf(backend, one)).toBe(keyOf(backend, other));
});

test.each([
  ['s3', { bucket: 'b', key: 'k' }, { bucket: 'b', key: 'l' }],
  ['s3', { bucket: 'b', key: 'k' }, { bucket: 'c', key: 'k' }],
  ['s3', { bucket: 'b', key: 'k' }, { bucket: 'b', key: 'k', endpoints: { s3: 'http://x' } }],
  ['azurerm', { key: 'k', container_name: 'a' }, { key: 'k', container_name: 'b' }],
  ['s3', { bucket: 'a b', key: 'c' }, { bucket: 'a', key: 'b c' }],
])('%s: another place', (backend, one, other) => {
  expect(keyOf(backend, one)).not.toBe(keyOf(backend, other));
});

test('a relative local path lies in the unit and meets nobody; no backend is no place', () => {
  expect(keyOf('local', { path: 'terraform.tfstate' })).toBeUndefined();
  expect(keyOf('local', {})).toBeUndefined();
  expect(parseRender('{}')).toEqual([
    {
      dependencies: [],
      dependencyPaths: [],
      terraformBinary: '',
      backend: undefined,
      stateKey: undefined,
    },
  ]);
});

test.each(['', ',"mock_outputs":null'])('a dependency without mocks has none: %j', (mocks) => {
  const unit = `{"dependency":{"a":{"config_path":"../a"${mocks}}}}`;
  expect(parseRender(unit)[0]?.dependencies[0]?.mocks).toBeUndefined();
});

test('mocks that are empty are mocks', () => {
  const unit = '{"dependency":{"a":{"config_path":"../a","mock_outputs":{}}}}';
  expect(parseRender(unit)[0]?.dependencies[0]?.mocks).toEqual({});
});

test('how mocks are merged with a state: the strategy goes before the old boolean', () => {
  const [unit] = parseRender(fixture('terragrunt/1.1.3/render-merges.jsonl'));
  const said = unit?.dependencies.map(({ name, mergesMocks }) => [name, mergesMocks]);
  expect(Object.fromEntries(said ?? [])).toEqual({
    shallow: 'shallow',
    deep: 'deep',
    none: 'no',
    old: 'shallow',
    both: 'no',
    skipped: 'no',
  });
  expect(unit?.dependencies.filter(({ skipped }) => skipped)).toMatchObject([{ name: 'skipped' }]);
});

test('a strategy that is not known counts as the one that merges most', () => {
  const strategy = '"mock_outputs_merge_strategy_with_state":"deeper"';
  const unit = `{"dependency":{"a":{"config_path":"../a",${strategy}}}}`;
  expect(parseRender(unit)[0]?.dependencies[0]?.mergesMocks).toBe('deep');
});

test('lines that are no units are passed over, units of an unknown shape are not', () => {
  expect(parseRender('10:00 WARN hello\n\n')).toEqual([]);
  expect(() => parseRender('{"dependency":{"a":{}}}')).toThrow('dependency.a.config_path');
});

test('rendering reads nobody else’s outputs', () => {
  const args = renderArgs('/t', { all: true });
  expect(args).toEqual(
    expect.arrayContaining([
      '--all',
      '--experiment=optional-dependency-outputs',
      '--no-dependency-outputs',
    ]),
  );
  expect(renderArgs('/t/a', { all: false })).not.toContain('--all');
  const file = '/t/deps.hcl';
  expect(renderArgs('/t', { all: false, file })).toContain(`--config=${file}`);
});
