import type { ResourceChange } from './plan.ts';
import type { Refusal, RunRecord, UnitRecord } from './run-record.ts';
import { HOLDS_DATA } from './shown-values.ts';

/** `data`: takes away what holds data, or the cluster itself. `upgrade`: there is no easy way back. */
export type GuardClass = 'data' | 'upgrade';

type Guardable = Pick<ResourceChange, 'address' | 'type' | 'actions' | 'values'>;

/** Types that hold any kind of Kubernetes resource, one manifest each; the kind stands in the address at best. */
const MANIFESTS: ReadonlySet<string> = new Set([
  'kubectl_manifest',
  'kubernetes_manifest',
  'kustomization_resource',
]);

/** A forget takes nothing away: the thing itself stays. */
export function guardOf(resource: Guardable): GuardClass | undefined {
  if (removalOf(resource) !== undefined) return holdsData(resource) ? 'data' : undefined;
  return isUpgrade(resource) ? 'upgrade' : undefined;
}

export interface GuardedChange {
  readonly unit: string;
  readonly address: string;
  readonly action: 'delete' | 'replace';
}

export interface GuardVerdict {
  /** What takes data away and was not allowed. */
  readonly guarded: readonly GuardedChange[];
  /** Entries that name no delete and no replacement of these plans: a typing error must not pass in silence. */
  readonly unknown: readonly string[];
}

/**
 * What a protected environment refuses, in the order of the units.
 *
 * @param allowed each `unit:address`, or an address alone where one unit only takes it away: with
 *   `aws_vpc.this` in two units nobody knows which one was meant, and neither is allowed
 */
export function guardedChanges(
  units: readonly Pick<UnitRecord, 'unit' | 'resources'>[],
  allowed: readonly string[],
): GuardVerdict {
  const removals = units.flatMap(({ unit, resources }) =>
    resources.flatMap((resource) => {
      const action = removalOf(resource);
      const { address } = resource;
      return action === undefined ? [] : [{ unit, address, action, data: holdsData(resource) }];
    }),
  );
  const isAllowed = ({ unit, address }: { readonly unit: string; readonly address: string }) =>
    allowed.includes(`${unit}:${address}`) ||
    (allowed.includes(address) &&
      removals.every((other) => other.address !== address || other.unit === unit));
  return {
    guarded: removals
      .filter((removal) => removal.data && !isAllowed(removal))
      .map(({ unit, address, action }) => ({ unit, address, action })),
    unknown: allowed.filter(
      (entry) =>
        !removals.some(({ unit, address }) => entry === address || entry === `${unit}:${address}`),
    ),
  };
}

/** Why a run may not take away what it plans to, with the flag that allows it. */
export function guardRefusals(
  { units, environment, protected: isProtected }: RunRecord,
  allowDestroy: readonly string[],
): Refusal[] {
  const deleted = units.filter(({ isDeleted }) => isDeleted).map(({ unit }) => unit);
  const allowed = allowDestroy.filter((entry) => !deleted.includes(entry));
  // What was planned on mocks may take nothing away, whatever it was shown to do.
  const planned = units.filter(({ result, label }) => result === 'planned' && label !== 'mocked');
  const { guarded, unknown } = guardedChanges(planned, allowed);
  const known = allowDestroy.filter((entry) => !unknown.includes(entry));
  const all = [...known, ...guarded.map(({ unit, address }) => `${unit}:${address}`)];
  return [
    ...unknown.map((address) => ({
      kind: 'guard' as const,
      unit: '',
      why: `--allow-destroy names "${address}", which nothing here takes away`,
      next: 'take the address from the summary, or leave the flag out',
    })),
    ...(isProtected ? guarded : []).map(({ unit, address, action }) => ({
      kind: 'guard' as const,
      unit,
      why: `"${environment}" is protected, and this would ${action} ${address}`,
      next: `if you mean it, add: --allow-destroy ${all.map((one) => `'${one}'`).join(' ')}`,
    })),
  ];
}

function removalOf({ actions }: Pick<Guardable, 'actions'>): 'delete' | 'replace' | undefined {
  return actions.find((action) => action === 'delete' || action === 'replace');
}

function holdsData({ type, address, values }: Guardable): boolean {
  if (HOLDS_DATA.has(type)) return true;
  // With a definition go all resources of its kind.
  if (MANIFESTS.has(type)) return /customresourcedefinition/i.test(address);
  if (type !== 'helm_release') return false;
  // Helm leaves a chart's `crds` folder alone (https://helm.sh/docs/topics/charts/#limitations-on-crds);
  // what goes with a release are definitions among its templates, as in charts made for them, which say
  // so in their name. A plan tells no more: to guard every release would teach people to allow them all.
  const charts = values.filter(({ attribute }) => attribute === 'chart');
  return [address, ...charts.map(({ before }) => before)].some((name) => /crd/i.test(name));
}

/** Nodes roll to another version and back; a control plane, and what a chart did to its CRDs, do not. */
function isUpgrade({ type, actions, values }: Guardable): boolean {
  return (
    (type === 'aws_eks_cluster' || type === 'helm_release') &&
    actions.includes('update') &&
    values.some(({ attribute }) => attribute === 'version')
  );
}
