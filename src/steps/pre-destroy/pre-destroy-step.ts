import type { StepOutcome } from '../../domain/steps/step-outcome.ts';
import type { Deadline } from '../deadline.ts';
import type { StepContext } from '../step-context.ts';

/** What is done before the cluster's units are taken away: it needs the cluster and what runs in it. */
export interface PreDestroyStep {
  readonly name: string;
  /** One line for a list. */
  readonly title: string;
  readonly defaultDeadlineSeconds: number;
  run(context: StepContext, deadline: Deadline): Promise<StepOutcome>;
}
