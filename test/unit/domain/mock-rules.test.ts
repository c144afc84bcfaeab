import { expect, test } from 'vitest';
import { type DependencyMocks, hidesMocks, mockProblems } from '../../../src/domain/mock-rules.ts';

const dependency = (given: Partial<DependencyMocks> = {}): DependencyMocks => ({
  name: 'vpc',
  configPath: '../vpc',
  mocked: true,
  enabled: true,
  mocksAllowedFor: ['init', 'validate', 'plan'],
  ...given,
});

test.each([
  { mocksAllowedFor: ['init', 'validate', 'plan'] },
  { mocked: false, mocksAllowedFor: undefined },
  { mocked: false, mocksAllowedFor: ['apply'] },
  { enabled: false, mocksAllowedFor: undefined },
])('nothing to say of %j', (given) => {
  expect(mockProblems([dependency(given)])).toEqual([]);
});

test.each([
  [undefined, 'its mocks are allowed for every command, apply included'],
  [[], 'its mocks are allowed for every command, apply included'],
  [['plan', 'apply'], 'its mocks are allowed for "apply"'],
  [['destroy'], 'its mocks are allowed for "destroy"'],
])('mocks allowed for %j can reach a state', (mocksAllowedFor, what) => {
  expect(mockProblems([dependency({ mocksAllowedFor })])).toEqual([
    {
      what,
      where: 'dependency "vpc" (../vpc)',
      next: 'set mock_outputs_allowed_terraform_commands to commands that change nothing',
    },
  ]);
});

test('a problem that many units inherit from one file is said once', () => {
  const bad = dependency({ mocksAllowedFor: ['apply'] });
  expect(mockProblems([bad, bad, dependency({ name: 'kms', mocksAllowedFor: [] })])).toHaveLength(
    2,
  );
});

test.each([
  [{ mergesMocks: true, mocksAllowedFor: undefined }, true],
  [{ mergesMocks: true, mocksAllowedFor: ['plan', 'apply'] }, true],
  [{ skipped: true, mocksAllowedFor: [] }, true],
  [{ enabled: false, mocksAllowedFor: undefined }, true],
  [{ mergesMocks: true, mocksAllowedFor: ['plan'] }, false],
  [{ mocksAllowedFor: undefined }, false],
  [{ mocked: false, mergesMocks: true, mocksAllowedFor: undefined }, false],
])('mocks that no log line tells of: %j is %s', (given, expected) => {
  expect(hidesMocks({ ...dependency(), skipped: false, mergesMocks: false, ...given })).toBe(
    expected,
  );
});
