import type { RunRecord, UnitRecord } from '../../domain/run-record.ts';
import { HOLDS_DATA } from '../../domain/shown-values.ts';
import { plural } from '../format.ts';

/** One thing that a person must not miss. */
export interface ReadFirstItem {
  readonly kind:
    | 'REPLACE'
    | 'DELETE'
    | 'UPGRADE'
    | 'FAILED'
    | 'REFUSED'
    | 'CUT OFF'
    | 'MOCK'
    | 'CHECK';
  readonly unit: string;
  readonly text: string;
  readonly details: readonly string[];
}

/** Most dangerous first: what takes away, one-way upgrades, failures, mocks. */
export function readFirst(record: RunRecord): ReadFirstItem[] {
  // After an apply the plan's warnings are history; what went wrong is news.
  const planItems = record.command === 'plan' || record.endedAt === null ? record.units : [];
  return [
    ...planItems.flatMap(takenAway),
    ...planItems.flatMap(upgrades),
    ...record.units.flatMap((unit) => failed(record, unit)),
    ...record.units.flatMap(cutOff),
    ...mocks(planItems),
    ...record.units.flatMap(checks),
  ];
}

function takenAway(unit: UnitRecord): ReadFirstItem[] {
  const items = unit.resources.flatMap((resource): (ReadFirstItem & { data: boolean })[] => {
    const data = HOLDS_DATA.has(resource.type);
    const holds = data ? [whatIsLost(resource.type)] : [];
    if (resource.actions.includes('replace')) {
      const order =
        resource.order === 'create-first' ? 'create before destroy' : 'destroy before create';
      const forced = resource.forcedBy.map((path) => {
        const value = resource.values.find(({ attribute }) => path.startsWith(attribute));
        const change = value === undefined ? '' : ` ${value.before} -> ${value.after}`;
        return `${path}${change} (forces it)`;
      });
      const why = forced.length > 0 ? forced : resource.reason ? [words(resource.reason)] : [];
      const text = `${resource.address}, ${order}`;
      return [{ kind: 'REPLACE', unit: unit.unit, text, details: [...why, ...holds], data }];
    }
    if (!resource.actions.includes('delete') && !resource.actions.includes('forget')) return [];
    const text = resource.actions.includes('delete')
      ? resource.address
      : `${resource.address}, only from the state: the thing itself stays`;
    return [{ kind: 'DELETE', unit: unit.unit, text, details: holds, data }];
  });
  return items.sort((a, b) => Number(b.data) - Number(a.data)).map(({ data: _, ...item }) => item);
}

function whatIsLost(type: string): string {
  if (type === 'aws_eks_node_group') return 'its nodes are drained and ended';
  return type === 'aws_eks_cluster'
    ? 'the cluster and all that runs on it'
    : 'what it holds is lost';
}

/** `replace_because_tainted` → `because tainted`. */
function words(reason: string): string {
  return reason.replace(/^(replace|delete)_/, '').replaceAll('_', ' ');
}

function upgrades(unit: UnitRecord): ReadFirstItem[] {
  return unit.resources.flatMap((resource): ReadFirstItem[] => {
    if (resource.type !== 'aws_eks_cluster' || !resource.actions.includes('update')) return [];
    const version = resource.values.find(({ attribute }) => attribute === 'version');
    if (version === undefined) return [];
    const text = `${resource.address}, ${version.before} -> ${version.after}`;
    const details = ['AWS rolls back to the previous minor for a limited time only'];
    return [{ kind: 'UPGRADE', unit: unit.unit, text, details }];
  });
}

function failed(record: RunRecord, unit: UnitRecord): ReadFirstItem[] {
  const { failure } = unit;
  if (failure === null) return [];
  const blocks = record.units
    .filter(({ blockedBy }) => blockedBy.includes(unit.unit))
    .map((blocked) => blocked.unit);
  return [
    {
      kind: failure.kind === 'refused' ? 'REFUSED' : 'FAILED',
      unit: unit.unit,
      text: failure.summary,
      details: [
        ...(failure.address === undefined ? [] : [failure.address]),
        ...(blocks.length > 0 ? [`blocks ${blocks.join(', ')}`] : []),
        ...(failure.next === undefined ? [] : [failure.next]),
      ],
    },
  ];
}

function cutOff(unit: UnitRecord): ReadFirstItem[] {
  if (unit.result !== 'interrupted') return [];
  const planned = unit.resources.flatMap(({ actions }) => actions).length;
  const isApply = unit.phases.at(-1)?.phase === 'apply';
  const text = isApply
    ? `half done: ${unit.done} of ${planned} changes made`
    : 'the plan was cut off';
  const details = isApply ? ['Terraform got one interrupt and ended by itself'] : [];
  return [{ kind: 'CUT OFF', unit: unit.unit, text, details }];
}

/** All of them in one item: on the first apply of an environment nearly every unit is one. */
function mocks(units: readonly UnitRecord[]): ReadFirstItem[] {
  const mocked = units.filter(({ label }) => label === 'mocked').map(({ unit }) => unit);
  if (mocked.length === 0) return [];
  return [
    {
      kind: 'MOCK',
      unit: plural(mocked.length, 'unit'),
      text: mocked.join(', '),
      details: ['planned on mock outputs: numbers are a guess, planned again at their turn'],
    },
  ];
}

function checks(unit: UnitRecord): ReadFirstItem[] {
  return unit.warnings.map((text) => ({ kind: 'CHECK', unit: unit.unit, text, details: [] }));
}
