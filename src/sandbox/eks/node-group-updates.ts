import { z } from 'zod';
import {
  answer,
  type EksContext,
  type EksRequest,
  invalidParameter,
  type Outcome,
  parseBody,
  withCluster,
} from './handler.ts';
import {
  amiRelease,
  type FoundNodeGroup,
  findNodeGroup,
  launchTemplateInput,
  scalingInput,
  scalingProblem,
  taintInput,
} from './node-groups.ts';
import type { NodeGroup, Store, Taint } from './store.ts';
import { newUpdate, showUpdate } from './updates.ts';
import { findClusterVersion, minorSteps } from './versions.ts';

const configInput = z.object({
  labels: z
    .object({
      addOrUpdateLabels: z.record(z.string(), z.string()).default({}),
      removeLabels: z.array(z.string()).default([]),
    })
    .optional(),
  taints: z
    .object({
      addOrUpdateTaints: z.array(taintInput).default([]),
      removeTaints: z.array(taintInput).default([]),
    })
    .optional(),
  scalingConfig: scalingInput.optional(),
  updateConfig: z.record(z.string(), z.unknown()).optional(),
  nodeRepairConfig: z.record(z.string(), z.unknown()).optional(),
});

const versionInput = z.object({
  version: z.string().optional(),
  releaseVersion: z.string().optional(),
  launchTemplate: launchTemplateInput.optional(),
  force: z.boolean().optional(),
});

function started(
  context: EksContext,
  store: Store,
  found: FoundNodeGroup,
  changes: Partial<NodeGroup>,
  type: string,
  params: Readonly<Record<string, unknown>>,
): Outcome {
  const { name } = found.group;
  const update = newUpdate(context, type, params, { nodeGroup: name });
  const group: NodeGroup = {
    ...found.group,
    ...changes,
    modifiedAt: context.now,
    phase: 'UPDATING',
    settledAt: update.settledAt,
  };
  const record = {
    ...found.record,
    nodeGroups: { ...found.record.nodeGroups, [name]: group },
    updates: [...found.record.updates, update],
  };
  return answer(withCluster(store, found.key, record), {
    update: showUpdate(context, record, update),
  });
}

function sameTaint(one: Taint, other: Taint): boolean {
  return one.key === other.key && one.effect === other.effect;
}

export function updateNodeGroupConfig(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findNodeGroup(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(configInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const input = parsed.value;
  const { group } = found;
  const scaling = {
    minSize: input.scalingConfig?.minSize ?? group.scaling.minSize,
    maxSize: input.scalingConfig?.maxSize ?? group.scaling.maxSize,
    desiredSize: input.scalingConfig?.desiredSize ?? group.scaling.desiredSize,
  };
  const problem = scalingProblem(scaling);
  if (problem !== undefined) return problem;
  const removed = input.labels?.removeLabels ?? [];
  const labels = {
    ...Object.fromEntries(Object.entries(group.labels).filter(([key]) => !removed.includes(key))),
    ...input.labels?.addOrUpdateLabels,
  };
  const added = input.taints?.addOrUpdateTaints ?? [];
  const gone = [...(input.taints?.removeTaints ?? []), ...added];
  const kept = group.taints.filter((taint) => !gone.some((each) => sameTaint(each, taint)));
  const changes = {
    labels,
    taints: [...kept, ...added],
    scaling,
    updateConfig: input.updateConfig ?? group.updateConfig,
    nodeRepairConfig: input.nodeRepairConfig ?? group.nodeRepairConfig,
  };
  return started(context, store, found, changes, 'ConfigUpdate', { ...input });
}

export function updateNodeGroupVersion(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findNodeGroup(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(versionInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const input = parsed.value;
  const { group } = found;
  const clusterVersion = found.record.fields.version;
  const version = input.version ?? (input.launchTemplate ? group.version : clusterVersion);
  if (findClusterVersion(version) === undefined || minorSteps(version, clusterVersion) < 0) {
    return invalidParameter(
      `Requested Nodegroup release version ${version} is invalid: the cluster has version ${clusterVersion}`,
    );
  }
  if (minorSteps(group.version, version) < 0) {
    return invalidParameter(
      `Requested Nodegroup release version ${version} is older than the current ${group.version}`,
    );
  }
  const template = request.facts.launchTemplate;
  if (input.launchTemplate !== undefined && template === undefined) {
    return { kind: 'needs', need: { kind: 'launch-template', ...input.launchTemplate } };
  }
  if (input.launchTemplate !== undefined && group.launchTemplate === undefined) {
    return invalidParameter('Nodegroup was not created with a launch template');
  }
  const release =
    version === group.version && group.amiType === 'CUSTOM'
      ? group.releaseVersion
      : (input.releaseVersion ?? amiRelease(version));
  const changes = {
    version,
    releaseVersion: template?.imageId ?? release,
    launchTemplate:
      template === undefined
        ? group.launchTemplate
        : { id: template.id, name: template.name, version: template.version },
  };
  return started(context, store, found, changes, 'VersionUpdate', {
    Version: version,
    ReleaseVersion: changes.releaseVersion,
    LaunchTemplateVersion: template?.version,
  });
}
