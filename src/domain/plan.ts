/** What a plan does to one resource, in the words of the summary. */
export type ResourceAction =
  | 'create'
  | 'update'
  | 'delete'
  | 'replace'
  | 'import'
  | 'move'
  | 'forget';

export interface ShownValue {
  readonly attribute: string;
  readonly before: string;
  readonly after: string;
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  /** More than one for a resource that is, say, moved and updated; the most dangerous one first. */
  readonly actions: readonly ResourceAction[];
  /** For a replacement: which of the two comes first. */
  readonly order?: 'destroy-first' | 'create-first' | undefined;
  /** Attributes that force a replacement, as paths. */
  readonly forcedBy: readonly string[];
  /** Names of the attributes that change; never their values. */
  readonly attributes: readonly string[];
  /** Of these, the ones whose new value is known: a keyed hash of it, which says equal or not and no more. */
  readonly known: Readonly<Record<string, string>>;
  /** Terraform's own word for why, such as `replace_because_tainted`. */
  readonly reason?: string | undefined;
  /** Values from the short list of attributes that people decide on and that are never secret. */
  readonly values: readonly ShownValue[];
}

export interface ChangeCounts {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly replace: number;
  readonly import: number;
  readonly move: number;
  readonly forget: number;
  readonly outputs: number;
}

/** A saved plan, read. */
export interface Plan {
  /** Terraform's own verdict. A plan may be worth applying though no resource changes. */
  readonly isEmpty: boolean;
  readonly resources: readonly ResourceChange[];
  /** Names of the outputs whose value changes. */
  readonly outputs: readonly string[];
  /** Of these, the ones whose new value is known before the apply: a keyed hash of it. */
  readonly knownOutputs: Readonly<Record<string, string>>;
  /** True when nothing of the unit is in a state yet. */
  readonly isNew: boolean;
  /** Messages of check blocks that do not hold. */
  readonly failedChecks: readonly string[];
}

export const NO_CHANGES: ChangeCounts = {
  add: 0,
  change: 0,
  destroy: 0,
  replace: 0,
  import: 0,
  move: 0,
  forget: 0,
  outputs: 0,
};

const COUNTED_AS: Readonly<Record<ResourceAction, keyof ChangeCounts>> = {
  create: 'add',
  update: 'change',
  delete: 'destroy',
  replace: 'replace',
  import: 'import',
  move: 'move',
  forget: 'forget',
};

/** A replacement counts once, as a replacement: Terraform's own summary counts it as an add and a destroy. */
export function countChanges(plan: Pick<Plan, 'resources' | 'outputs'>): ChangeCounts {
  const counts = { ...NO_CHANGES, outputs: plan.outputs.length };
  for (const { actions } of plan.resources) {
    for (const action of actions) counts[COUNTED_AS[action]] += 1;
  }
  return counts;
}

export function addCounts(a: ChangeCounts, b: ChangeCounts): ChangeCounts {
  return {
    add: a.add + b.add,
    change: a.change + b.change,
    destroy: a.destroy + b.destroy,
    replace: a.replace + b.replace,
    import: a.import + b.import,
    move: a.move + b.move,
    forget: a.forget + b.forget,
    outputs: a.outputs + b.outputs,
  };
}

export function hasChanges(counts: ChangeCounts): boolean {
  return Object.values(counts).some((count) => count > 0);
}

/** The plan of a unit that Terraform calls up to date; of one that is new, too, if it has nothing in it. */
export function emptyPlan(failedChecks: readonly string[], isNew = false): Plan {
  return { isEmpty: true, resources: [], outputs: [], knownOutputs: {}, isNew, failedChecks };
}

/** Takes something away: a replacement, a delete, or a resource that Terraform will no longer know. */
export function isDestructive(action: ResourceAction): boolean {
  return action === 'replace' || action === 'delete' || action === 'forget';
}
