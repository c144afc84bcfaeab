/** One `dependency` block of a unit, as the unit's files say it. */
export interface UnitDependency {
  readonly name: string;
  /** Path of the unit that it points to, from the environment's folder; `../` begins one outside. */
  readonly unit: string;
  /** Names of the outputs that the unit's files mention; `all` where that cannot be told. */
  readonly reads: OutputReads;
  readonly enabled: boolean;
  /** `skip_outputs`: the mocks stand for the outputs, always. */
  readonly skipped: boolean;
  /** `mock_outputs`; undefined when there are none. */
  readonly mocks: unknown;
  /** Undefined when absent: Terragrunt then allows mocks for every command, apply included. */
  readonly mocksAllowedFor: readonly string[] | undefined;
  /** Whether mocks fill in what the state does not have; Terragrunt says nothing of it. */
  readonly mergesMocks: 'no' | 'shallow' | 'deep';
}

export type OutputReads = 'all' | readonly string[];

/** What a unit's files say, as far as it decides labels, selection and bindings. */
export interface UnitConfig {
  readonly unit: string;
  readonly dependencies: readonly UnitDependency[];
  /** Absolute paths of the files that Terragrunt read for it: includes, read configurations, its module. */
  readonly readsFiles: readonly string[];
}
