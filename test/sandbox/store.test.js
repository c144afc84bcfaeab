import { expect, test } from 'vitest';
import { emptyStore, parseStore, renderStore } from '../../src/sandbox/eks/store.js';
import { furnished } from './eks-calls.js';

test('a store reads back as it was written', () => {
  const { store } = furnished();
  const text = renderStore(store);
  expect(parseStore(text)).toEqual(JSON.parse(text));
  expect(parseStore(text)).toEqual(store);
  expect(JSON.parse(text).clusters['eu-central-1/demo'].fields.name).toBe('demo');
  expect(parseStore(renderStore(emptyStore))).toEqual(emptyStore);
});
const damaged = ['', '{', '[]', '{"schema":2,"clusters":{}}', '{"schema":1,"clusters":{"a":{}}}'];
test.each(damaged)('%j is not a store', (text) => {
  expect(() => parseStore(text)).toThrow();
});
