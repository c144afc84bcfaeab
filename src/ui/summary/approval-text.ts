import { type Coverage, coverageOf } from '../../domain/approval.ts';
import type { RunRecord } from '../../domain/run-record.ts';

const NAMED_AT_MOST = 5;

const COVERS: Readonly<Record<Coverage, string>> = {
  shown: 'what is shown, and nothing else',
  'shown-and-in-place':
    'what is shown, and updates in place that follow from what is not known yet',
  creates: 'planned again on real outputs, then creates only',
  nothing: 'planned again on real outputs, and stops there: it exists, and was planned on mocks',
};

/** What a yes to this plan is a yes to; nothing where every plan is applied exactly as it was made. */
export function approvalText(record: RunRecord): string[] {
  const groups = new Map<Coverage, string[]>();
  for (const unit of record.units) {
    if (unit.result !== 'planned' || unit.label === 'exact' || unit.label === 'no-changes')
      continue;
    const coverage = coverageOf(unit.plan === null ? { ...unit, isNew: true } : unit);
    groups.set(coverage, [...(groups.get(coverage) ?? []), unit.unit]);
  }
  return [...groups].map(([coverage, units]) => `${named(units)}: ${COVERS[coverage]}`);
}

/** Steps run in the cluster, and some change something there. */
export function stepsToCome({ command, units }: RunRecord): string[] {
  const names = [...new Set(units.flatMap(({ steps }) => steps.map(({ step }) => step)))];
  if (names.length === 0) return [];
  const when = command === 'destroy' ? 'before and after all units' : 'after their units';
  return [`${when}, the steps ${names.join(', ')}`];
}

function named(units: readonly string[]): string {
  const more = units.length > NAMED_AT_MOST ? ` and ${units.length - NAMED_AT_MOST} more` : '';
  return units.slice(0, NAMED_AT_MOST).join(', ') + more;
}
