import { z } from 'zod';
import { stepsSchema } from '../domain/steps/step-declaration.ts';

const tags = z.record(z.string(), z.string());
const count = z.int().min(0);

/**
 * The facts of an environment, `live/<env>/env.yaml`: read by Terragrunt with `yamldecode` and by us.
 * Strict, so that a typing error is found here and not by AWS.
 */
export const environmentFileSchema = z.strictObject({
  kind: z.enum(['sandbox', 'aws']).describe('sandbox: the embedded environment, no AWS account'),
  name: z.string().regex(/^[a-z][a-z0-9-]{1,15}$/),
  project: z.string().regex(/^[a-z][a-z0-9-]{1,11}$/),
  account: z.string().regex(/^\d{12}$/, 'must be 12 digits, quoted'),
  region: z.string().min(1),
  stateBucket: z.string().min(3),
  protected: z.boolean(),
  tags: tags.optional(),
  provider: z.strictObject({
    version: z.string().describe('exactly this hashicorp/aws'),
    maxRetries: count.optional(),
    helmVersion: z.string().describe('exactly this hashicorp/helm').optional(),
  }),
  github: z.strictObject({
    repository: z.string().regex(/^[^/]+\/[^/]+$/),
    ownerId: z.int(),
    repositoryId: z.int(),
    defaultBranch: z.string().optional(),
  }),
  dns: z.strictObject({ zone: z.string() }).optional(),
  vpc: z.strictObject({
    cidr: z.string(),
    availabilityZones: z.union([z.literal(2), z.literal(3)]).optional(),
    nat: z.enum(['one', 'per-az']),
    flowLogs: z.strictObject({ retentionDays: count }).optional(),
    tags: tags.optional(),
  }),
  cluster: z.strictObject({
    name: z.string(),
    version: z.string().regex(/^1\.\d+$/, 'must be a Kubernetes minor such as "1.33", quoted'),
    endpointPublicCidrs: z.array(z.string()).optional(),
    logRetentionDays: count.optional(),
    addonVersions: z.record(z.string(), z.string()).optional(),
    access: z
      .record(
        z.string(),
        z.strictObject({
          principalArn: z.string(),
          policy: z.string(),
          namespaces: z.array(z.string()).optional(),
          groups: z.array(z.string()).optional(),
        }),
      )
      .optional(),
  }),
  nodeGroups: z.record(
    z.string(),
    z.strictObject({
      instanceTypes: z.array(z.string()).min(1),
      minSize: count,
      desiredSize: count,
      maxSize: z.int().min(1),
      diskGiB: z.int().min(1).optional(),
      capacityType: z.enum(['ON_DEMAND', 'SPOT']).optional(),
      gpusPerNode: count.optional(),
      labels: tags.optional(),
      taints: z
        .array(
          z.strictObject({
            key: z.string(),
            value: z.string().optional(),
            effect: z.enum(['NO_SCHEDULE', 'PREFER_NO_SCHEDULE', 'NO_EXECUTE']),
          }),
        )
        .optional(),
    }),
  ),
  charts: z
    .record(
      z.string(),
      z.strictObject({
        repository: z.string().min(1),
        version: z.string().min(1).describe('exact; of all charts of this name'),
      }),
    )
    .describe('Helm charts by the name of what they install')
    .optional(),
  ingress: z
    .strictObject({
      scheme: z
        .enum(['internal', 'internet-facing'])
        .describe('who reaches the load balancer of the gateway; internal unless given'),
    })
    .optional(),
  steps: stepsSchema.describe('what is run and waited for after a unit, in this order').optional(),
  storage: z.strictObject({
    efs: z.strictObject({ throughputMode: z.enum(['elastic', 'bursting']).optional() }),
    fsx: z.strictObject({
      deploymentType: z.enum(['SCRATCH_2', 'PERSISTENT_2']),
      storageGiB: z.int().min(1),
      throughputPerTiB: z.int().optional(),
    }),
  }),
});

export type EnvironmentFile = z.infer<typeof environmentFileSchema>;
