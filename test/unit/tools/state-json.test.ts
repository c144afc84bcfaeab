import { expect, test } from 'vitest';
import { parseOutputs, parseState } from '../../../src/tools/terraform/state-json.ts';
import { fixture } from '../support/fixture.ts';

test('a real state: what it is, how often it was written, and its managed instances', () => {
  expect(parseState(fixture('terraform/1.11.4/state.json'))).toEqual({
    lineage: 'd23e13c2-a064-ad23-e1a0-e2541bec6ade',
    serial: 11,
    resources: 10,
    outputs: {
      id: { sensitive: false, type: 'string', value: '2dff7340-9390-c8a6-99fb-1a74cdd15b6a' },
      input: { sensitive: false, type: 'string', value: 'one' },
    },
  });
});

test('a real state: outputs come with their types and their marks', () => {
  const state = parseState(fixture('terraform/1.11.4/outputs-state.json'));
  expect(state?.outputs).toMatchObject({
    map: {
      sensitive: false,
      type: ['object', { a: ['tuple', ['string']], b: 'number' }],
      value: { a: ['x'], b: 1 },
    },
    secret: { sensitive: true, type: 'string', value: 'canary-7c1f' },
  });
  expect(Object.keys(state?.outputs ?? {})).toHaveLength(7);
});

test('instances count, data sources do not', () => {
  const resources = [
    { mode: 'managed', instances: [{}, {}, {}] },
    { mode: 'data', instances: [{}] },
    { mode: 'managed' },
    { mode: 'managed', instances: [{}] },
  ];
  expect(parseState(JSON.stringify({ serial: 3, resources }))?.resources).toBe(4);
});

test('a state with nothing in it is one', () => {
  expect(parseState('{"serial":4}')).toEqual({ lineage: '', serial: 4, resources: 0, outputs: {} });
});

test('a hook may say something before Terraform does', () => {
  expect(parseState('about to pull {state}\n{"serial":4}')?.serial).toBe(4);
});

test.each(['', '\n'])('no state was ever written: %j', (stdout) => {
  expect(parseState(stdout)).toBeUndefined();
});

test('what is no state is an error of the tool', () => {
  expect(() => parseState('{"version":4}')).toThrow('terraform state pull answered JSON');
});

test('outputs keep their values and their marks', () => {
  expect(parseOutputs(fixture('terraform/1.11.4/output.json'))).toMatchObject([
    { name: 'id', sensitive: false },
    { name: 'input', sensitive: false, value: 'one' },
  ]);
  expect(parseOutputs('{"k":{"sensitive":true,"value":[1]},"n":{"value":null}}')).toEqual([
    { name: 'k', sensitive: true, value: [1] },
    { name: 'n', sensitive: false, value: null },
  ]);
});
