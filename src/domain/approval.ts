import { isDestructive, type ResourceChange } from './plan.ts';

export interface ApprovedPlan {
  readonly label: 'exact' | 'provisional' | 'mocked';
  /** Nothing of the unit was in a state when it was planned. */
  readonly isNew: boolean;
  readonly resources: readonly ResourceChange[];
}

/**
 * What a plan that was made again at its turn does beyond what a person approved, as `action address`.
 * A provisional unit may do what was shown, a mocked unit without state may create, a mocked unit with
 * state may do nothing. A delete, a replacement or a forget that was not shown is never covered.
 */
export function beyondApproval(
  approved: ApprovedPlan,
  planned: readonly ResourceChange[],
): string[] {
  const shown = new Set(approved.resources.flatMap(signatures));
  return planned.flatMap((resource) =>
    resource.actions
      .filter((action) => {
        if (shown.has(`${action} ${resource.address}`) && approved.label !== 'mocked') return false;
        if (isDestructive(action)) return true;
        return !(approved.label === 'mocked' && approved.isNew && action === 'create');
      })
      .map((action) => `${action} ${resource.address}`),
  );
}

function signatures(resource: ResourceChange): string[] {
  return resource.actions.map((action) => `${action} ${resource.address}`);
}
