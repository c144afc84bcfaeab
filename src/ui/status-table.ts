import type { UnitStatus } from '../domain/unit-status.ts';
import { plural } from './format.ts';

export function statusTable(rows: readonly UnitStatus[]): string {
  const width = Math.max(4, ...rows.map(({ unit }) => unit.length));
  const lines = rows.map(({ unit, state, lastRun }) => {
    const last =
      lastRun === undefined
        ? ''
        : `${lastRun.at.slice(0, 16)}Z ${lastRun.command}: ${lastRun.result}`;
    return `${unit.padEnd(width)}  ${stateText(state).padEnd(24)}  ${last}`.trimEnd();
  });
  return `${`${'UNIT'.padEnd(width)}  ${'STATE'.padEnd(24)}  LAST RUN FROM HERE`}\n${lines.join('\n')}\n`;
}

function stateText(state: UnitStatus['state']): string {
  switch (state.kind) {
    case 'applied':
      return `applied, ${plural(state.resources, 'resource')}`;
    case 'empty':
      return 'empty';
    case 'never-applied':
      return 'never applied';
    case 'unreadable':
      return `unreadable: ${state.why}`;
  }
}
