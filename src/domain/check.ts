/** One thing that was looked at before anything is done, as a line of `doctor`. */
export interface Check {
  readonly name: string;
  readonly verdict: 'ok' | 'warn' | 'bad';
  readonly text: string;
  readonly fix?: string;
  /** What the command exits with when this is bad. */
  readonly exitCode: number;
}
