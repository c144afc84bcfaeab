import { expect, test } from 'vitest';
import { classifyFailure, FAILURE_EXIT, type FailureFacts } from '../../../src/domain/failure.ts';

const facts = (given: Partial<FailureFacts> = {}): FailureFacts => ({
  unit: 'eks',
  environment: 'dev',
  diagnostics: [],
  terragruntErrors: [],
  missingOutputs: [],
  exitCode: 1,
  inputsDiffer: false,
  ...given,
});

const diagnostic = (summary: string, detail = '') => ({ summary, detail, address: undefined });

test.each([
  ['Error acquiring the state lock', 'locked'],
  ['No valid credential sources found', 'identity'],
  ['AWS account ID not allowed: 222222222222', 'identity'],
  ['Saved plan is stale', 'refused'],
  ['Saved plan does not match the given state', 'refused'],
  ['Failed to query available provider packages', 'tool'],
  ['Invalid for_each argument', 'failed'],
] as const)('Terraform says "%s": %s', (summary, kind) => {
  expect(classifyFailure(facts({ diagnostics: [diagnostic(summary)] })).kind).toBe(kind);
});

test('the detail counts too, and so does what Terragrunt says before Terraform starts', () => {
  const detail = 'operation error STS: GetCallerIdentity, ExpiredToken: the token has expired';
  const byDetail = facts({ diagnostics: [diagnostic('Retrieving AWS account details', detail)] });
  expect(classifyFailure(byDetail).kind).toBe('identity');
  const byTerragrunt = facts({
    terragruntErrors: ['failed to refresh cached credentials, no EC2'],
  });
  expect(classifyFailure(byTerragrunt).kind).toBe('identity');
});

test.each([
  ['locked', 'Error acquiring the state lock', 'wait until it is done'],
  ['identity', 'ExpiredToken', 'check the credentials: platform doctor dev'],
  ['refused', 'Saved plan is stale', 'plan again: platform plan dev eks'],
  ['failed', 'anything', 'read it all: platform logs eks'],
])('what is %s says what to do next', (_, summary, next) => {
  expect(classifyFailure(facts({ diagnostics: [diagnostic(summary)] })).next).toBe(next);
});

test('the first diagnostic is the headline, with its address', () => {
  const failure = classifyFailure(
    facts({
      diagnostics: [
        { summary: 'creating EKS Cluster', detail: '', address: 'aws_eks_cluster.this' },
        diagnostic('later'),
      ],
    }),
  );
  expect(failure).toMatchObject({
    summary: 'creating EKS Cluster',
    address: 'aws_eks_cluster.this',
  });
});

test('without a diagnostic it is the first words of Terragrunt, without what stands before "Error:"', () => {
  const failure = classifyFailure(
    facts({ terragruntErrors: ['\n\n', '12:00 ERROR Error: no such module\nmore'] }),
  );
  expect(failure.summary).toBe('no such module');
});

test.each([
  [2, 'terragrunt ended with exit code 2'],
  [null, 'terragrunt was killed'],
])('without any word it is the exit code (%s)', (exitCode, summary) => {
  expect(classifyFailure(facts({ exitCode })).summary).toBe(summary);
});

test('other inputs than planned are a refusal, whatever else is said', () => {
  const failure = classifyFailure(
    facts({ inputsDiffer: true, diagnostics: [diagnostic('Error acquiring the state lock')] }),
  );
  expect(failure).toMatchObject({
    kind: 'refused',
    next: expect.stringMatching(/^plan again: platform plan dev eks; .*timestamp\(\)/),
  });
});

test('each kind has its exit code', () => {
  expect(FAILURE_EXIT).toEqual({
    failed: 1,
    unreadable: 1,
    locked: 4,
    identity: 5,
    refused: 3,
    tool: 69,
  });
});

test('a lock says who holds it, since when, and how to free it', () => {
  const detail = `Lock Info:
  ID:        1f5c
  Path:      state/eks
  Who:       ana@laptop
  Created:   2026-11-22 10:00:00 UTC`;
  const locked = facts({ diagnostics: [diagnostic('Error acquiring the state lock', detail)] });
  expect(classifyFailure(locked)).toEqual({
    kind: 'locked',
    summary: 'the state is locked by ana@laptop since 2026-11-22 10:00:00 UTC',
    next: 'wait; if its holder is dead: platform unlock dev eks',
  });
});

test('a failed init is told by its cause, not by the words that come before it', () => {
  const terragruntErrors = [
    'Error: Terraform encountered problems during initialisation, including problems\n',
    'Error: Failed to query available provider packages\n',
  ];
  expect(classifyFailure(facts({ terragruntErrors })).summary).toBe(
    'Failed to query available provider packages',
  );
});

test('outputs that are not there name the unit to apply first', () => {
  expect(classifyFailure(facts({ missingOutputs: ['vpc'] }))).toMatchObject({
    kind: 'failed',
    summary: 'there are no outputs of "vpc"',
    next: 'apply it first: platform apply dev vpc',
  });
});
