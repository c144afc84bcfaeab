import type { StepName, StepOptions } from '../domain/steps/step-declaration.ts';
import type { StepOutcome } from '../domain/steps/step-outcome.ts';
import type { Deadline } from './deadline.ts';
import type { StepContext } from './step-context.ts';

/** What `env.yaml` says beside the step's name; nothing where the name stands alone. */
export type OptionsOf<Name extends StepName> = Partial<NonNullable<StepOptions[Name]>>;

/** What a step would do, for somebody who only asks. */
export interface StepIntent {
  /** A sentence without a subject: `waits until …`. */
  readonly does: string;
  /** Words behind `kubectl` of the one command that changes something, if it is run at all. */
  readonly kubectl?: readonly string[];
}

/** A gate, which only looks, or a step, which also acts. */
export interface Step<Name extends StepName = StepName> {
  readonly name: Name;
  /** One line for a list. */
  readonly title: string;
  readonly defaultDeadlineSeconds: number;
  intent(options: OptionsOf<Name>): StepIntent;
  run(context: StepContext, options: OptionsOf<Name>, deadline: Deadline): Promise<StepOutcome>;
}
