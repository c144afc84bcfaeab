import type { RunRecord, UnitRecord } from '../../domain/run-record.ts';
import { clean, formatDuration, truncate, wrap } from '../format.ts';
import type { Paint } from '../paint.ts';
import type { LiveState, RunningUnit } from './live-state.ts';

export interface LiveViewOptions {
  readonly columns: number;
  readonly rows: number;
  readonly nowMs: number;
  readonly paint: Paint;
}

/** The view while a run goes on: finished units folded, running ones with what they do, the rest with what they wait for. */
export function liveView(state: LiveState, options: LiveViewOptions): string {
  const width = Math.max(40, options.columns) - 1;
  const { record } = state;
  const lines =
    record === undefined
      ? []
      : [
          head(record, state, options, width),
          ...finished(record, state, options.paint, width),
          ...running(state, options, width),
          ...waiting(record, state, options.paint, width),
        ];
  const all = [...lines, ...state.notes.flatMap((note) => wrap(clean(note), width))];
  const room = Math.max(3, options.rows - 1);
  if (all.length <= room) return all.join('\n');
  return [...all.slice(0, room - 1), `  … ${all.length - room + 1} more lines`].join('\n');
}

function head(
  record: RunRecord,
  state: LiveState,
  options: LiveViewOptions,
  width: number,
): string {
  const done = record.units.filter((unit) => isOver(record, state, unit)).length;
  const elapsed = formatDuration(options.nowMs - Date.parse(record.startedAt));
  const left = `platform ${record.command} ${record.environment}   ${done}/${record.units.length} done   ${state.running.size} running   ${elapsed}`;
  const right = record.interruptedBy === null ? 'Ctrl-C: stop safely' : 'stopping safely';
  const gap = Math.max(2, width - left.length - right.length);
  return options.paint.bold(truncate(`${left}${' '.repeat(gap)}${right}`, width));
}

/** While plans are made a planned unit is done with; while they are applied it waits for its turn. */
function isOver(record: RunRecord, state: LiveState, unit: UnitRecord): boolean {
  if (state.running.has(unit.unit) || unit.result === 'not-started') return false;
  if (hasStepsToCome(unit)) return false;
  return isPlanning(record, state) || unit.result !== 'planned';
}

function hasStepsToCome({ result, steps }: UnitRecord): boolean {
  if (result !== 'applied' && result !== 'unchanged') return false;
  const isOver = steps.some((step) => step.result === 'failed' || step.result === 'interrupted');
  return !isOver && steps.some((step) => step.result !== 'passed');
}

function isPlanning(record: RunRecord, state: LiveState): boolean {
  if (record.command === 'plan') return true;
  if (record.command === 'steps') return false;
  const phases = [...state.running.values()].map(({ phase }) => phase);
  return phases.includes('plan') || record.units.some(({ label }) => label === 'unknown');
}

function finished(record: RunRecord, state: LiveState, paint: Paint, width: number): string[] {
  const over = record.units.filter((unit) => isOver(record, state, unit));
  const good = over.filter(({ result }) => result !== 'failed' && result !== 'skipped');
  const bad = over.filter((unit) => !good.includes(unit));
  const folded = wrap(good.map(({ unit }) => `ok\u00a0${unit}`).join(' '), width - 2);
  return [
    ...folded.map((line) => paint.good(`  ${line.replaceAll('\u00a0', ' ')}`)),
    ...bad.map(({ unit, failure, reason }) =>
      paint.bad(truncate(`  x  ${unit}   ${clean(failure?.summary ?? reason)}`, width)),
    ),
  ];
}

const DOING: Readonly<Record<RunningUnit['phase'], string>> = {
  plan: 'planning',
  through: 'planning ahead',
  replan: 'planning again',
  apply: 'applying',
  step: '',
};

function running(state: LiveState, options: LiveViewOptions, width: number): string[] {
  const names = [...state.running.keys()];
  const nameWidth = Math.min(24, Math.max(0, ...names.map((name) => name.length)));
  return [...state.running].map(([unit, { phase, sinceMs, doing }]) => {
    const time = formatDuration(options.nowMs - sinceMs).padStart(7);
    const name = truncate(unit, nameWidth).padEnd(nameWidth);
    return truncate(`  >> ${name} ${time}  ${clean(doing === '' ? DOING[phase] : doing)}`, width);
  });
}

/** Units that have not had their turn, together with what they wait for. */
function waiting(record: RunRecord, state: LiveState, paint: Paint, width: number): string[] {
  const over = new Map(record.units.map((unit) => [unit.unit, isOver(record, state, unit)]));
  const groups = new Map<string, string[]>();
  for (const { unit, dependencies } of record.units) {
    if (over.get(unit) === true || state.running.has(unit)) continue;
    const open = isPlanning(record, state) ? [] : dependencies.filter((name) => !over.get(name));
    const reason = open.length === 0 ? '' : `  (wait: ${open.join(' ')})`;
    groups.set(reason, [...(groups.get(reason) ?? []), unit]);
  }
  return [...groups].flatMap(([reason, units]) =>
    wrap(units.join(' ') + reason, width - 5).map((line, index) =>
      paint.dim(index === 0 ? `  .. ${line}` : `     ${line}`),
    ),
  );
}
