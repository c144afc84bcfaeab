import { expect, test } from 'vitest';
import type { Event, PhaseOutcome } from '../../../src/domain/events.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import type { Phase } from '../../../src/domain/run-record.ts';
import { eventLine } from '../../../src/ui/event-lines.ts';
import { changeOf, planOf, runRecord } from '../support/records.ts';

const at = '2026-11-22T10:41:00.000Z';
const ended = (phase: Phase, outcome: PhaseOutcome): Event => ({
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
const settled = (given: Partial<Extract<Event, { type: 'unit-settled' }>>): Event => ({
  type: 'unit-settled',
  at,
  unit: 'eks',
  result: 'unchanged',
  reason: '',
  blockedBy: [],
  ...given,
});
const failure = { kind: 'failed', summary: 'no\u001b[2J' } as const;

test.each<[Event, string | undefined]>([
  [{ type: 'unit-started', at, unit: 'eks', phase: 'plan' }, 'eks: planning'],
  [
    { type: 'unit-started', at, unit: 'eks', phase: 'through' },
    'eks: planning ahead, on outputs as they will be',
  ],
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
  [ended('plan', planned({})), 'eks: planned, nothing but reads (4s)'],
  [ended('plan', planned({ outputs: ['id'] })), 'eks: planned, only outputs change (4s)'],
  [
    ended('through', planned({ resources: [changeOf('a', 'update')], outputs: ['id'] })),
    'eks: planned ahead, 1 to change (4s)',
  ],
  [
    ended('through', { kind: 'set-aside' }),
    'eks: cannot be planned ahead: the plan on real outputs stands (4s)',
  ],
  [
    ended('plan', { kind: 'waiting', on: ['vpc', 'kms'] }),
    'eks: waits for outputs of vpc, kms (4s)',
  ],
  [
    ended('replan', planned({ resources: [changeOf('a', 'forget'), changeOf('b', 'delete')] })),
    'eks: planned again, 1 to destroy, 1 to forget (4s)',
  ],
  [
    ended('plan', planned({ resources: [changeOf('a', 'import'), changeOf('b', 'move')] })),
    'eks: planned, 1 to import, 1 to move (4s)',
  ],
  [ended('apply', { kind: 'applied', done: 3, failedChecks: [] }), 'eks: applied, 3 changes (4s)'],
  [ended('apply', { kind: 'failed', failure, done: 0 }), 'eks: failed: no (4s)'],
  [ended('apply', { kind: 'interrupted', done: 0 }), 'eks: cut off (4s)'],
  [
    settled({ result: 'skipped', reason: 'blocked by vpc', blockedBy: ['vpc'] }),
    'eks: blocked by vpc',
  ],
  [settled({ result: 'excluded', reason: 'is not ready' }), 'eks: left out: is not ready'],
  [settled({ result: 'not-started' }), undefined],
  [settled({}), 'eks: no changes'],
  [
    settled({ reason: 'nothing to do on real outputs' }),
    'eks: no changes (nothing to do on real outputs)',
  ],
  [
    { type: 'run-interrupted', at, signal: 'SIGINT' },
    'SIGINT: nothing more is started, each running Terraform gets one interrupt',
  ],
  [{ type: 'run-declined', at }, 'declined: nothing was applied'],
  [{ type: 'run-refused', at, refused: [] }, 'refused: nothing was applied'],
  [{ type: 'note', text: 'hello\u0007' }, 'hello'],
  [{ type: 'task-progress', task: 'aws', text: 'half\u0007' }, 'half'],
  [{ type: 'task-ended', task: 'aws', text: 'done\u0007' }, 'done'],
  [{ type: 'tasks-planned', tasks: ['aws'] }, undefined],
  [{ type: 'run-ended', at, exitCode: 0 }, undefined],
  [{ type: 'run-started', at, record: runRecord([]) }, undefined],
  [{ type: 'unit-progress', unit: 'eks', address: 'a', doing: 'create', done: 0 }, undefined],
])('line %#: %j', (event, line) => {
  expect(eventLine(event)).toBe(line);
});
