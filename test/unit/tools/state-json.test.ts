import { expect, test } from 'vitest';
import { parseOutputs, parseState } from '../../../src/tools/terraform/state-json.ts';
import { fixture } from '../support/fixture.ts';

test('a real state: its serial and its managed instances', () => {
  const state = parseState(fixture('terraform/1.11.4/state.json'));
  expect(state?.resources).toBe(10);
  expect(state?.serial).toBe(JSON.parse(fixture('terraform/1.11.4/state.json')).serial);
});

test('instances count, data sources do not', () => {
  const resources = [
    { mode: 'managed', instances: [{}, {}, {}] },
    { mode: 'data', instances: [{}] },
    { mode: 'managed' },
  ];
  expect(parseState(JSON.stringify({ serial: 3, resources }))).toEqual({ serial: 3, resources: 3 });
  expect(parseState('{"serial":4}')).toEqual({ serial: 4, resources: 0 });
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
