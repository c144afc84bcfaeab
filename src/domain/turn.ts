import type { Label } from './label.ts';

/** What an apply does with a unit when its turn comes. */
export type Turn = 'leave' | 'apply-saved-plan' | 'plan-again';

/**
 * Only an exact plan is applied as it is. What was computed from mocks, or before something upstream
 * changed, is planned again on real outputs; what has nothing to do costs nothing.
 */
export function decideTurn(label: Label): Turn {
  switch (label) {
    case 'no-changes':
      return 'leave';
    case 'exact':
      return 'apply-saved-plan';
    case 'provisional':
    case 'mocked':
    case 'unknown':
      return 'plan-again';
  }
}
