import { expect, test } from 'vitest';
import { type ApplyWishes, leftOut } from '../../../src/domain/left-out.ts';
import type { UnitRecord } from '../../../src/domain/run-record.ts';
import { graphOf } from '../support/graphs.ts';
import { unitRecord } from '../support/records.ts';

const graph = graphOf({ vpc: [], eks: ['vpc'], apps: ['eks'], dns: [] });
const planned = (unit: string, label: UnitRecord['label'], given: Partial<UnitRecord> = {}) =>
  unitRecord(unit, { result: 'planned', label, ...given });
const left = (units: UnitRecord[], wishes: Partial<ApplyWishes>) =>
  Object.fromEntries(leftOut({ units }, graph, { onlyReady: false, allowDestroy: [], ...wishes }));

test('an apply of everything leaves nothing out', () => {
  expect(left([planned('vpc', 'exact'), planned('eks', 'mocked')], {})).toEqual({});
});

test('with --only ready what is not exact waits, and whatever depends on it', () => {
  const units = [
    planned('vpc', 'no-changes'),
    planned('eks', 'provisional'),
    planned('apps', 'exact'),
    planned('dns', 'exact'),
  ];
  expect(left(units, { onlyReady: true })).toEqual({ eks: 'is not ready', apps: 'waits for eks' });
});

test('a plan that failed is no part of it', () => {
  const failed = unitRecord('eks', { result: 'failed' });
  expect(left([planned('vpc', 'provisional'), failed], { onlyReady: true })).toEqual({
    vpc: 'is not ready',
  });
});

test('a deleted unit is taken away only where it is named', () => {
  const units = [planned('dns', 'exact', { isDeleted: true })];
  expect(left(units, {})).toEqual({ dns: 'its files are gone: --allow-destroy dns takes it away' });
  expect(left(units, { allowDestroy: ['dns'] })).toEqual({});
  expect(left([planned('dns', 'no-changes', { isDeleted: true })], {})).toEqual({});
});
