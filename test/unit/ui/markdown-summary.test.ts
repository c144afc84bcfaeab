import { expect, test } from 'vitest';
import {
  inert,
  MARKDOWN_LIMIT,
  markdownSummary,
} from '../../../src/ui/summary/markdown-summary.ts';
import { none, resource, runRecord, unitRecord } from '../support/records.ts';
import { plannedRun } from '../support/sample-run.ts';

/** Every fence is closed by one of its own length, every `<details>` by its end. */
function expectWhole(text: string): void {
  let open: string | undefined;
  let details = 0;
  for (const line of text.split('\n')) {
    const fence = /^(`{3,})/.exec(line)?.[1];
    if (open === undefined) {
      details +=
        (line.match(/<details>/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0);
      if (fence !== undefined) open = fence;
    } else if (line === open) open = undefined;
  }
  expect(open).toBeUndefined();
  expect(details).toBe(0);
}

test('a hidden marker finds the comment again, the verdict is its heading', () => {
  const [marker, , heading] = markdownSummary(plannedRun).split('\n');
  expect(marker).toBe('<!-- platform:plan:dev -->');
  expect(heading).toMatch(/^## dev: not ready — 1 failed, /);
});

test('danger is a caution, failures and mocks are warnings', () => {
  const text = markdownSummary(plannedRun);
  expect(text).toMatch(
    /\[!CAUTION\]\n> - \*\*node-groups\*\* replace: .*\n> - \*\*eks\*\* upgrade: /,
  );
  expect(text).toMatch(
    /\[!WARNING\]\n> - \*\*acm-cert\*\* failed: .*\n> - \*\*1 unit\*\* mock: mlflow/,
  );
});

test('why a run was refused is the first warning', () => {
  const refused = [{ kind: 'guard', unit: '', why: 'it is protected', next: 'ask' } as const];
  expect(markdownSummary({ ...plannedRun, refused })).toContain(
    '[!WARNING]\n> - **this run** refused: it is protected (ask)\n> - **acm-cert** failed',
  );
});

test('the table says ? for what nobody knows and one line for what does not change', () => {
  const text = markdownSummary(plannedRun);
  expect(text).toContain('| acm-cert | ? | ? | ? | ? | failed |');
  expect(text).toContain('| 2 others |  |  |  |  | no changes |');
});

test('the most dangerous unit is unfolded first', () => {
  const text = markdownSummary(plannedRun);
  const blocks = [...text.matchAll(/<summary><b>([^<]+)<\/b>/g)].map(([, unit]) => unit);
  expect(blocks).toEqual(['node-groups', 'mlflow', 'eks', 'rds-mlflow']);
  expectWhole(text);
});

test.each([
  ['a|b', 'a\\|b'],
  ['`code`', '\\`code\\`'],
  ['<img src=x>', '&lt;img src=x&gt;'],
  ['@octocat', '@<!-- -->octocat'],
  ['https://evil.example', 'https:<!-- -->//evil.example'],
  ['one\ntwo', 'one two'],
  ['[link](to) **bold** #1', '\\[link\\]\\(to\\) \\*\\*bold\\*\\* \\#1'],
  ['&lt;', '&amp;lt;'],
])('%j is plain text: %j', (text, expected) => {
  expect(inert(text)).toBe(expected);
});

const HOSTILE = 'x\n```\n</details><img src=x onerror=y> | @team `` ``````` ::error::';

const hostileRun = runRecord(
  [
    unitRecord(HOSTILE, {
      label: 'exact',
      result: 'failed',
      changes: { ...none, replace: 1 },
      resources: [
        resource({
          address: `t.a["${HOSTILE}"]`,
          actions: ['replace'],
          forcedBy: [HOSTILE],
          values: [{ attribute: 'version', before: HOSTILE, after: HOSTILE }],
        }),
      ],
      failure: { kind: 'failed', summary: HOSTILE, next: HOSTILE },
    }),
  ],
  { environment: '--> <b>dev' },
);

test('hostile names stay text: nothing breaks out of fence, table, comment or details', () => {
  const text = markdownSummary(hostileRun);
  expectWhole(text);
  const outside = text.replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '');
  expect(outside).not.toContain('<img');
  expect(outside).not.toMatch(/@(?!<!-- -->)/);
  expect(text.split('\n')[0]).toBe('<!-- platform:plan:--bdev -->');
  for (const row of outside.split('\n').filter((line) => line.startsWith('| '))) {
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(7);
  }
  expect(text.split('\n').filter((line) => line.startsWith('::'))).toEqual([]);
});

test('a fence is longer than any run of backticks inside it', () => {
  const resources = [resource({ address: `t.a["${'`'.repeat(7)}"]` })];
  const text = markdownSummary(runRecord([unitRecord('eks', { resources })]));
  expect(text).toContain(`\n${'`'.repeat(8)}diff\n`);
});

const many = (count: number, size: number) =>
  runRecord(
    Array.from({ length: count }, (_, index) =>
      unitRecord(`team/unit-${index}`, {
        label: index === 7 ? 'mocked' : 'exact',
        reason: 'r'.repeat(size),
        result: 'planned',
        changes: { ...none, add: 3 },
        resources: Array.from({ length: 3 }, (_, item) =>
          resource({ address: `aws_x.y["${'k'.repeat(size)}${item}"]` }),
        ),
      }),
    ),
  );

test.each([
  [30, 2000],
  [400, 50],
])('%i units with names of %i: it fits, whole, and says what is left out', (count, size) => {
  const text = markdownSummary(many(count, size));
  expect(text.length).toBeLessThanOrEqual(MARKDOWN_LIMIT);
  expectWhole(text);
  expect(text).toMatch(/\d+ units? left out here to fit/);
});

test.each([
  ['changed', many(1000, 20)],
  ['with a long reason each', many(1000, 5000)],
  [
    'failed',
    runRecord(
      Array.from({ length: 1000 }, (_, index) =>
        unitRecord(`team/unit-${index}`, {
          result: 'failed',
          blockedBy: ['team/unit-0'],
          failure: { kind: 'failed', summary: '<'.repeat(1000) },
        }),
      ),
    ),
  ],
])('a thousand units, %s: it fits, and says how many the table leaves out', (_, record) => {
  const text = markdownSummary(record);
  expect(text.length).toBeLessThanOrEqual(MARKDOWN_LIMIT);
  expect(text).toMatch(/^\| and \d+ units more \|/m);
  expectWhole(text);
});
