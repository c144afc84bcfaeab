import { ToolError } from '../domain/errors.ts';
import type { StepOutcome } from '../domain/steps/step-outcome.ts';

/** An answer of a tool that cannot be read fails the step that asked, and it alone. */
export async function failingUnreadable(run: () => Promise<StepOutcome>): Promise<StepOutcome> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const { what, next } = error.problem;
    const failure = { kind: 'unreadable', summary: what } as const;
    return { kind: 'failed', failure: next === undefined ? failure : { ...failure, next } };
  }
}
