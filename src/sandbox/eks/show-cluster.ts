import {
  type ControlPlaneState,
  clusterKey,
  type EksContext,
  type ShownHealth,
  shownHealth,
} from './handler.ts';
import type { ClusterFields } from './store.ts';
import { findClusterVersion } from './versions.ts';

export const logTypes = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

/** A cluster as EKS describes it. */
export function showCluster(context: EksContext, fields: ClusterFields): object {
  const plane = context.controlPlane(clusterKey(context, fields.name));
  const off = logTypes.filter((type) => !fields.enabledLogs.includes(type));
  return {
    name: fields.name,
    arn: fields.arn,
    createdAt: fields.createdAt,
    version: fields.version,
    ...(plane.kind === 'ready' ? { endpoint: plane.endpoint } : {}),
    roleArn: fields.roleArn,
    resourcesVpcConfig: fields.vpc,
    kubernetesNetworkConfig: {
      serviceIpv4Cidr: fields.serviceCidr,
      ipFamily: fields.ipFamily,
      elasticLoadBalancing: { enabled: false },
    },
    logging: {
      clusterLogging: [
        { types: fields.enabledLogs, enabled: true },
        { types: off, enabled: false },
      ].filter((group) => group.types.length > 0),
    },
    identity: {
      oidc: { issuer: `https://oidc.eks.${context.region}.amazonaws.com/id/${fields.oidcId}` },
    },
    certificateAuthority: plane.kind === 'ready' ? { data: plane.certificateAuthorityData } : {},
    platformVersion: findClusterVersion(fields.version)?.platformVersion,
    tags: fields.tags,
    ...(fields.encryptionConfig.length > 0 ? { encryptionConfig: fields.encryptionConfig } : {}),
    accessConfig: { authenticationMode: fields.authenticationMode },
    upgradePolicy: { supportType: fields.supportType },
    deletionProtection: fields.deletionProtection,
    ...fields.extras,
    ...clusterHealth(context, fields, plane),
  };
}

/** A control plane that could not be started is what EKS calls FAILED; what tests force comes first. */
function clusterHealth(
  context: EksContext,
  fields: ClusterFields,
  plane: ControlPlaneState,
): ShownHealth {
  const key = `cluster/${fields.name}`;
  if (plane.kind !== 'failed' || context.forced[key] !== undefined) {
    return shownHealth(context, key, fields, {
      kind: plane.kind === 'ready' ? 'done' : 'pending',
    });
  }
  const issues = [{ code: 'InternalFailure', message: plane.reason, resourceIds: [fields.name] }];
  return { status: 'FAILED', health: { issues } };
}
