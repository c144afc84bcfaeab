import { dependentsOf, type Graph } from './graph.ts';
import type { RunRecord } from './run-record.ts';

export interface ApplyWishes {
  /** Leave everything that is not exact for another time. */
  readonly onlyReady: boolean;
  /** Addresses, or deleted units, that may be taken away. */
  readonly allowDestroy: readonly string[];
}

/** Planned units that an apply leaves for another time, with the reason; whatever depends on one waits too. */
export function leftOut(
  { units }: Pick<RunRecord, 'units'>,
  graph: Graph,
  { onlyReady, allowDestroy }: ApplyWishes,
): Map<string, string> {
  const planned = units.filter(({ result }) => result === 'planned');
  const left = new Map<string, string>();
  for (const { unit, label, isDeleted } of planned) {
    if (label === 'no-changes') continue;
    if (isDeleted && !allowDestroy.includes(unit)) {
      left.set(unit, `its files are gone: --allow-destroy ${unit} takes it away`);
    } else if (onlyReady && label !== 'exact') {
      left.set(unit, 'is not ready');
    }
  }
  for (const unit of [...left.keys()]) {
    const dependents = dependentsOf(graph, [unit]);
    for (const dependent of planned) {
      const waits = dependents.has(dependent.unit) && !left.has(dependent.unit);
      if (waits) left.set(dependent.unit, `waits for ${unit}`);
    }
  }
  return left;
}
