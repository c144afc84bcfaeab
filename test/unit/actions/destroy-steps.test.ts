import { expect, test } from 'vitest';
import { destroyRunner, destroySteps } from '../../../src/actions/run/destroy-steps.ts';
import { NO_STEPS, type PreparedSteps } from '../../../src/actions/run/step-runner.ts';
import type { UnitRecord } from '../../../src/domain/run-record.ts';
import { runRecord, unitRecord } from '../support/records.ts';

const prepared: PreparedSteps = {
  kind: 'steps',
  declared: [
    { unit: 'eks', name: 'cluster', options: {} },
    { unit: 'istiod', name: 'webhooks', options: {} },
  ],
  tools: { kubectl: 'kubectl', aws: 'aws' },
};

function runnerFor(eks: Partial<UnitRecord> | undefined) {
  const units = [unitRecord('vpc'), ...(eks === undefined ? [] : [unitRecord('eks', eks)])];
  const record = runRecord(units, { command: 'destroy' });
  const context = { recorder: { record: () => record } } as unknown as Parameters<
    typeof destroyRunner
  >[0];
  return destroyRunner(context, prepared, ['vpc', 'eks'], () => {});
}

test('they belong to the unit that makes the cluster, and to no destroy without it', () => {
  expect(destroySteps(prepared, new Set(['vpc', 'eks']))).toEqual(
    ['reach-cluster', 'remove-load-balancers', 'remove-volumes', 'sweep'].map((name) => ({
      unit: 'eks',
      name,
    })),
  );
  expect(destroySteps(prepared, new Set(['istiod']))).toEqual([]);
  expect(destroySteps({ kind: 'none' }, new Set(['eks']))).toEqual([]);
  expect(runnerFor(undefined)).toBe(NO_STEPS);
});

test('where the cluster could not be planned to go, nothing in it is taken away', async () => {
  // A cluster that were asked would throw: nothing of the session is there.
  expect(await runnerFor({ result: 'failed' }).before()).toBe(false);
});

test('a cluster that stayed is not swept behind', async () => {
  await runnerFor({ result: 'skipped' }).end();
});
