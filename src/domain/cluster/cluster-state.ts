import type { AddonReport } from './addon-versions.ts';
import type { Support } from './cluster-version.ts';
import type { GpuReport } from './gpu-report.ts';
import type { MeshReport } from './mesh-report.ts';
import type { NodeGroupReport } from './node-report.ts';
import type { UpgradeInsight } from './upgrade-insight.ts';

/** An answer, or why there is none: what nobody knows is never shown as nothing. */
export type Known<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly why: string };

/** A cluster as AWS and its own API server say. */
export interface ClusterReport {
  readonly name: string;
  readonly status: string;
  readonly version: string;
  readonly healthIssues: readonly string[];
  readonly support: Known<Support>;
  /** Those that do not pass, and how many there are. */
  readonly insights: Known<{ readonly all: number; readonly open: readonly UpgradeInsight[] }>;
  readonly addons: Known<readonly AddonReport[]>;
  readonly nodeGroups: Known<readonly NodeGroupReport[]>;
  readonly gpus: Known<GpuReport>;
  readonly mesh: Known<MeshReport>;
}

export type ClusterState =
  | ({ readonly kind: 'cluster' } & ClusterReport)
  | { readonly kind: 'absent'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly name: string; readonly why: string };

export function known<T>(value: T): Known<T> {
  return { kind: 'known', value };
}

export function unknown(why: string): Known<never> {
  return { kind: 'unknown', why };
}

export function mapKnown<T, R>(answer: Known<T>, change: (value: T) => R): Known<R> {
  return answer.kind === 'unknown' ? answer : known(change(answer.value));
}

/** Known when both are. */
export function bothKnown<A, B>(one: Known<A>, other: Known<B>): Known<readonly [A, B]> {
  if (one.kind === 'unknown') return one;
  return other.kind === 'unknown' ? other : known([one.value, other.value]);
}

/** Something of it could not be read. */
export function isPartlyUnknown(state: ClusterState): boolean {
  if (state.kind !== 'cluster') return state.kind === 'unreadable';
  const { support, insights, addons, nodeGroups, gpus, mesh } = state;
  return [support, insights, addons, nodeGroups, gpus, mesh].some(({ kind }) => kind === 'unknown');
}
