import { type EksContext, shownHealth } from './handler.ts';
import type { NodeGroup } from './store.ts';

/** A node group as EKS describes it. */
export function showNodeGroup(context: EksContext, cluster: string, group: NodeGroup): object {
  return {
    nodegroupName: group.name,
    nodegroupArn: group.arn,
    clusterName: cluster,
    version: group.version,
    releaseVersion: group.releaseVersion,
    createdAt: group.createdAt,
    modifiedAt: group.modifiedAt,
    capacityType: group.capacityType,
    scalingConfig: group.scaling,
    instanceTypes: group.instanceTypes,
    subnets: group.subnets,
    remoteAccess: group.remoteAccess,
    amiType: group.amiType,
    nodeRole: group.nodeRole,
    labels: group.labels,
    taints: group.taints,
    resources: {
      autoScalingGroups: [{ name: `eks-${group.name}-${group.arn.split('/').at(-1)}` }],
    },
    diskSize: group.diskSize,
    updateConfig: group.updateConfig,
    nodeRepairConfig: group.nodeRepairConfig,
    launchTemplate: group.launchTemplate,
    tags: group.tags,
    ...shownHealth(
      context,
      `node-group/${cluster}/${group.name}`,
      group,
      context.realization(group.arn, group.modifiedAt),
    ),
  };
}
