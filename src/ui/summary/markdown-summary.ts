import type { ChangeCounts } from '../../domain/plan.ts';
import type { RunRecord, UnitRecord } from '../../domain/run-record.ts';
import { clean, formatDuration, plural, truncate } from '../format.ts';
import { type ReadFirstItem, readFirst } from './read-first.ts';
import { summaryRows } from './rows.ts';
import { stepRows, stepsText } from './step-rows.ts';
import { verdictOf } from './verdict.ts';

/** GitHub refuses a longer comment. https://github.com/orgs/community/discussions/27190 */
export const MARKDOWN_LIMIT = 65_536;
/** Of which the head takes at most this, twice for alerts: a thousand changed units fill any table. */
const TABLE_LIMIT = 24_000;
const ALERT_LIMIT = 8_000;
const CELL_LIMIT = 400;

const SIGN = {
  replace: '-/+',
  delete: '-',
  forget: '-',
  create: '+',
  update: '!',
  import: '!',
  move: '!',
} as const;

/** The same summary as Markdown: the head is never cut, units are, whole and the least dangerous first. */
export function markdownSummary(record: RunRecord): string {
  const head = [
    `<!-- platform:${record.command}:${plain(record.environment)} -->`,
    `## ${inert(record.environment)}: ${verdictHeading(record)}`,
    ...alerts(record),
    table(record),
    ...stepTable(record),
  ].join('\n\n');
  const commit = record.commit === null ? '' : `${record.commit.slice(0, 7)} · `;
  const foot = `<sub>${commit}run ${record.run} · ${formatDuration(record.durationMs)}</sub>\n`;
  const blocks = [...record.units].sort(byDanger).flatMap(unitBlock);
  let body = '';
  let left = 0;
  for (const block of blocks) {
    const note = 200;
    if (head.length + body.length + block.length + foot.length + note > MARKDOWN_LIMIT) left += 1;
    else body += `${block}\n\n`;
  }
  const cut =
    left > 0 ? `${plural(left, 'unit')} left out here to fit; the record has them all.\n\n` : '';
  return `${head}\n\n${body}${cut}${foot}`;
}

function verdictHeading(record: RunRecord): string {
  const { word, text } = verdictOf(record);
  return `${word.toLowerCase()} — ${inert(text)}`;
}

function alerts(record: RunRecord): string[] {
  const items = readFirst(record);
  const danger = items.filter(
    ({ kind }) => kind === 'REPLACE' || kind === 'DELETE' || kind === 'UPGRADE',
  );
  const warning = items.filter((item) => !danger.includes(item));
  const block = (kind: string, list: typeof items) =>
    list.length === 0
      ? []
      : [
          [
            `> [!${kind}]`,
            ...fitting(list.map(alertLine), ALERT_LIMIT, (left) => `> - and ${left} more`),
          ].join('\n'),
        ];
  return [...block('CAUTION', danger), ...block('WARNING', warning)];
}

function alertLine(item: ReadFirstItem): string {
  const details = item.details.map((text) => inert(truncate(text, CELL_LIMIT))).join('; ');
  const what = inert(truncate(item.text, CELL_LIMIT));
  const text = `> - **${inert(item.unit)}** ${item.kind.toLowerCase()}: ${what}`;
  return details === '' ? text : `${text} (${details})`;
}

/** As many whole lines as `limit` characters hold, and how many were left out. */
function fitting(
  lines: readonly string[],
  limit: number,
  more: (left: number) => string,
): readonly string[] {
  let size = 0;
  const end = lines.findIndex((line) => {
    size += line.length + 1;
    return size > limit;
  });
  return end < 0 ? lines : [...lines.slice(0, end), more(lines.length - end)];
}

function table(record: RunRecord): string {
  const { rows, quiet } = summaryRows(record);
  const cells = (changes: ChangeCounts | undefined) =>
    (['add', 'change', 'replace', 'destroy'] as const).map((key) => {
      if (changes === undefined) return '?';
      return changes[key] === 0 ? '' : String(changes[key]);
    });
  const line = (values: readonly string[]) => `| ${values.join(' | ')} |`;
  return [
    line(['unit', 'add', 'change', 'replace', 'delete', 'state']),
    '|:--|--:|--:|--:|--:|:--|',
    ...fitting(
      rows.map((row) => {
        return line([
          inert(row.unit),
          ...cells(row.changes),
          inert(truncate(row.state, CELL_LIMIT)),
        ]);
      }),
      TABLE_LIMIT,
      (left) => line([`and ${plural(left, 'unit')} more`, '', '', '', '', 'see the record']),
    ),
    ...(quiet.length > 0
      ? [line([`${plural(quiet.length, 'other')}`, '', '', '', '', 'no changes'])]
      : []),
  ].join('\n');
}

/** Folded, unless there is something to read in it. */
function stepTable(record: RunRecord): string[] {
  const rows = record.exitCode === null ? [] : stepRows(record);
  const title = stepsText(record);
  if (rows.length === 0 || title === undefined) return [];
  const marks = { '=': 'holds', '*': 'done', x: '**failed**', '-': 'not run' };
  const lines = rows.map(
    ({ unit, step, mark, text }) =>
      `| ${[inert(unit), inert(step), marks[mark], inert(truncate(text, CELL_LIMIT))].join(' | ')} |`,
  );
  const table = [
    '| unit | step | | what holds |',
    '|:--|:--|:--|:--|',
    ...fitting(lines, ALERT_LIMIT, (left) => `| and ${plural(left, 'step')} more | | | |`),
  ].join('\n');
  const open = rows.some(({ mark }) => mark === 'x') ? ' open' : '';
  return [`<details${open}><summary>${inert(title)}</summary>\n\n${table}\n\n</details>`];
}

function byDanger(a: UnitRecord, b: UnitRecord): number {
  const rank = ({ failure, changes, label }: UnitRecord) => {
    if (failure !== null) return 0;
    if (changes !== null && changes.replace + changes.destroy + changes.forget > 0) return 1;
    if (label === 'mocked') return 2;
    return changes !== null && changes.change > 0 ? 3 : 4;
  };
  return rank(a) - rank(b);
}

function unitBlock(unit: UnitRecord): string[] {
  if (unit.resources.length === 0) return [];
  const lines = unit.resources.flatMap((resource) => {
    const [action] = resource.actions;
    const sign = action === undefined ? ' ' : SIGN[action];
    return [
      `${sign} ${clean(resource.address)}`,
      ...resource.forcedBy.map((path) => `#   ${clean(path)} forces it`),
      ...resource.values.map(
        ({ attribute, before, after }) => `#   ${attribute}: ${clean(before)} -> ${clean(after)}`,
      ),
    ];
  });
  const text = lines.join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  const { add = 0, change = 0, replace = 0, destroy = 0 } = unit.changes ?? {};
  const counts = `+${add} ~${change} ±${replace} -${destroy}`;
  return [
    `<details><summary><b>${escapeHtml(unit.unit).replace(/@/g, '@<!-- -->')}</b>: ${counts}</summary>\n\n${fence}diff\n${text}\n${fence}\n</details>`,
  ];
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** Plain text in Markdown: no markup, table cell, HTML or mention comes alive. */
export function inert(text: string): string {
  return escapeHtml(clean(text))
    .replace(/[\\`*_{}[\]()#+!|~]/g, (character) => `\\${character}`)
    .replace(/@/g, '@<!-- -->')
    .replace(/:\/\//g, ':<!-- -->//');
}

function escapeHtml(text: string): string {
  return clean(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** For a place where an HTML comment must not end. */
function plain(text: string): string {
  return text.replace(/[^\w./-]/g, '');
}
