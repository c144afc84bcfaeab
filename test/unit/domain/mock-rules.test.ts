import { expect, test } from 'vitest';
import { type DependencyMocks, mockProblems } from '../../../src/domain/mock-rules.ts';

const dependency = (given: Partial<DependencyMocks> = {}): DependencyMocks => ({
  name: 'vpc',
  configPath: '../vpc',
  mocks: { id: 'mock' },
  enabled: true,
  mocksAllowedFor: ['init', 'validate', 'plan'],
  ...given,
});

test.each([
  { mocksAllowedFor: ['init', 'validate', 'plan'] },
  { mocks: undefined, mocksAllowedFor: undefined },
  { mocks: undefined, mocksAllowedFor: ['apply'] },
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
