import type { PlanFacts } from '../../../src/domain/label.ts';
import type { Plan, ResourceChange } from '../../../src/domain/plan.ts';
import type { RunRecord, UnitBinding, UnitRecord } from '../../../src/domain/run-record.ts';
import type { StateOutput, UnitState } from '../../../src/domain/unit-state.ts';

/** Makers of domain values; a test states only what it is about. */
export function resource(given: Partial<UnitRecord['resources'][number]> = {}) {
  return {
    address: 'terraform_data.one',
    type: 'terraform_data',
    actions: ['create'],
    forcedBy: [],
    attributes: [],
    known: {},
    values: [],
    ...given,
  } satisfies UnitRecord['resources'][number];
}

export function changeOf(address: string, ...actions: ResourceChange['actions']): ResourceChange {
  return { address, type: 't', actions, forcedBy: [], attributes: [], known: {}, values: [] };
}

export function planOf(given: Partial<Plan> = {}): Plan {
  return {
    isEmpty: false,
    resources: [],
    outputs: [],
    knownOutputs: {},
    isNew: false,
    failedChecks: [],
    ...given,
  };
}

/** An empty plan that was made of nothing that is in doubt. */
export function factsOf(given: Partial<PlanFacts> = {}): PlanFacts {
  return {
    outcome: 'empty',
    waitsFor: [],
    mocks: [],
    outputs: [],
    dataReads: [],
    plannedThrough: [],
    ...given,
  };
}

export function outputOf(value: string, given: Partial<StateOutput> = {}): StateOutput {
  return { sensitive: false, type: 'string', value, ...given };
}

export function stateOf(outputs: UnitState['outputs'] = {}): UnitState {
  return { lineage: 'd23e13c2', serial: 11, resources: 1, outputs };
}

export function bindingOf(given: Partial<UnitBinding> = {}): UnitBinding {
  return {
    lockFile: null,
    files: 'f11e5',
    state: { lineage: 'd23e13c2', serial: 11 },
    upstream: {},
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
    pending: [],
    isNew: false,
    isDeleted: false,
    isEmpty: false,
    changes: null,
    resources: [],
    outputs: [],
    knownOutputs: {},
    warnings: [],
    failure: null,
    done: 0,
    plan: null,
    binding: null,
    phases: [],
    steps: [],
    durationMs: 0,
    ...given,
  };
}

export function runRecord(units: readonly UnitRecord[], given: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: 1,
    run: '20261122-104100-7f3c',
    command: 'plan',
    destroy: false,
    environment: 'dev',
    protected: false,
    arguments: [],
    choice: [],
    keyId: '5e1f0e5e1f0e5e1f',
    commit: '4be1d2f00000000000000000000000000000abcd',
    tree: '9c3e7a1f0000000000000000000000000000abcd',
    account: '111122223333',
    region: 'eu-west-1',
    from: null,
    tools: { terraform: '1.11.4', terragrunt: '1.1.3' },
    startedAt: '2026-11-22T10:41:00.000Z',
    endedAt: '2026-11-22T10:43:41.000Z',
    durationMs: 161_000,
    pid: 4711,
    interruptedBy: null,
    declined: false,
    refused: [],
    exitCode: 0,
    units: [...units],
    ...given,
  };
}
