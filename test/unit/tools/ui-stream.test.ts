import { expect, test } from 'vitest';
import {
  completedChanges,
  dataReads,
  describeProgress,
  errorsOf,
  failedChecksOf,
  parseUiStream,
  saysApplied,
} from '../../../src/tools/terraform/ui-stream.ts';
import { fixture } from '../support/fixture.ts';

const recorded = (name: string) => parseUiStream(fixture(`terraform/1.11.4/${name}.jsonl`));

test('every line of a real stream is read', () => {
  for (const name of ['plan', 'outputs-plan', 'apply', 'apply-failed', 'failed-plan']) {
    const lines = fixture(`terraform/1.11.4/${name}.jsonl`).trim().split('\n');
    expect(recorded(name)).toHaveLength(lines.length);
  }
});

test('stray prints and a line that is still being written are passed over', () => {
  const text = 'provider says hello\n{"type":"version"}\n[1]\n{"type":"apply_comp';
  expect(parseUiStream(text)).toEqual([{ type: 'version' }]);
});

test('completed changes are counted, reads are not', () => {
  expect(completedChanges(recorded('apply'))).toBe(10);
  expect(
    completedChanges(parseUiStream('{"type":"apply_complete","hook":{"action":"read"}}')),
  ).toBe(0);
});

test.each<[string, string, readonly string[]]>([
  [
    'outputs-plan',
    'at the root and in a module',
    ['data.terraform_remote_state.read', 'module.child["a.b"].data.terraform_remote_state.inner'],
  ],
  ['plan', 'one that is to be read only while it is applied does not count', []],
  ['apply', 'resources do not count', []],
])('data sources that a real %s has read: %s', (name, _, addresses) => {
  expect(dataReads(recorded(name))).toEqual(addresses);
});

const about = (type: string, action: string) => ({
  type,
  hook: { action, resource: { addr: 'data.http.a' } },
});

test.each([
  [about('apply_complete', 'read')],
  [about('apply_start', 'create')],
  [about('planned_change', 'read')],
  [{ type: 'apply_start', hook: { action: 'read' } }],
  [{ type: 'apply_start' }],
])('%j is no read of a data source', (message) => {
  expect(dataReads([message])).toEqual([]);
  expect(dataReads([about('apply_start', 'read'), message])).toEqual(['data.http.a']);
});

test('errors come with their address, warnings do not come', () => {
  expect(errorsOf(recorded('apply-failed'))).toEqual([
    {
      severity: 'error',
      summary: 'Unable to find remote state',
      detail: 'No stored state was found for the given workspace in the given backend.',
      address: 'data.terraform_remote_state.read',
    },
  ]);
  expect(errorsOf(recorded('apply'))).toEqual([]);
});

test('a check that does not hold is named, and its words stay in the log', () => {
  expect(failedChecksOf(recorded('apply-failed'))).toEqual(['check.never does not hold']);
  const detail = { severity: 'warning', summary: 'Check block assertion failed', detail: 'a\nb' };
  expect(failedChecksOf([{ diagnostic: detail }])).toEqual(['a check does not hold']);
  expect(failedChecksOf([{ diagnostic: { ...detail, summary: 'Deprecated' } }])).toEqual([]);
});

test('only an apply that came to its end says that it applied', () => {
  expect(saysApplied(recorded('apply'))).toBe(true);
  expect(saysApplied(recorded('apply-failed'))).toBe(false);
  expect(saysApplied(recorded('plan'))).toBe(false);
});

const hook = { resource: { addr: 'aws_vpc.this' }, action: 'create', elapsed_seconds: 10 };

test.each([
  ['apply_start', 'create'],
  ['apply_progress', 'still create 10s'],
  ['apply_complete', 'create done'],
  ['refresh_start', 'refresh'],
])('%s reads "%s"', (type, doing) => {
  expect(describeProgress({ type, hook })).toEqual({ address: 'aws_vpc.this', doing });
});

test.each([{ type: 'refresh_complete', hook }, { type: 'apply_start' }, {}])(
  '%j is no progress of a resource',
  (message) => {
    expect(describeProgress(message)).toBeUndefined();
  },
);
