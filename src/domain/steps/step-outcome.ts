import type { FailureKind } from '../run-record.ts';

/** How a step ended. */
export type StepOutcome =
  | {
      readonly kind: 'passed';
      /** What holds, in numbers: `3 of 3 nodes ready`. */
      readonly text: string;
      /** Something was changed in the cluster. */
      readonly acted: boolean;
    }
  | { readonly kind: 'failed'; readonly failure: StepFailure }
  | { readonly kind: 'interrupted' };

export interface StepFailure {
  readonly kind: FailureKind;
  /** What is missing, and what was waited for: lower case, no full stop. */
  readonly summary: string;
  readonly next?: string;
}
