import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outputsAhead, type PlannedOutput } from '../../../src/domain/planned-output.ts';
import type { UnitState } from '../../../src/domain/unit-state.ts';
import { outputOf, stateOf } from '../support/records.ts';

const known = (value: string): PlannedOutput => ({ kind: 'known', output: outputOf(value) });
const unknown: PlannedOutput = { kind: 'unknown' };
const removed: PlannedOutput = { kind: 'removed' };

const old = { id: outputOf('old'), arn: outputOf('arn') };

test.each<[string, Record<string, PlannedOutput>, UnitState['outputs'], readonly string[]]>([
  ['nothing changes', {}, old, []],
  ['a new value', { id: known('new') }, { ...old, id: outputOf('new') }, ['id']],
  ['a value that is open stays the old one', { id: unknown }, old, []],
  ['one that is removed is left out', { id: removed }, { arn: outputOf('arn') }, ['id']],
  ['one that is new', { name: known('n') }, { ...old, name: outputOf('n') }, ['name']],
  ['one that is new and open is not there', { name: unknown }, old, []],
  [
    'several, by name',
    { name: known('n'), id: known('new'), arn: removed },
    { id: outputOf('new'), name: outputOf('n') },
    ['arn', 'id', 'name'],
  ],
])('outputs as they will be: %s', (_, planned, outputs, ahead) => {
  expect(outputsAhead(stateOf(old), planned)).toEqual({ outputs, ahead });
});

test('the mark of a secret and the type come along', () => {
  const output = outputOf('new', { sensitive: true, type: ['list', 'string'] });
  const { outputs } = outputsAhead(stateOf(old), { id: { kind: 'known', output } });
  expect(outputs.id).toEqual(output);
});

test('the state itself stays as it is', () => {
  const state = stateOf({ ...old });
  outputsAhead(state, { id: known('new'), arn: removed });
  expect(state).toEqual(stateOf(old));
});

const anyPlanned = fc.dictionary(
  fc.constantFrom('id', 'arn', 'name'),
  fc.constantFrom(known('new'), unknown, removed),
);
const anyState = fc
  .dictionary(fc.constantFrom('id', 'arn', 'name', 'zone'), fc.constant(outputOf('old')))
  .map((outputs) => stateOf(outputs));

test('whatever is planned, what is not said to be ahead is what the state says', () => {
  fc.assert(
    fc.property(anyState, anyPlanned, (state, planned) => {
      const { outputs, ahead } = outputsAhead(state, planned);
      for (const name of ['id', 'arn', 'name', 'zone']) {
        if (!ahead.includes(name)) expect(outputs[name]).toEqual(state.outputs[name]);
      }
    }),
  );
});
