/** A unit's state, as far as it decides labels and bindings. Values are never written to a record. */
export interface UnitState {
  readonly lineage: string;
  readonly serial: number;
  /** Instances of managed resources. */
  readonly resources: number;
  readonly outputs: Readonly<Record<string, StateOutput>>;
}

/** In the shape of `terraform output -json`. */
export interface StateOutput {
  readonly sensitive: boolean;
  /** Terraform's own notation of a type. */
  readonly type: unknown;
  readonly value: unknown;
}

/** `none`: nothing was ever written; `unreadable`: nobody could say. */
export type KnownState = UnitState | 'none' | 'unreadable';
