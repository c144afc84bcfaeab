import { expect, test } from 'vitest';
import { decideTurn } from '../../../src/domain/turn.ts';

test.each([
  ['exact', 'apply-saved-plan'],
  ['provisional', 'plan-again'],
  ['mocked', 'plan-again'],
  ['unknown', 'plan-again'],
  ['no-changes', 'leave'],
] as const)('at its turn a plan that is %s: %s', (label, turn) => {
  expect(decideTurn(label)).toBe(turn);
});
