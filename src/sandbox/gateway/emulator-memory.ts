/**
 * What the emulator is told and forgets, kept so that its answers can be completed. Lives exactly
 * as long as the emulator's own memory: both end with the daemon.
 */
export interface EmulatorMemory {
  /** Tags of budgets, by ARN. */
  readonly budgetTags: Map<string, Record<string, string>>;
  /** Descriptions of security group rules that name a group or a prefix list, by rule id. */
  readonly ruleDescriptions: Map<string, string>;
  /** Versions of FSx file systems, by file system id. */
  readonly fileSystemVersions: Map<string, string>;
  /** EFS file systems whose policy was deleted. */
  readonly deletedPolicies: Set<string>;
}

export function newMemory(): EmulatorMemory {
  return {
    budgetTags: new Map(),
    ruleDescriptions: new Map(),
    fileSystemVersions: new Map(),
    deletedPolicies: new Set(),
  };
}
