import { expect, test } from 'vitest';
import { mockedDependencies, parseLog, runArgs } from '../../../src/tools/terragrunt/run.ts';
import { fixture } from '../support/fixture.ts';

const recorded = (name: string) => parseLog(fixture(`terragrunt/1.1.3/${name}.log`));

test('the warning about mocks names the dependency', () => {
  expect(mockedDependencies(recorded('run-plan-mocked'))).toEqual([
    '/estate/tree/net/vpc/terragrunt.hcl',
  ]);
});

test('a dependency that is warned about twice is named once; other lines are no warning', () => {
  const message =
    'Config /a/terragrunt.hcl is a dependency of /b/terragrunt.hcl that has no outputs, but mock outputs provided and';
  const line = { level: 'warn', message, fromTerraform: false };
  expect(
    mockedDependencies([line, line, { ...line, message: `see: ${message.replace('/a/', '/c/')}` }]),
  ).toEqual(['/a/terragrunt.hcl']);
});

test('levels and messages of a real log', () => {
  const lines = recorded('run-plan-failed');
  expect(lines[0]?.level).toBe('warn');
  expect(
    lines.filter(({ level }) => level === 'error').map(({ message }) => message),
  ).toContainEqual(expect.stringContaining('Error: Invalid expression'));
  expect(lines.every(({ message }) => message !== '')).toBe(true);
});

test('what is no JSON is kept as it is, empty lines are not', () => {
  expect(parseLog('\n{"level":"info","msg":"a"}\nplain words\n{"x":1}\n  \n"text"')).toEqual([
    { level: 'info', message: 'a', fromTerraform: false },
    { level: 'plain', message: 'plain words', fromTerraform: false },
    { level: 'plain', message: '{"x":1}', fromTerraform: false },
    { level: 'plain', message: '"text"', fromTerraform: false },
  ]);
});

test('what Terraform says and Terragrunt passes on is told from what a hook says', () => {
  const lines = parseLog(
    '{"level":"stderr","tf-command-args":["init"],"msg":"Error: x"}\n{"level":"stderr","msg":"token"}',
  );
  expect(lines.map(({ fromTerraform }) => fromTerraform)).toEqual([true, false]);
});

test('Terraform’s own arguments come last, behind --, and nothing is retried', () => {
  const args = runArgs({
    unitFolder: '/t/eks',
    reportFile: '/r.json',
    outputsFromState: false,
    terraform: ['plan', '-out=x'],
  });
  expect(args.slice(-3)).toEqual(['--', 'plan', '-out=x']);
  expect(args).toEqual(
    expect.arrayContaining(['--no-auto-retry', '--non-interactive', '--log-format=json']),
  );
  expect(args[args.indexOf('--working-dir') + 1]).toBe('/t/eks');
  expect(args[args.indexOf('--report-file') + 1]).toBe('/r.json');
  expect(args).not.toContain('--dependency-fetch-output-from-state');
});
