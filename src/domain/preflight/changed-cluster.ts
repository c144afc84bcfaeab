import type { RunRecord } from '../run-record.ts';

const CLUSTER_TYPES = ['aws_eks_addon', 'aws_eks_cluster', 'aws_eks_node_group'];

/** The first unit whose plan makes or changes a cluster, its nodes or its add-ons. */
export function changedCluster({ units }: Pick<RunRecord, 'units'>): string | undefined {
  const changes = (
    types: readonly { readonly type: string; readonly actions: readonly string[] }[],
  ) =>
    types.some(
      ({ type, actions }) =>
        CLUSTER_TYPES.includes(type) &&
        actions.some(
          (action) => action === 'create' || action === 'update' || action === 'replace',
        ),
    );
  return units.find(({ result, resources }) => result === 'planned' && changes(resources))?.unit;
}
