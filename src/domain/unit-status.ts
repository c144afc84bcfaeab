/** A unit as its state says. */
export interface UnitStatus {
  readonly unit: string;
  readonly state:
    | { readonly kind: 'applied'; readonly resources: number; readonly serial: number }
    | { readonly kind: 'empty'; readonly serial: number }
    | { readonly kind: 'never-applied' }
    | { readonly kind: 'unreadable'; readonly why: string };
  /** The newest run of this environment with this unit in it. */
  readonly lastRun:
    | {
        readonly run: string;
        readonly command: string;
        readonly result: string;
        readonly at: string;
      }
    | undefined;
  readonly lastSteps: readonly LastStep[];
}

/** How a step of a unit last ended, from here. */
export interface LastStep {
  readonly step: string;
  readonly result: string;
  /** What holds, or what is missing. */
  readonly text: string;
  readonly at: string;
}
