import type { Problem } from './errors.ts';

export interface DependencyMocks {
  readonly name: string;
  readonly configPath: string;
  readonly mocked: boolean;
  readonly enabled: boolean;
  /** Undefined when absent. */
  readonly mocksAllowedFor: readonly string[] | undefined;
}

/** A dependency whose mocks can be in a plan and in its apply without a word in the log. */
export function hidesMocks(
  dependency: DependencyMocks & { readonly skipped: boolean; readonly mergesMocks: boolean },
): boolean {
  const { mocked, enabled, skipped, mergesMocks, mocksAllowedFor = [] } = dependency;
  const canBeApplied =
    mocksAllowedFor.length === 0 || mocksAllowedFor.some((name) => CHANGES_THINGS.includes(name));
  return mocked && canBeApplied && (!enabled || skipped || mergesMocks);
}

const CHANGES_THINGS = ['apply', 'destroy'];

/**
 * Mocks that could end up in a real state: an absent or empty allow-list means every command, apply
 * included. https://docs.terragrunt.com/reference/hcl/blocks/#dependency
 */
export function mockProblems(dependencies: readonly DependencyMocks[]): Problem[] {
  const problems = dependencies
    .filter(({ mocked, enabled }) => mocked && enabled)
    .flatMap(({ name, configPath, mocksAllowedFor }): Problem[] => {
      const where = `dependency "${name}" (${configPath})`;
      const next = 'set mock_outputs_allowed_terraform_commands to commands that change nothing';
      if (mocksAllowedFor === undefined || mocksAllowedFor.length === 0) {
        return [{ what: 'its mocks are allowed for every command, apply included', where, next }];
      }
      const bad = mocksAllowedFor.filter((command) => CHANGES_THINGS.includes(command));
      return bad.length === 0
        ? []
        : [{ what: `its mocks are allowed for "${bad[0]}"`, where, next }];
    });
  return [
    ...new Map(problems.map((problem) => [`${problem.where} ${problem.what}`, problem])).values(),
  ];
}
