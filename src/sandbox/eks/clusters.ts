import { z } from 'zod';
import {
  answer,
  arnOf,
  clusterKey,
  type EksContext,
  type EksRequest,
  findCluster,
  inUse,
  invalidParameter,
  invalidRequest,
  newUuid,
  type Outcome,
  parseBody,
  withCluster,
  without,
} from './handler.ts';
import { logTypes, showCluster } from './show-cluster.ts';
import type { AccessEntry, ClusterFields, ClusterRecord, Store } from './store.ts';
import { defaultClusterVersion, findClusterVersion } from './versions.ts';

export const loggingInput = z.object({
  clusterLogging: z.array(
    z.object({ types: z.array(z.enum(logTypes)).default([]), enabled: z.boolean().default(false) }),
  ),
});

export const authenticationModes = ['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'] as const;

export const encryptionInput = z.array(
  z.object({ resources: z.array(z.string()), provider: z.object({ keyArn: z.string() }) }),
);

/** Blocks of CreateCluster and UpdateClusterConfig that are only kept and shown again. */
export const extraBlocks = [
  'zonalShiftConfig',
  'computeConfig',
  'storageConfig',
  'remoteNetworkConfig',
] as const;

const createInput = z.object({
  name: z.string().regex(/^[0-9A-Za-z][A-Za-z0-9\-_]{0,99}$/, 'not a valid cluster name'),
  roleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\//, 'not the ARN of an IAM role'),
  version: z.string().optional(),
  resourcesVpcConfig: z.object({
    subnetIds: z.array(z.string()).min(1, 'needs at least one subnet'),
    securityGroupIds: z.array(z.string()).default([]),
    endpointPublicAccess: z.boolean().default(true),
    endpointPrivateAccess: z.boolean().default(false),
    publicAccessCidrs: z.array(z.string()).default(['0.0.0.0/0']),
  }),
  kubernetesNetworkConfig: z
    .object({ serviceIpv4Cidr: z.string().optional(), ipFamily: z.string().default('ipv4') })
    .optional(),
  logging: loggingInput.optional(),
  accessConfig: z
    .object({
      authenticationMode: z.enum(authenticationModes).default('CONFIG_MAP'),
      bootstrapClusterCreatorAdminPermissions: z.boolean().default(true),
    })
    .optional(),
  upgradePolicy: z.object({ supportType: z.enum(['STANDARD', 'EXTENDED']) }).optional(),
  encryptionConfig: encryptionInput.default([]),
  deletionProtection: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).default({}),
});

export function enabledLogTypes(logging: z.infer<typeof loggingInput>, before: string[]): string[] {
  const enabled = new Set(before);
  for (const group of logging.clusterLogging) {
    for (const type of group.types) {
      if (group.enabled) enabled.add(type);
      else enabled.delete(type);
    }
  }
  return logTypes.filter((type) => enabled.has(type));
}

export function extrasOf(body: unknown): Record<string, unknown> {
  const names: readonly string[] = extraBlocks;
  return Object.fromEntries(
    Object.entries(body ?? {}).filter(([name, value]) => names.includes(name) && value !== null),
  );
}

export function createCluster(context: EksContext, store: Store, request: EksRequest): Outcome {
  const parsed = parseBody(createInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const input = parsed.value;
  const key = clusterKey(context, input.name);
  if (store.clusters[key] !== undefined) {
    return inUse(`Cluster already exists with name: ${input.name}`);
  }
  const version = input.version ?? defaultClusterVersion();
  if (findClusterVersion(version) === undefined) {
    return invalidParameter(`unsupported Kubernetes version ${version}`);
  }
  const network = request.facts.network;
  if (network === undefined) {
    const subnetIds = input.resourcesVpcConfig.subnetIds;
    return { kind: 'needs', need: { kind: 'network', cluster: input.name, subnetIds } };
  }
  const access = input.accessConfig;
  const fields: ClusterFields = {
    phase: 'CREATING',
    settledAt: context.now + context.settleSeconds,
    name: input.name,
    arn: arnOf(context, `cluster/${input.name}`),
    createdAt: context.now,
    version,
    roleArn: input.roleArn,
    oidcId: context.newHex(32).toUpperCase(),
    vpc: {
      ...input.resourcesVpcConfig,
      clusterSecurityGroupId: network.securityGroupId,
      vpcId: network.vpcId,
    },
    ipFamily: input.kubernetesNetworkConfig?.ipFamily ?? 'ipv4',
    serviceCidr: input.kubernetesNetworkConfig?.serviceIpv4Cidr ?? '172.20.0.0/16',
    enabledLogs: input.logging === undefined ? [] : enabledLogTypes(input.logging, []),
    authenticationMode: access?.authenticationMode ?? 'CONFIG_MAP',
    supportType: input.upgradePolicy?.supportType ?? 'EXTENDED',
    encryptionConfig: input.encryptionConfig,
    deletionProtection: input.deletionProtection,
    extras: extrasOf(request.body),
    tags: input.tags,
  };
  const creator =
    fields.authenticationMode === 'CONFIG_MAP' ||
    access?.bootstrapClusterCreatorAdminPermissions === false
      ? {}
      : creatorEntry(context, input.name, network.callerArn);
  const record: ClusterRecord = {
    fields,
    nodeGroups: {},
    addons: {},
    podIdentities: {},
    accessEntries: creator,
    updates: [],
  };
  return answer(withCluster(store, key, record), { cluster: showCluster(context, fields) });
}

/** EKS makes the creator of a cluster its administrator, unless it is told not to. */
function creatorEntry(
  context: EksContext,
  cluster: string,
  principalArn: string,
): Record<string, AccessEntry> {
  const path = principalArn.split(':').at(-1) ?? '';
  return {
    [principalArn]: {
      principalArn,
      arn: arnOf(context, `access-entry/${cluster}/${path}/${newUuid(context)}`),
      groups: [],
      username: principalArn,
      type: 'STANDARD',
      policies: [
        {
          policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
          accessScope: { type: 'cluster', namespaces: [] },
          associatedAt: context.now,
          modifiedAt: context.now,
        },
      ],
      createdAt: context.now,
      modifiedAt: context.now,
      tags: {},
    },
  };
}

export function describeCluster(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  return answer(store, { cluster: showCluster(context, found.record.fields) });
}

export function listClusters(context: EksContext, store: Store, _request: EksRequest): Outcome {
  const clusters = Object.keys(store.clusters)
    .filter((key) => key.startsWith(`${context.region}/`))
    .map((key) => key.slice(context.region.length + 1));
  return answer(store, { clusters });
}

export function deleteCluster(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const { fields, nodeGroups } = found.record;
  if (Object.keys(nodeGroups).length > 0) return inUse('Cluster has nodegroups attached');
  if (fields.deletionProtection) {
    return invalidRequest(`Cluster ${fields.name} has deletion protection enabled`);
  }
  return {
    kind: 'answer',
    store: { ...store, clusters: without(store.clusters, found.key) },
    body: { cluster: { ...showCluster(context, fields), status: 'DELETING' } },
    dropSecurityGroup: fields.vpc.clusterSecurityGroupId,
  };
}
