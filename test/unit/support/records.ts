import type { Plan, ResourceChange } from '../../../src/domain/plan.ts';
import type { RunRecord, UnitRecord } from '../../../src/domain/run-record.ts';

/** Makers of domain values; a test states only what it is about. */
export function resource(given: Partial<UnitRecord['resources'][number]> = {}) {
  return {
    address: 'terraform_data.one',
    type: 'terraform_data',
    actions: ['create'],
    forcedBy: [],
    attributes: [],
    values: [],
    ...given,
  } satisfies UnitRecord['resources'][number];
}

export function changeOf(address: string, ...actions: ResourceChange['actions']): ResourceChange {
  return { address, type: 't', actions, forcedBy: [], attributes: [], values: [] };
}

export function planOf(given: Partial<Plan> = {}): Plan {
  return {
    isEmpty: false,
    resources: [],
    outputs: [],
    isNew: false,
    failedChecks: [],
    ...given,
  };
}

export const none = {
  add: 0,
  change: 0,
  destroy: 0,
  replace: 0,
  import: 0,
  move: 0,
  forget: 0,
  outputs: 0,
};

export function unitRecord(unit: string, given: Partial<UnitRecord> = {}): UnitRecord {
  return {
    unit,
    dependencies: [],
    label: 'unknown',
    result: 'not-started',
    reason: '',
    blockedBy: [],
    plannedThrough: [],
    isNew: false,
    isEmpty: false,
    changes: null,
    resources: [],
    outputs: [],
    warnings: [],
    failure: null,
    done: 0,
    plan: null,
    phases: [],
    durationMs: 0,
    ...given,
  };
}

export function runRecord(units: readonly UnitRecord[], given: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: 1,
    run: '20261122-104100-7f3c',
    command: 'plan',
    environment: 'dev',
    arguments: [],
    commit: '4be1d2f00000000000000000000000000000abcd',
    tools: { terraform: '1.11.4', terragrunt: '1.1.3' },
    startedAt: '2026-11-22T10:41:00.000Z',
    endedAt: '2026-11-22T10:43:41.000Z',
    durationMs: 161_000,
    pid: 4711,
    interruptedBy: null,
    declined: false,
    exitCode: 0,
    units: [...units],
    ...given,
  };
}
