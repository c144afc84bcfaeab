import { z } from 'zod';

const text = z.string();
const strings = z.array(z.string());
const stringMap = z.record(z.string(), z.string());
/** Epoch seconds, as EKS sends them. */
const seconds = z.number();

/** Until when a resource shows `phase` instead of ACTIVE. */
const settling = { phase: text, settledAt: seconds };

const clusterFields = z.object({
  ...settling,
  name: text,
  arn: text,
  createdAt: seconds,
  version: text,
  roleArn: text,
  oidcId: text,
  vpc: z.object({
    subnetIds: strings,
    securityGroupIds: strings,
    clusterSecurityGroupId: text,
    vpcId: text,
    endpointPublicAccess: z.boolean(),
    endpointPrivateAccess: z.boolean(),
    publicAccessCidrs: strings,
  }),
  ipFamily: text,
  serviceCidr: text,
  enabledLogs: strings,
  authenticationMode: text,
  supportType: text,
  encryptionConfig: z.array(z.object({ resources: strings, provider: z.object({ keyArn: text }) })),
  deletionProtection: z.boolean(),
  /** Blocks that are kept and given back as they came: zonal shift, Auto Mode, hybrid networks. */
  extras: z.record(z.string(), z.unknown()),
  tags: stringMap,
});

const taint = z.object({ key: text, value: text.optional(), effect: text });

const nodeGroup = z.object({
  ...settling,
  name: text,
  arn: text,
  createdAt: seconds,
  modifiedAt: seconds,
  version: text,
  releaseVersion: text.optional(),
  capacityType: text,
  scaling: z.object({ minSize: z.number(), maxSize: z.number(), desiredSize: z.number() }),
  instanceTypes: strings.optional(),
  subnets: strings,
  amiType: text,
  nodeRole: text,
  labels: stringMap,
  taints: z.array(taint),
  diskSize: z.number().optional(),
  updateConfig: z.record(z.string(), z.unknown()),
  nodeRepairConfig: z.record(z.string(), z.unknown()).optional(),
  remoteAccess: z.record(z.string(), z.unknown()).optional(),
  launchTemplate: z.object({ id: text, name: text, version: text }).optional(),
  tags: stringMap,
});

const addon = z.object({
  ...settling,
  name: text,
  arn: text,
  createdAt: seconds,
  modifiedAt: seconds,
  version: text,
  serviceAccountRoleArn: text.optional(),
  configurationValues: text.optional(),
  podIdentityAssociations: strings,
  tags: stringMap,
});

const podIdentity = z.object({
  id: text,
  arn: text,
  namespace: text,
  serviceAccount: text,
  roleArn: text,
  targetRoleArn: text.optional(),
  externalId: text.optional(),
  disableSessionTags: z.boolean(),
  /** The add-on that made it; then only the add-on may change it. */
  ownerArn: text.optional(),
  createdAt: seconds,
  modifiedAt: seconds,
  tags: stringMap,
});

const accessPolicy = z.object({
  policyArn: text,
  accessScope: z.object({ type: text, namespaces: strings }),
  associatedAt: seconds,
  modifiedAt: seconds,
});

const accessEntry = z.object({
  principalArn: text,
  arn: text,
  groups: strings,
  username: text,
  type: text,
  policies: z.array(accessPolicy),
  createdAt: seconds,
  modifiedAt: seconds,
  tags: stringMap,
});

const update = z.object({
  id: text,
  type: text,
  params: z.array(z.object({ type: text, value: text })),
  createdAt: seconds,
  settledAt: seconds,
  nodeGroup: text.optional(),
  addon: text.optional(),
});

const clusterRecord = z.object({
  fields: clusterFields,
  nodeGroups: z.record(z.string(), nodeGroup),
  addons: z.record(z.string(), addon),
  podIdentities: z.record(z.string(), podIdentity),
  accessEntries: z.record(z.string(), accessEntry),
  updates: z.array(update),
});

const storeSchema = z.object({
  schema: z.literal(1),
  /** By `region/name`. */
  clusters: z.record(z.string(), clusterRecord),
});

export type ClusterFields = z.infer<typeof clusterFields>;
export type NodeGroup = z.infer<typeof nodeGroup>;
export type Taint = z.infer<typeof taint>;
export type Addon = z.infer<typeof addon>;
export type PodIdentity = z.infer<typeof podIdentity>;
export type AccessEntry = z.infer<typeof accessEntry>;
export type Update = z.infer<typeof update>;
export type ClusterRecord = z.infer<typeof clusterRecord>;
export type Store = z.infer<typeof storeSchema>;

export const emptyStore: Store = { schema: 1, clusters: {} };

export function parseStore(textOfFile: string): Store {
  return storeSchema.parse(JSON.parse(textOfFile));
}

export function renderStore(store: Store): string {
  return `${JSON.stringify(store, null, 1)}\n`;
}
