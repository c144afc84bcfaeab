import type { Problem } from './errors.ts';
import type { UnitDependency } from './unit-config.ts';

export interface DependencyMocks
  extends Pick<UnitDependency, 'name' | 'mocks' | 'enabled' | 'mocksAllowedFor'> {
  readonly configPath: string;
}

const CHANGES_THINGS = ['apply', 'destroy'];

/**
 * Mocks that could end up in a real state: an absent or empty allow-list means every command, apply
 * included. https://docs.terragrunt.com/reference/hcl/blocks/#dependency
 */
export function mockProblems(dependencies: readonly DependencyMocks[]): Problem[] {
  const problems = dependencies
    .filter(({ mocks, enabled }) => mocks !== undefined && enabled)
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
