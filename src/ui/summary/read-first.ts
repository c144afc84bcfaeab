import { guardOf } from '../../domain/guard.ts';
import type { Refusal, RunRecord, UnitRecord } from '../../domain/run-record.ts';
import { plural } from '../format.ts';

/** One thing that a person must not miss. */
export interface ReadFirstItem {
  readonly kind:
    | 'REPLACE'
    | 'DELETE'
    | 'UPGRADE'
    | 'FAILED'
    | 'STEP'
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
    ...record.refused.map(refusedRun),
    ...inOrder(planItems.flatMap((unit) => takenAway(unit, record.protected))),
    ...inOrder(planItems.flatMap(upgrades)),
    ...record.units.flatMap((unit) => failed(record, unit)),
    ...record.units.flatMap((unit) => failedSteps(record, unit)),
    ...record.units.flatMap(cutOff),
    ...mocks(planItems),
    ...record.units.flatMap(checks),
  ];
}

/** An item and whether it comes before its like, whichever unit it is of. */
interface Ranked {
  readonly item: ReadFirstItem;
  readonly isFirst: boolean;
}

function inOrder(ranked: readonly Ranked[]): ReadFirstItem[] {
  return [...ranked].sort((a, b) => Number(b.isFirst) - Number(a.isFirst)).map(({ item }) => item);
}

function refusedRun({ unit, why, next }: Refusal): ReadFirstItem {
  return { kind: 'REFUSED', unit: unit === '' ? 'this run' : unit, text: why, details: [next] };
}

function takenAway(unit: UnitRecord, isProtected: boolean): Ranked[] {
  return unit.resources.flatMap((resource): Ranked[] => {
    const isFirst = guardOf(resource) === 'data';
    const allow = `an apply needs --allow-destroy '${unit.unit}:${resource.address}'`;
    const holds = isFirst ? [whatIsLost(resource.type), ...(isProtected ? [allow] : [])] : [];
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
      const details = [...why, ...holds];
      return [{ item: { kind: 'REPLACE', unit: unit.unit, text, details }, isFirst }];
    }
    if (!resource.actions.includes('delete') && !resource.actions.includes('forget')) return [];
    const text = resource.actions.includes('delete')
      ? resource.address
      : `${resource.address}, only from the state: the thing itself stays`;
    return [{ item: { kind: 'DELETE', unit: unit.unit, text, details: holds }, isFirst }];
  });
}

const LOST: Readonly<Record<string, string>> = {
  aws_eks_cluster: 'the cluster and all that runs on it',
  aws_eks_node_group: 'its nodes are drained and ended',
  helm_release: 'its CRDs go, and with them all resources of their kinds',
  kubectl_manifest: 'with a CRD go all resources of its kind',
  kubernetes_manifest: 'with a CRD go all resources of its kind',
  kustomization_resource: 'with a CRD go all resources of its kind',
};

function whatIsLost(type: string): string {
  return LOST[type] ?? 'what it holds is lost';
}

/** `replace_because_tainted` → `because tainted`. */
function words(reason: string): string {
  return reason.replace(/^(replace|delete)_/, '').replaceAll('_', ' ');
}

function upgrades(unit: UnitRecord): Ranked[] {
  return unit.resources.flatMap((resource): Ranked[] => {
    const version = resource.values.find(({ attribute }) => attribute === 'version');
    if (guardOf(resource) !== 'upgrade' || version === undefined) return [];
    const text = `${resource.address}, ${version.before} -> ${version.after}`;
    const isFirst = resource.type === 'aws_eks_cluster';
    const details = isFirst
      ? ['AWS rolls back to the previous minor for a limited time only', ...addOns(unit)]
      : ['a chart with CRDs does not go back by itself'];
    return [{ item: { kind: 'UPGRADE', unit: unit.unit, text, details }, isFirst }];
  });
}

/** A cluster's add-ons follow its version, each by a change of its own. */
function addOns({ resources }: UnitRecord): string[] {
  const names = resources
    .filter(({ type }) => type === 'aws_eks_addon')
    .map(({ address }) => /\["([^"]+)"\]$/.exec(address)?.[1] ?? address);
  return names.length === 0 ? [] : [`add-ons in this plan: ${names.join(', ')}`];
}

function failed(record: RunRecord, unit: UnitRecord): ReadFirstItem[] {
  const { failure } = unit;
  if (failure === null) return [];
  return [
    {
      kind: failure.kind === 'refused' ? 'REFUSED' : 'FAILED',
      unit: unit.unit,
      text: failure.summary,
      details: [
        ...(failure.address === undefined ? [] : [failure.address]),
        ...blocks(record, unit),
        ...(failure.next === undefined ? [] : [failure.next]),
      ],
    },
  ];
}

function blocks({ units }: RunRecord, { unit }: UnitRecord): string[] {
  const blocked = units.filter(({ blockedBy }) => blockedBy.includes(unit));
  return blocked.length > 0 ? [`blocks ${blocked.map((each) => each.unit).join(', ')}`] : [];
}

/** Terraform was done, and what it made does not work. */
function failedSteps(record: RunRecord, unit: UnitRecord): ReadFirstItem[] {
  return unit.steps.flatMap(({ step, failure }): ReadFirstItem[] =>
    failure === null
      ? []
      : [
          {
            kind: 'STEP',
            unit: unit.unit,
            text: `${step}: ${failure.summary}`,
            details: [
              ...blocks(record, unit),
              ...(failure.next === undefined ? [] : [failure.next]),
            ],
          },
        ],
  );
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
