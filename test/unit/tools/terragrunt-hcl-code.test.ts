import { expect, test } from 'vitest';
import { readHclCode } from '../../../src/tools/terragrunt/hcl-code.ts';

test.each([
  ['dependency "a" {\n}\n  dependency "b" {\n}\n', ['a', 'b']],
  ['dependency a {\n}\n', ['a']],
  ['dependency "a" /* why */ {\n}\n', ['a']],
  ['# dependency "a" {\nx = "dependency \\"a\\" {"\n', []],
  ['x = <<EOF\ndependency "a" {\nEOF\n', []],
  ['dependencies {\n}\nx = local.dependency\n', []],
  ['{"dependency":{"a":{},"b":{}}}', ['a', 'b']],
  ['{"dependency":[{"a":{}},{"b":{}}]}', ['a', 'b']],
  ['{"locals":{"dependency":{"a":{}}}}', []],
])('blocks of %j', (text, names) => {
  expect(readHclCode(text)?.dependencies).toEqual(names);
});

test('a text that ends inside of something is not understood', () => {
  expect(readHclCode('dependency "a" {\n')).toBeUndefined();
});
