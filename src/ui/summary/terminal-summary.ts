import type { RunRecord } from '../../domain/run-record.ts';
import { clean, formatCount, formatDuration, plural, truncate, wrap } from '../format.ts';
import type { Paint } from '../paint.ts';
import { approvalText, stepsToCome } from './approval-text.ts';
import { changedResources } from './changed-resources.ts';
import { nextCommands } from './next-commands.ts';
import { type ReadFirstItem, readFirst } from './read-first.ts';
import { type Mark, type SummaryRow, summaryRows } from './rows.ts';
import { stepRows } from './step-rows.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export interface TerminalSummaryOptions {
  readonly columns: number;
  readonly paint: Paint;
  /** `platform`, with `-C` if that was given. */
  readonly program: string;
  /** Where the record lies, as a person would type it. */
  readonly recordPath: string;
}

const READ_FIRST_AT_MOST = 6;
const ROWS_FOR_ALL = 40;
const CHANGES_AT_MOST = 12;

/** The summary of a run. A record that has not ended is a plan that waits for its confirmation. */
export function terminalSummary(record: RunRecord, options: TerminalSummaryOptions): string {
  const width = Math.max(60, Math.min(options.columns, 100));
  const sections = [
    [title(record, width), '', verdictLine(verdictOf(record), options.paint, width)].flat(),
    readFirstSection(readFirst(record), options, width),
    record.command === 'steps' ? [] : rowsSection(record, options.paint, width),
    stepsSection(record, options.paint, width),
    changesSection(record, options, width),
    coversSection(record, options.paint, width),
    record.exitCode === null ? [] : endSection(record, options, width),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function title(record: RunRecord, width: number): string[] {
  const left = `platform ${record.command} ${record.environment}`;
  const at = record.commit === null ? '' : ` @ ${record.commit.slice(0, 7)}`;
  const from = record.from === null ? '' : ` from ${record.from}`;
  const right = `${plural(record.units.length, 'unit')}   ${formatDuration(record.durationMs)}   run ${record.run}${from}${at}`;
  const gap = width - left.length - right.length;
  if (gap >= 3) return [left + ' '.repeat(gap) + right];
  // Gaps of several spaces would not survive wrapping: only what is too long is wrapped.
  const rest = right.length <= width - 2 ? [right] : wrap(right, width - 2);
  return [left, ...rest.map((line) => `  ${line}`)];
}

function verdictLine(verdict: Verdict, paint: Paint, width: number): string[] {
  const tone = {
    READY: paint.note,
    'NO CHANGES': paint.good,
    DONE: paint.good,
    NOTHING: paint.note,
  };
  const colour = tone[verdict.word as keyof typeof tone] ?? paint.bad;
  const [first = '', ...rest] = wrap(verdict.text, width - verdict.word.length - 3);
  const indent = ' '.repeat(verdict.word.length + 3);
  return [`${paint.bold(colour(verdict.word))}   ${first}`, ...rest.map((line) => indent + line)];
}

function readFirstSection(
  items: readonly ReadFirstItem[],
  { paint }: TerminalSummaryOptions,
  width: number,
): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, READ_FIRST_AT_MOST);
  const unitWidth = Math.min(20, Math.max(...shown.map(({ unit }) => unit.length)));
  const indent = ' '.repeat(13);
  const lines = shown.flatMap((item, index) => {
    const head = `  ${index + 1} ${paint.bold(item.kind.padEnd(8))} `;
    const body = [
      `${truncate(item.unit, unitWidth).padEnd(unitWidth)}  ${clean(item.text)}`,
      ...item.details.map(clean),
    ].flatMap((text, line) =>
      line === 0 ? wrapKeepingStart(text, width - 13, unitWidth + 2) : wrap(text, width - 13),
    );
    return body.map((text, line) => (line === 0 ? head + text : indent + text));
  });
  const left = items.length - shown.length;
  const more = left > 0 ? [`${indent}and ${left} more: see the units below`] : [];
  return [paint.bold('READ FIRST'), ...lines, ...more];
}

/** Wraps behind a column that is already aligned with spaces. */
function wrapKeepingStart(text: string, width: number, start: number): string[] {
  const room = Math.max(20, width - start);
  const [first = '', ...rest] = wrap(text.slice(start), room);
  // A long address stays whole, to be pasted, and gets a line of its own.
  if (first.length > room) return [text.slice(0, start).trimEnd(), first, ...rest];
  return [text.slice(0, start) + first, ...rest];
}

function rowsSection(record: RunRecord, paint: Paint, width: number): string[] {
  const { rows, quiet, total, known } = summaryRows(record);
  const unitWidth = Math.min(30, Math.max(5, ...rows.map(({ unit }) => unit.length)));
  const columns = (add: string, change: string, replace: string, destroy: string, time: string) =>
    `${add.padStart(4)} ${change.padStart(4)} ${replace.padStart(4)} ${destroy.padStart(4)} ${time.padStart(7)}`;
  const lines = (row: SummaryRow): string[] => {
    const { add, change, replace, destroy } = row.changes ?? {};
    const counts = columns(
      formatCount(add),
      formatCount(change),
      formatCount(replace),
      formatCount(destroy),
      row.durationMs === 0 ? '' : formatDuration(row.durationMs),
    );
    const left = ` ${row.mark} ${truncate(row.unit, unitWidth).padEnd(unitWidth)} ${counts}  `;
    const [first = '', ...rest] = wrap(clean(row.state), Math.max(20, width - left.length));
    const indent = ' '.repeat(left.length);
    return [left + first, ...rest.map((text) => indent + text)].map(toneOf(row.mark, paint));
  };
  const isBig = record.units.length > ROWS_FOR_ALL;
  const wholeQuiet = quiet.length > 0 ? quietLines(quiet, isBig, width) : [];
  if (rows.length === 0) return wholeQuiet;
  const sum = columns(
    String(total.add),
    String(total.change),
    String(total.replace),
    String(total.destroy),
    '',
  );
  const unknown = record.units.length - known;
  const note = unknown > 0 ? `  ${known} of ${plural(record.units.length, 'unit')} known` : '';
  return [
    paint.dim(
      `   ${'UNIT'.padEnd(unitWidth)} ${columns('ADD', 'CHG', 'REP', 'DEL', 'TIME')}  STATE`,
    ),
    ...rows.flatMap(lines),
    ...wholeQuiet,
    paint.bold(`   ${'total'.padEnd(unitWidth)} ${sum}${note}`.trimEnd()),
  ];
}

/** A shorter step is not worth the width. */
const TOLD_MS = 10_000;

/** One line a step: what holds, in numbers. Before an apply it says what will be run. */
function stepsSection(record: RunRecord, paint: Paint, width: number): string[] {
  const rows = record.exitCode === null ? [] : stepRows(record);
  if (rows.length === 0) return [];
  const unitWidth = Math.min(20, Math.max(...rows.map(({ unit }) => unit.length)));
  const stepWidth = Math.max(...rows.map(({ step }) => step.length));
  const lines = rows.flatMap(({ unit, step, mark, text, durationMs }) => {
    const time = durationMs < TOLD_MS ? '' : ` (${formatDuration(durationMs)})`;
    const left = ` ${mark} ${truncate(unit, unitWidth).padEnd(unitWidth)}  ${step.padEnd(stepWidth)}  `;
    const [first = '', ...rest] = wrap(clean(text) + time, Math.max(20, width - left.length));
    const indent = ' '.repeat(left.length);
    const tone = mark === 'x' ? paint.bad : (line: string) => line;
    return [left + first, ...rest.map((line) => indent + line)].map(tone);
  });
  return [paint.bold('STEPS'), ...lines];
}

function changesSection(
  record: RunRecord,
  { paint, program }: TerminalSummaryOptions,
  width: number,
): string[] {
  // What was planned is news before an apply; after it the rows say what came of it.
  const isPlan = record.command === 'plan' || record.exitCode === null;
  const changes = isPlan ? changedResources(record) : [];
  if (changes.length === 0) return [];
  const besides = readFirst(record).some(({ kind }) => kind === 'REPLACE' || kind === 'DELETE');
  const shown = changes.slice(0, CHANGES_AT_MOST);
  const unitWidth = Math.min(20, Math.max(...shown.map(({ unit }) => unit.length)));
  const lines = shown.map(({ unit, sign, address, what }) => {
    const text = `  ${sign} ${truncate(unit, unitWidth).padEnd(unitWidth)}  ${clean(address)}  ${clean(what)}`;
    return truncate(text.trimEnd(), width);
  });
  const left = changes.slice(shown.length);
  const more =
    left[0] === undefined ? [] : [`    and ${left.length} more: ${program} show ${left[0].unit}`];
  return [paint.bold(besides ? 'ALSO CHANGES' : 'CHANGES'), ...lines, ...more];
}

/** Stands above the question: what a yes is a yes to. */
function coversSection(record: RunRecord, paint: Paint, width: number): string[] {
  if (record.exitCode !== null) return [];
  const lines = [...approvalText(record), ...stepsToCome(record)].flatMap((text) =>
    wrap(text, width - 2),
  );
  return lines.length === 0
    ? []
    : [paint.bold('A YES COVERS'), ...lines.map((line) => `  ${line}`)];
}

function quietLines(quiet: readonly string[], isBig: boolean, width: number): string[] {
  if (isBig) return [` = ${plural(quiet.length, 'unit')} without changes`];
  const lines = wrap(`${quiet.join(' ')} (no changes)`, width - 3);
  return lines.map((line, index) => (index === 0 ? ` = ${line}` : `   ${line}`));
}

function toneOf(mark: Mark, paint: Paint): (text: string) => string {
  if (mark === 'x' || mark === '!') return paint.bad;
  if (mark === 'm' || mark === '?' || mark === '-') return paint.warn;
  return (text) => text;
}

function endSection(record: RunRecord, options: TerminalSummaryOptions, width: number): string[] {
  const commands = nextCommands(record, options.program);
  const commandWidth = Math.max(0, ...commands.map(({ command }) => command.length));
  const next = commands.map(({ command, does }) => {
    const both = `  ${command.padEnd(commandWidth)}   ${does}`;
    return both.length > width
      ? `  ${command}`
      : `  ${command.padEnd(commandWidth)}   ${options.paint.dim(does)}`;
  });
  const code = `exit ${record.exitCode}${why(record)}`;
  const where = `record: ${options.recordPath}`;
  const gap = '   ';
  return [
    ...(next.length > 0 ? [options.paint.bold('NEXT'), ...next] : []),
    ...(where.length + gap.length + code.length > width ? [where, code] : [where + gap + code]),
  ];
}

const WHY: Readonly<Record<number, string>> = {
  2: 'there are changes',
  3: 'a plan was refused',
  4: 'a state is locked by somebody else',
  5: 'the credentials are not right',
  64: 'something needs to be allowed first',
  129: 'interrupted',
  130: 'interrupted',
  143: 'interrupted',
};

function whyFailed({ refused, units }: RunRecord): string {
  if (refused.length > 0) return 'it cannot work as it is';
  return units.some(({ failure }) => failure !== null) ? 'a unit failed' : 'a step failed';
}

function why(record: RunRecord): string {
  const { declined, exitCode } = record;
  const failed = exitCode === 1 ? whyFailed(record) : WHY[exitCode ?? 0];
  const reason = declined ? 'declined' : failed;
  return reason === undefined ? '' : ` (${reason})`;
}
