// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL writes its templates the same way
import { expect, test } from 'vitest';
import { parseReferences } from '../../../src/tools/terragrunt/references.ts';

const readsIn = (...texts: readonly string[]) => Object.fromEntries(parseReferences(texts));

test.each([
  ['dependency.vpc.outputs.id', ['id']],
  ['dependency.vpc.outputs["id"]', ['id']],
  ['dependency["vpc"].outputs["id"]', ['id']],
  ['dependency.vpc["outputs"].id', ['id']],
  ['dependency . vpc . outputs . id', ['id']],
  ['(dependency\n  .vpc\n  .outputs\n  [ "id" ])', ['id']],
  ['(dependency.vpc # why\n .outputs /* so */ .id)', ['id']],
  ['dependency.vpc.outputs.subnet_ids[0]', ['subnet_ids']],
  ['dependency.vpc.outputs.subnets[*].id', ['subnets']],
  ['dependency.vpc.outputs.subnets.*.id', ['subnets']],
  ['dependency.vpc.outputs.azs.0', ['azs']],
  ['dependency.vpc.outputs.tags["a"]["b"]', ['tags']],
  ['dependency.vpc.outputs.sub-nets_2', ['sub-nets_2']],
  ['try(dependency.vpc.outputs.id, "")', ['id']],
  ['[dependency.vpc.outputs.b, dependency.vpc.outputs.a]', ['a', 'b']],
  ['include.root.dependency.vpc.outputs.id', ['id']],
  ['local.cfg.dependency.vpc.outputs.id', ['id']],
  ['local.cfg["dependency"].vpc.outputs.id', undefined],
  ['"${dependency.vpc.outputs.id}"', ['id']],
  ['"a-${upper("${dependency.vpc.outputs.id}")}-b"', ['id']],
  ['"%{ if dependency.vpc.outputs.on ~} x %{ endif }"', ['on']],
  ['<<EOF\n# ${dependency.vpc.outputs.id}\nEOF\n', ['id']],
  ['<<-EOF\n  // "${dependency.vpc.outputs.id}"\n  EOF\n', ['id']],
  ['{ for k, v in dependency.vpc.outputs.tags : k => v }', ['tags']],
  ['dependency.vpc.outputs', 'all'],
  ['dependency.vpc.outputs[*]', 'all'],
  ['dependency.vpc.outputs.*', 'all'],
  ['dependency.vpc.outputs[local.key]', 'all'],
  ['dependency.vpc.outputs["${local.key}"]', 'all'],
  ['dependency.vpc.outputs["a-${local.key}"]', 'all'],
  ['dependency.vpc.outputs["\\u0069d"]', 'all'],
  ['(dependency.vpc.outputs).id', 'all'],
  ['dependency.vpc', 'all'],
  ['dependency["vpc"]', 'all'],
  ['dependency.vpc[local.key]', 'all'],
  ['dependency.vpc.inputs.name', 'all'],
  ['[dependency.vpc.outputs.id, dependency.vpc]', 'all'],
])('%s', (expression, reads) => {
  const text = `inputs = {\n  x = ${expression}\n}\n`;
  expect(readsIn(text)).toEqual(reads === undefined ? { '*': 'all' } : { vpc: reads });
});

test.each([
  'dependency[local.key].outputs.id',
  'dependency["${local.key}"].outputs.id',
  'dependency[*].outputs.id',
  'dependency.*.outputs.id',
  'values(dependency)',
  '[for name, unit in dependency : unit.outputs.id]',
  '{ for name, unit in dependency : name => unit }',
  '"%{ for unit in dependency }x%{ endfor }"',
  'merge(local.a, dependency)',
  'lookup(local.cfg, "dependency")',
  'local.cfg.dependency',
  'true ? dependency : local.cfg',
  'dependency == null',
  '{ for dependency in local.all : "x" => dependency }',
])('any dependency: %s', (expression) => {
  expect(readsIn(`locals {\n  x = ${expression}\n}\n`)).toEqual({ '*': 'all' });
});

test.each([
  ['a block', 'dependency "vpc" {\n  config_path = "../vpc"\n}\n'],
  ['a block without quotes', 'dependency vpc {\n}\n'],
  ['a block with a comment in its head', 'dependency /* x */ "vpc" { # y\n}\n'],
  ['a block of another name', 'dependency "my-dependency" {\n}\n'],
  ['dependencies', 'dependencies {\n  paths = ["../dependency"]\n}\n'],
  ['a name that is given a value', 'inputs = {\n  dependency = "x"\n  a-dependency = 1\n}\n'],
  [
    'a longer name',
    'inputs = {\n  x = local.dependency_id + local.dependency-id + local.my_dependency\n}\n',
  ],
  ['a comment', '# the dependency.vpc.outputs.id\n// dependency\n/* dependency\n dependency */\n'],
  ['words in a string', 'inputs = {\n  x = "each dependency, dependency.vpc.outputs.id"\n}\n'],
  ['words in a heredoc', 'inputs = {\n  x = <<EOF\ndependency.vpc $${dependency.vpc} "\nEOF\n}\n'],
])('nothing is read by %s', (_, text) => {
  expect(readsIn(text)).toEqual({});
});

test.each([
  ['a comment sign in a string', 'x = "http://${dependency.vpc.outputs.id}" # y'],
  ['a comment sign in a string before', 'x = ["//", "/*", "#", dependency.vpc.outputs.id]'],
  ['a quote in a comment', '# don\'t "\nx = dependency.vpc.outputs.id'],
  ['a quote in a heredoc', 'y = <<E\n "\nE\nx = dependency.vpc.outputs.id'],
  ['a brace in a sequence', 'x = "${merge({ a = "}" }, { b = dependency.vpc.outputs.id })}"'],
  ['an escaped quote', 'x = "\\"${dependency.vpc.outputs.id}"'],
  ['an escaped sequence before', 'x = "$${a} ${dependency.vpc.outputs.id}"'],
  ['a heredoc in a sequence', 'x = "${upper(<<E\n}\nE\n)}${dependency.vpc.outputs.id}"'],
  ['the end of a line before a block', 'x = dependency.vpc.outputs.id\nterraform {\n}'],
  ['windows line ends', 'y = <<E\r\n#\r\nE\r\nx = dependency.vpc.outputs.id\r\n'],
])('not hidden by %s', (_, text) => {
  expect(readsIn(text)).toEqual({ vpc: ['id'] });
});

test('the last word of a line is no head of the block that follows', () => {
  expect(readsIn('x = local.cfg.dependency\nterraform {\n}\n')).toEqual({ '*': 'all' });
});

test.each(['x = "unclosed', 'x = <<EOF\nunclosed', '/* unclosed', 'x = {', 'x = "${a"', '}'])(
  'of a text that ends inside of something nothing is known: %j',
  (text) => {
    expect(readsIn(text)).toEqual({ '*': 'all' });
  },
);

test('all texts count, each name once', () => {
  expect(
    readsIn('a = dependency.x.outputs.b', 'a = [dependency.x.outputs.a, dependency.y.outputs]'),
  ).toEqual({ x: ['a', 'b'], y: 'all' });
  expect(readsIn()).toEqual({});
});

test('JSON: strings are templates, names are not', () => {
  const text = JSON.stringify({
    include: { root: { path: '${find_in_parent_folders("root.hcl")}' } },
    dependency: { vpc: { config_path: '../vpc', mock_outputs: { id: 'dependency' } } },
    inputs: {
      id: '${dependency.vpc.outputs.id}',
      list: ['${dependency.vpc.outputs["a"]}', '$${dependency.none.outputs}'],
      '${dependency.kms.outputs.arn}': 'dependency.dns.outputs.id',
    },
  });
  expect(readsIn(text)).toEqual({ vpc: ['a', 'id'], kms: ['arn'] });
  expect(readsIn('{"inputs":{"x":"${dependency.vpc"}}')).toEqual({ '*': 'all' });
});
