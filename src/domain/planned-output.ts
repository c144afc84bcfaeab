import type { StateOutput, UnitState } from './unit-state.ts';

/** What a plan makes of an output that it changes. */
export type PlannedOutput =
  | { readonly kind: 'known'; readonly output: StateOutput }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'removed' };

export type PlannedOutputs = Readonly<Record<string, PlannedOutput>>;

/** A unit's outputs as they will be, as far as that is known before anything is applied. */
export interface OutputsAhead {
  readonly outputs: Readonly<Record<string, StateOutput>>;
  /** Names of those that are not what the state says. */
  readonly ahead: readonly string[];
}

/** Values that are not known yet stay the old ones; an output that is removed is left out. */
export function outputsAhead(state: UnitState, planned: PlannedOutputs): OutputsAhead {
  const outputs = { ...state.outputs };
  const ahead: string[] = [];
  for (const [name, change] of Object.entries(planned)) {
    if (change.kind === 'unknown') continue;
    if (change.kind === 'known') outputs[name] = change.output;
    else delete outputs[name];
    ahead.push(name);
  }
  return { outputs, ahead: ahead.sort() };
}
