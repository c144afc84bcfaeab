import { expect, test } from 'vitest';
import type { Event, PhaseOutcome } from '../../../src/domain/events.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import { eventLine } from '../../../src/ui/event-lines.ts';
import { changeOf, planOf, runRecord } from '../support/records.ts';

const at = '2026-11-22T10:41:00.000Z';
const ended = (phase: 'plan' | 'replan' | 'apply', outcome: PhaseOutcome): Event => ({
  type: 'unit-ended',
  at,
  unit: 'eks',
  phase,
  durationMs: 4000,
  outcome,
});
const planned = (plan: Partial<Plan>): PhaseOutcome => ({
  kind: 'planned',
  plan: planOf(plan),
  sha256: '',
  inputs: '',
});
const failure = { kind: 'failed', summary: 'no\u001b[2J' } as const;

test.each<[Event, string | undefined]>([
  [{ type: 'unit-started', at, unit: 'eks', phase: 'plan' }, 'eks: planning'],
  [
    { type: 'unit-started', at, unit: 'eks', phase: 'replan' },
    'eks: planning again, on real outputs',
  ],
  [{ type: 'unit-started', at, unit: 'eks', phase: 'apply' }, 'eks: applying'],
  [
    ended(
      'plan',
      planned({
        resources: [changeOf('a', 'create'), changeOf('b', 'replace'), changeOf('c', 'create')],
      }),
    ),
    'eks: planned, 2 to add, 1 to replace (4s)',
  ],
  [ended('plan', planned({ isEmpty: true })), 'eks: planned, no changes (4s)'],
  [ended('plan', planned({ outputs: ['id'] })), 'eks: planned, only outputs change (4s)'],
  [
    ended('replan', planned({ resources: [changeOf('a', 'forget')] })),
    'eks: planned again, 1 to forget (4s)',
  ],
  [ended('apply', { kind: 'applied', done: 3 }), 'eks: applied, 3 changes (4s)'],
  [ended('apply', { kind: 'failed', failure, done: 0 }), 'eks: failed: no (4s)'],
  [ended('apply', { kind: 'interrupted', done: 0 }), 'eks: cut off (4s)'],
  [
    {
      type: 'unit-settled',
      at,
      unit: 'eks',
      result: 'skipped',
      reason: 'blocked by vpc',
      blockedBy: ['vpc'],
    },
    'eks: blocked by vpc',
  ],
  [
    { type: 'unit-settled', at, unit: 'eks', result: 'not-started', reason: '', blockedBy: [] },
    undefined,
  ],
  [
    { type: 'unit-settled', at, unit: 'eks', result: 'unchanged', reason: '', blockedBy: [] },
    'eks: no changes',
  ],
  [
    { type: 'run-interrupted', at, signal: 'SIGINT' },
    'SIGINT: nothing more is started, each running Terraform gets one interrupt',
  ],
  [{ type: 'run-declined', at }, 'declined: nothing was applied'],
  [{ type: 'note', text: 'hello\u0007' }, 'hello'],
  [{ type: 'run-started', at, record: runRecord([]) }, undefined],
  [{ type: 'unit-progress', unit: 'eks', address: 'a', doing: 'create', done: 0 }, undefined],
])('line %#: %j', (event, line) => {
  expect(eventLine(event)).toBe(line);
});
