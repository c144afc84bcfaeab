/** A node group as EKS has it. */
export interface ExpectedGroup {
  readonly name: string;
  readonly status: string;
  readonly desiredSize: number;
}

/** A node as the API server has it. */
export interface NodeFacts {
  /** Undefined for one that no managed group made. */
  readonly group: string | undefined;
  readonly isReady: boolean;
  readonly gpus: number;
}

export interface NodeGroupReport {
  readonly name: string;
  readonly status: string;
  /** Null when the API server could not be asked. */
  readonly ready: number | null;
  readonly expected: number;
}

/** @param nodes undefined when the API server could not be asked */
export function reportNodeGroups(
  groups: readonly ExpectedGroup[],
  nodes: readonly NodeFacts[] | undefined,
): NodeGroupReport[] {
  return groups.map(({ name, status, desiredSize }) => ({
    name,
    status,
    ready: nodes?.filter(({ group, isReady }) => isReady && group === name).length ?? null,
    expected: desiredSize,
  }));
}
