import { expect, test } from 'vitest';
import { z } from 'zod';
import { pyYamlDump } from '../../../../src/tools/kubernetes/kubeconfig/pyyaml-dump.ts';
import { fixture } from '../../support/fixture.ts';

const recorded = z
  .array(z.tuple([z.string(), z.string()]))
  .parse(JSON.parse(fixture('pyyaml/6.0.3/strings.json')));

test.each(recorded)('%j is written byte for byte as PyYAML writes it', (text, written) => {
  const users = [{ user: { exec: { args: [text] } } }];
  expect(pyYamlDump({ 'current-context': text, users })).toBe(written);
});

test('what is empty stands on the line of its key', () => {
  expect(pyYamlDump({ a: {}, b: [], c: [{ d: {} }] })).toBe('a: {}\nb: []\nc:\n- d: {}\n');
});
