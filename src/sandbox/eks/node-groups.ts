import { z } from 'zod';
import { dropNodeEntry, ensureNodeEntry } from './access-entries.ts';
import {
  answer,
  arnOf,
  type EksContext,
  type EksRequest,
  type FoundCluster,
  findCluster,
  inUse,
  invalidParameter,
  newUuid,
  notFound,
  type Outcome,
  parseBody,
  type Refusal,
  withCluster,
  without,
} from './handler.ts';
import { showNodeGroup } from './show-node-group.ts';
import type { NodeGroup, Store } from './store.ts';
import { findClusterVersion, minorSteps } from './versions.ts';

export const scalingInput = z.object({
  minSize: z.number().int().min(0).optional(),
  maxSize: z.number().int().min(1).optional(),
  desiredSize: z.number().int().min(0).optional(),
});

export const launchTemplateInput = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  version: z.string().optional(),
});

export const taintInput = z.object({
  key: z.string(),
  value: z.string().optional(),
  effect: z.enum(['NO_SCHEDULE', 'NO_EXECUTE', 'PREFER_NO_SCHEDULE']),
});

const block = z.record(z.string(), z.unknown());

const createInput = z.object({
  nodegroupName: z.string().regex(/^[0-9A-Za-z][A-Za-z0-9\-_]{0,62}$/, 'not a valid name'),
  nodeRole: z.string().regex(/^arn:aws:iam::\d{12}:role\//, 'not the ARN of an IAM role'),
  subnets: z.array(z.string()).min(1, 'needs at least one subnet'),
  scalingConfig: scalingInput.optional(),
  amiType: z.string().optional(),
  capacityType: z.enum(['ON_DEMAND', 'SPOT', 'CAPACITY_BLOCK']).default('ON_DEMAND'),
  instanceTypes: z.array(z.string()).optional(),
  diskSize: z.number().int().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  taints: z.array(taintInput).default([]),
  launchTemplate: launchTemplateInput.optional(),
  updateConfig: block.optional(),
  nodeRepairConfig: block.optional(),
  remoteAccess: block.optional(),
  version: z.string().optional(),
  releaseVersion: z.string().optional(),
  tags: z.record(z.string(), z.string()).default({}),
});

/** Undefined when the sizes fit together. */
export function scalingProblem(scaling: NodeGroup['scaling']): Refusal | undefined {
  const { minSize, maxSize, desiredSize } = scaling;
  if (minSize > maxSize) {
    return invalidParameter(
      `Minimum capacity ${minSize} can't be greater than maximum capacity ${maxSize}`,
    );
  }
  if (minSize > desiredSize) {
    return invalidParameter(
      `Minimum capacity ${minSize} can't be greater than desired size ${desiredSize}`,
    );
  }
  if (desiredSize > maxSize) {
    return invalidParameter(
      `Desired capacity ${desiredSize} can't be greater than max size ${maxSize}`,
    );
  }
  return undefined;
}

/** GPU families get the image with NVIDIA's driver, Graviton the ARM one; AL2 ended with 1.32. */
function defaultAmiType(instanceTypes: readonly string[]): string {
  const first = instanceTypes[0] ?? '';
  if (/^(g4dn|g5|g6|g6e|gr6|p\d[a-z]*)\./.test(first)) return 'AL2023_x86_64_NVIDIA';
  if (/^[a-z]+\d+g[a-z]*\./.test(first)) return 'AL2023_ARM_64_STANDARD';
  return 'AL2023_x86_64_STANDARD';
}

export function createNodeGroup(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(createInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const input = parsed.value;
  const cluster = found.record.fields;
  const name = input.nodegroupName;
  if (found.record.nodeGroups[name] !== undefined) {
    return inUse(`NodeGroup already exists with name ${name} and cluster name ${cluster.name}`);
  }
  const version = input.version ?? cluster.version;
  if (findClusterVersion(version) === undefined || minorSteps(version, cluster.version) < 0) {
    return invalidParameter(
      `Requested Nodegroup version ${version} is not supported by a cluster of version ${cluster.version}`,
    );
  }
  const desiredSize = input.scalingConfig?.desiredSize ?? 2;
  const scaling = {
    minSize: input.scalingConfig?.minSize ?? 1,
    maxSize: input.scalingConfig?.maxSize ?? Math.max(desiredSize, 2),
    desiredSize,
  };
  const problem = scalingProblem(scaling);
  if (problem !== undefined) return problem;
  if (input.launchTemplate !== undefined && input.diskSize !== undefined) {
    return invalidParameter('Disk size must be specified within the launch template.');
  }
  if (input.launchTemplate !== undefined && input.remoteAccess !== undefined) {
    return invalidParameter(
      'Remote access configuration cannot be specified with a launch template.',
    );
  }
  const template = request.facts.launchTemplate;
  if (input.launchTemplate !== undefined && template === undefined) {
    return { kind: 'needs', need: { kind: 'launch-template', ...input.launchTemplate } };
  }
  if (template?.instanceType !== undefined && input.instanceTypes !== undefined) {
    return invalidParameter(
      'You cannot specify instance types in both the request and the launch template.',
    );
  }
  const own = input.instanceTypes?.length === 0 ? undefined : input.instanceTypes;
  const instanceTypes = own ?? (template?.instanceType === undefined ? ['t3.medium'] : undefined);
  const custom = template?.imageId !== undefined;
  const group: NodeGroup = {
    phase: 'CREATING',
    settledAt: context.now + context.settleSeconds,
    name,
    arn: arnOf(context, `nodegroup/${cluster.name}/${name}/${newUuid(context)}`),
    createdAt: context.now,
    modifiedAt: context.now,
    version,
    releaseVersion: custom ? template.imageId : (input.releaseVersion ?? amiRelease(version)),
    capacityType: input.capacityType,
    scaling,
    instanceTypes,
    subnets: input.subnets,
    amiType:
      input.amiType ??
      (custom ? 'CUSTOM' : defaultAmiType(instanceTypes ?? [template?.instanceType ?? ''])),
    nodeRole: input.nodeRole,
    labels: input.labels,
    taints: input.taints,
    diskSize: template === undefined ? (input.diskSize ?? 20) : undefined,
    updateConfig: input.updateConfig ?? { maxUnavailable: 1 },
    nodeRepairConfig: input.nodeRepairConfig,
    remoteAccess: input.remoteAccess,
    launchTemplate:
      template === undefined
        ? undefined
        : { id: template.id, name: template.name, version: template.version },
    tags: input.tags,
  };
  const record = ensureNodeEntry(context, found.record, group.nodeRole);
  const nodeGroups = { ...record.nodeGroups, [name]: group };
  return answer(withCluster(store, found.key, { ...record, nodeGroups }), {
    nodegroup: showNodeGroup(context, cluster.name, group),
  });
}

export function amiRelease(version: string): string | undefined {
  return findClusterVersion(version)?.amiRelease;
}

export interface FoundNodeGroup extends Omit<FoundCluster, 'kind'> {
  readonly kind: 'found-node-group';
  readonly group: NodeGroup;
}

export function findNodeGroup(
  context: EksContext,
  store: Store,
  request: EksRequest,
): FoundNodeGroup | Refusal {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const name = request.params.nodeGroup ?? '';
  const group = found.record.nodeGroups[name];
  return group === undefined
    ? notFound(`No node group found for name: ${name}.`)
    : { ...found, kind: 'found-node-group', group };
}

export function describeNodeGroup(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findNodeGroup(context, store, request);
  if (found.kind === 'refused') return found;
  return answer(store, {
    nodegroup: showNodeGroup(context, found.record.fields.name, found.group),
  });
}

export function listNodeGroups(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  return answer(store, { nodegroups: Object.keys(found.record.nodeGroups) });
}

export function deleteNodeGroup(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findNodeGroup(context, store, request);
  if (found.kind === 'refused') return found;
  const nodeGroups = without(found.record.nodeGroups, found.group.name);
  const record = dropNodeEntry({ ...found.record, nodeGroups }, found.group.nodeRole);
  const shown = showNodeGroup(context, found.record.fields.name, found.group);
  return answer(withCluster(store, found.key, record), {
    nodegroup: { ...shown, status: 'DELETING' },
  });
}
