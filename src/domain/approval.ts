import type { ResourceAction, ResourceChange } from './plan.ts';

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
  const shown = new Map(approved.resources.map((resource) => [resource.address, resource]));
  return planned.flatMap((resource) =>
    resource.actions
      .filter((action) =>
        approved.label === 'mocked'
          ? !(approved.isNew && action === 'create')
          : !wasShown(shown.get(resource.address), resource, action),
      )
      .map((action) => `${action} ${resource.address}`),
  );
}

/** The same action at the same address, no attribute more, and no other value of those that people decide on. */
function wasShown(
  shown: ResourceChange | undefined,
  planned: ResourceChange,
  action: ResourceAction,
): boolean {
  if (shown === undefined || !shown.actions.includes(action)) return false;
  if (action !== 'update' && action !== 'replace') return true;
  return (
    planned.attributes.every((name) => shown.attributes.includes(name)) &&
    planned.forcedBy.every((path) => shown.forcedBy.includes(path)) &&
    planned.values.every(({ attribute, after }) =>
      shown.values.some((value) => value.attribute === attribute && value.after === after),
    )
  );
}
