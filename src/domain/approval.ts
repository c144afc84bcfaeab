import type { Label } from './label.ts';
import type { Plan, ResourceChange } from './plan.ts';

/** What a person approved of one unit: the plan that was shown, and what was said of it. */
export interface ApprovedUnit {
  readonly label: Label;
  /** Nothing of the unit was in a state when it was planned. */
  readonly isNew: boolean;
  /** What it was planned without; empty where everything that flows in was known. */
  readonly pending: readonly string[];
  readonly resources: readonly ResourceChange[];
  readonly outputs: readonly string[];
  /** Of these, keyed hashes of the values that were known. */
  readonly knownOutputs: Readonly<Record<string, string>>;
}

/** How far the approval of a plan reaches, when the plan is made again at the unit's turn. */
export type Coverage = 'nothing' | 'creates' | 'shown' | 'shown-and-in-place';

/**
 * A unit planned on mocks may create if it is new, and do nothing if it is not. Any other may do what
 * was shown; where something that flows in was not known, it may also update in place what follows
 * from that, which is the one thing nobody could have been shown.
 */
export function coverageOf({ label, isNew, pending }: ApprovedUnit): Coverage {
  if (label === 'mocked' || label === 'unknown') return isNew ? 'creates' : 'nothing';
  return pending.length > 0 ? 'shown-and-in-place' : 'shown';
}

/** The plan that was made at the unit's turn. */
export type PlannedNow = Pick<Plan, 'resources' | 'outputs'> &
  Partial<Pick<Plan, 'isNew' | 'knownOutputs'>>;

/** A replacement of what an interrupted run left half made is what that run was approved to make. */
export interface ApprovalRules {
  readonly taintedMayBeReplaced: boolean;
}

/**
 * What a plan does beyond what was approved, in people's words; empty: it stays inside. A delete, a
 * replacement, a forget or another version that was not shown is never covered.
 */
export function beyondApproval(
  approved: ApprovedUnit,
  planned: PlannedNow,
  rules: ApprovalRules = { taintedMayBeReplaced: false },
): string[] {
  // Of a unit that waited nobody knew whether it is new; its plan tells.
  const isNew = approved.label === 'unknown' ? planned.isNew === true : approved.isNew;
  const coverage = coverageOf({ ...approved, isNew });
  const shown = new Map(approved.resources.map((resource) => [resource.address, resource]));
  const beyond = planned.resources.flatMap((resource) => {
    const before = shown.get(resource.address);
    const isMadeAgain = rules.taintedMayBeReplaced && wasToBeMade(coverage, before, resource);
    return isMadeAgain ? [] : beyondOne(coverage, before, resource);
  });
  if (coverage === 'creates' || coverage === 'shown-and-in-place') return beyond;
  return [...beyond, ...beyondOutputs(approved, planned)];
}

function beyondOutputs(approved: ApprovedUnit, planned: PlannedNow): string[] {
  return planned.outputs.flatMap((name) => {
    if (!approved.outputs.includes(name)) return [`output "${name}" changes too`];
    const shown = approved.knownOutputs[name];
    const isOther = shown !== undefined && planned.knownOutputs?.[name] !== shown;
    return isOther ? [`output "${name}" gets another value than was shown`] : [];
  });
}

/** Tainted is what was made and did not come out whole: that it was to be made was approved. */
function wasToBeMade(
  coverage: Coverage,
  shown: ResourceChange | undefined,
  planned: ResourceChange,
): boolean {
  if (planned.reason !== 'replace_because_tainted') return false;
  const wasMade = shown?.actions.some((action) => action === 'create' || action === 'replace');
  return coverage === 'creates' || wasMade === true;
}

function beyondOne(
  coverage: Coverage,
  shown: ResourceChange | undefined,
  planned: ResourceChange,
): string[] {
  const { address, actions } = planned;
  if (coverage === 'nothing' || coverage === 'creates') {
    const extra = coverage === 'nothing' ? actions : actions.filter((name) => name !== 'create');
    return extra.map((action) => `${action} ${address}`);
  }
  if (shown === undefined) {
    const follows = coverage === 'shown-and-in-place' && isPlainUpdate(planned);
    return follows ? [] : actions.map((action) => `${action} ${address} was not shown`);
  }
  const extra = actions.filter((action) => !shown.actions.includes(action));
  if (extra.length > 0) return extra.map((action) => `${action} ${address} was not shown`);
  return moreThanShown(coverage, shown, planned);
}

/** In place, and none of the values that people decide on. */
function isPlainUpdate({ actions, values }: ResourceChange): boolean {
  return actions.every((action) => action === 'update') && values.length === 0;
}

/** The same action at the same address: no attribute more, forced by nothing else, no other value. */
function moreThanShown(
  coverage: Coverage,
  shown: ResourceChange,
  planned: ResourceChange,
): string[] {
  const { address, actions } = planned;
  if (actions.every((action) => action === 'delete' || action === 'forget')) return [];
  // Something new may be made of what was not known; what exists changes only as shown.
  const mayDiffer = coverage !== 'shown' && actions.includes('create');
  const more = mayDiffer
    ? []
    : planned.attributes.filter((name) => !shown.attributes.includes(name));
  const forced = planned.forcedBy.filter((path) => !shown.forcedBy.includes(path));
  const decided = planned.values.filter(
    ({ attribute, after }) =>
      !shown.values.some((value) => value.attribute === attribute && value.after === after),
  );
  // Where something was not known, a value that was computed from the old one is another one now.
  const other =
    coverage === 'shown'
      ? Object.keys(shown.known).filter((name) => isOther(shown, planned, name))
      : [];
  return [
    ...more.map((name) => `${address} also changes "${name}"`),
    ...forced.map((path) => `${address} is replaced because of "${path}" too`),
    ...decided
      .filter(({ attribute }) => !more.includes(attribute))
      .map(({ attribute, after }) => `${address} gets "${attribute}" ${after}`),
    ...other
      .filter((name) => !decided.some(({ attribute }) => attribute === name))
      .map((name) => `${address} gets another "${name}" than was shown`),
  ];
}

/** An attribute that an update no longer changes is less than was shown; one that a new thing lacks is not. */
function isOther(shown: ResourceChange, planned: ResourceChange, name: string): boolean {
  const isMade = planned.actions.some((action) => action === 'create' || action === 'replace');
  if (!isMade && !planned.attributes.includes(name)) return false;
  return planned.known[name] !== shown.known[name];
}
