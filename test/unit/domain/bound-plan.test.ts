import { expect, test } from 'vitest';
import { type BoundNow, boundRefusals } from '../../../src/domain/bound-plan.ts';
import type { RunRecord, UnitBinding, UnitRecord } from '../../../src/domain/run-record.ts';
import { bindingOf, runRecord, unitRecord } from '../support/records.ts';

const plan = { phase: 'plan', sha256: 'f00', inputs: 'ba5' } as const;
const binding = bindingOf({ upstream: { vpc: 'h1', kms: 'h2' } });
const eks = (given: Partial<UnitRecord> = {}) =>
  unitRecord('eks', { label: 'exact', result: 'planned', plan, binding, ...given });
const run = (given: Partial<RunRecord> = {}, ...units: UnitRecord[]) =>
  runRecord(units.length > 0 ? units : [eks()], given);

/** The world in which the plan was made. */
const same: BoundNow = {
  environment: 'dev',
  commit: run().commit,
  tools: run().tools,
  account: run().account,
  region: run().region,
  bindings: new Map([['eks', binding]]),
  planFiles: new Map([['eks', 'f00']]),
  appliedSince: new Map(),
};

const whys = (record: RunRecord, now: Partial<BoundNow> = {}) =>
  boundRefusals(record, { ...same, ...now }).map(({ why }) => why);

test('in the same world nothing is refused', () => {
  expect(whys(run())).toEqual([]);
});

test.each<[string, Partial<RunRecord>, Partial<BoundNow>]>([
  ['there is no git', { commit: null }, { commit: null }],
  [
    'no account and no region is named',
    { account: null, region: null },
    { account: null, region: null },
  ],
  ['a unit failed', { exitCode: 1 }, {}],
  ['there were changes', { exitCode: 2 }, {}],
  ['a tool is there that was not asked for', {}, { tools: { ...same.tools, kubectl: '1.33.4' } }],
])('nor where %s, then as now', (_, record, now) => {
  expect(whys(run(record), now)).toEqual([]);
});

const id = run().run;
const unfinished = 'that plan was not finished';

test.each<[string, Partial<RunRecord>, Partial<BoundNow>, string]>([
  ['an apply', { command: 'apply' }, {}, `run ${id} is no plan but a run of apply`],
  ['a destroy', { command: 'destroy' }, {}, `run ${id} is no plan but a run of destroy`],
  [
    'a plan to destroy',
    { destroy: true },
    {},
    'it is a plan to destroy: platform destroy makes its own',
  ],
  ['a plan without an end', { exitCode: null }, {}, unfinished],
  ['an interrupted plan', { interruptedBy: 'SIGTERM', exitCode: 143 }, {}, unfinished],
  ['another environment', {}, { environment: 'prod' }, 'it is a plan of "dev"'],
  ['another commit', { commit: 'aaa' }, { commit: 'bbb' }, 'the commit was aaa and is bbb'],
  ['a commit that is gone', { commit: 'aaa' }, { commit: null }, 'the commit was aaa and is none'],
  ['a commit at last', { commit: null }, { commit: 'bbb' }, 'the commit was none and is bbb'],
  [
    'another account',
    {},
    { account: '000000000000' },
    'the account was 111122223333 and is 000000000000',
  ],
  ['another region', {}, { region: null }, 'the region was eu-west-1 and is none'],
  [
    'another terraform',
    {},
    { tools: { ...same.tools, terraform: '1.12.0' } },
    'it was made with terraform 1.11.4, and this is 1.12.0',
  ],
  [
    'a tool that is gone',
    {},
    { tools: { terraform: '1.11.4' } },
    'it was made with terragrunt 1.1.3, and this is another',
  ],
])('the whole run is refused: %s', (_, record, now, why) => {
  const next = `plan again: platform plan ${now.environment ?? 'dev'}`;
  expect(boundRefusals(run(record), { ...same, ...now })).toEqual([
    { kind: 'bound', unit: '', why, next },
  ]);
});

test('all reasons are told, not only the first', () => {
  const now = { commit: null, account: null, region: null, tools: {} };
  expect(whys(run({ destroy: true, exitCode: null }), now)).toHaveLength(7);
});

test('where the whole run is refused, units are not looked at', () => {
  expect(whys(run({}, eks({ label: 'mocked' })), { region: null })).toHaveLength(1);
});

const nowWith = (given: Partial<UnitBinding>): Partial<BoundNow> => ({
  bindings: new Map([['eks', { ...binding, ...given }]]),
});
const unbound = 'the record does not say what it is bound to';
const neverHadState = eks({ binding: { ...binding, state: null } });

test.each<[string, UnitRecord, Partial<BoundNow>, string]>([
  [
    'mocks',
    eks({ label: 'mocked', reason: 'vpc has no outputs yet' }),
    {},
    'it was planned on mocks: vpc has no outputs yet',
  ],
  [
    'no plan',
    eks({ label: 'unknown', reason: 'waits for outputs of vpc' }),
    {},
    'it could not be planned: waits for outputs of vpc',
  ],
  ['nothing that it is bound to', eks({ binding: null }), {}, unbound],
  ['no plan file in the record', eks({ plan: null }), {}, unbound],
  ['a unit that is gone', eks(), { bindings: new Map() }, 'the unit does not exist any more'],
  [
    'a later apply',
    eks(),
    { appliedSince: new Map([['eks', '20261122-110000-aaaa']]) },
    'run 20261122-110000-aaaa has applied it since',
  ],
  [
    'no plan file any more',
    eks(),
    { planFiles: new Map([['vpc', 'f00']]) },
    'its plan file is gone: a plan is applied once',
  ],
  [
    'another plan file',
    eks(),
    { planFiles: new Map([['eks', 'bad']]) },
    'the plan file is not the one that was planned',
  ],
  ['other files', eks(), nowWith({ files: 'bad' }), 'its files were changed'],
  ['a state at last', neverHadState, {}, 'it has a state now'],
  ['no state any more', eks(), nowWith({ state: null }), 'its state is gone'],
  [
    'another state of the same serial',
    eks(),
    nowWith({ state: { lineage: 'other', serial: 11 } }),
    'its state is another one',
  ],
  [
    'a newer state',
    eks(),
    nowWith({ state: { lineage: 'd23e13c2', serial: 12 } }),
    'its state was at serial 11 and is at 12',
  ],
  [
    'an older state',
    eks(),
    nowWith({ state: { lineage: 'd23e13c2', serial: 10 } }),
    'its state was at serial 11 and is at 10',
  ],
  [
    'other outputs upstream',
    eks(),
    nowWith({ upstream: { vpc: 'h1', kms: 'h3' } }),
    'outputs of kms have changed',
  ],
  [
    'nothing upstream any more',
    eks(),
    nowWith({ upstream: { vpc: 'h1' } }),
    'outputs of kms have changed',
  ],
])('a unit is refused: %s', (_, unit, now, why) => {
  expect(boundRefusals(run({}, unit), { ...same, ...now })).toEqual([
    { kind: 'bound', unit: 'eks', why, next: 'plan again: platform plan dev' },
  ]);
});

test('a provisional plan is bound like an exact one', () => {
  const unit = eks({ label: 'provisional' });
  expect(whys(run({}, unit))).toEqual([]);
  expect(whys(run({}, unit), nowWith({ files: 'bad' }))).toEqual(['its files were changed']);
});

test('a unit that has no state, then as now, may be applied', () => {
  expect(whys(run({}, neverHadState), nowWith({ state: null }))).toEqual([]);
});

test.each<[string, UnitRecord]>([
  ['it has nothing to do', eks({ label: 'no-changes' })],
  ['its plan failed', eks({ label: 'unknown', result: 'failed' })],
  ['it was cut off', eks({ label: 'unknown', result: 'interrupted' })],
])('a unit is left as it is, whatever has changed: %s', (_, unit) => {
  expect(whys(run({}, unit), { bindings: new Map(), planFiles: new Map() })).toEqual([]);
});

test('of every unit every reason is told, once for each unit', () => {
  const units = [eks(), eks({ unit: 'dns', label: 'mocked', reason: 'eks has no outputs yet' })];
  const now = {
    ...nowWith({ files: 'bad', state: null, upstream: {} }),
    planFiles: new Map(),
    appliedSince: new Map([['eks', id]]),
  };
  const refused = boundRefusals(run({}, ...units), { ...same, ...now });
  expect(refused.map(({ unit, why }) => [unit, why.split('; ').length])).toEqual([
    ['eks', 6],
    ['dns', 1],
  ]);
});

test.each([
  ['another', 'l1', 'l2', ['its lock file of providers was changed']],
  ['the same', 'l1', 'l1', []],
  ['made later', null, 'l1', []],
  ['not there yet', 'l1', null, []],
])('a lock file that is %s', (_, then, now, expected) => {
  const unit = eks({ binding: bindingOf({ lockFile: then }) });
  const world = { ...same, ...nowWith({ lockFile: now }) };
  expect(boundRefusals(run({}, unit), world).map(({ why }) => why)).toEqual(expected);
});
