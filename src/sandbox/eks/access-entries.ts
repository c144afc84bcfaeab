import { z } from 'zod';
import {
  answer,
  arnOf,
  type EksContext,
  type EksRequest,
  type FoundCluster,
  findCluster,
  inUse,
  invalidParameter,
  invalidRequest,
  newUuid,
  notFound,
  type Outcome,
  parseBody,
  type Refusal,
  withCluster,
  without,
} from './handler.ts';
import type { AccessEntry, ClusterRecord, Store } from './store.ts';

const groupsInput = z.array(
  z.string().refine((group) => !group.startsWith('system:'), {
    error: 'The kubernetes group name is invalid, it cannot start with system:',
  }),
);

const createInput = z.object({
  principalArn: z.string().regex(/^arn:aws:iam::\d{12}:(role|user)\/|^arn:aws:iam::\d{12}:root$/, {
    error: 'The principalArn parameter format is not valid',
  }),
  kubernetesGroups: groupsInput.default([]),
  username: z.string().optional(),
  type: z
    .enum(['STANDARD', 'EC2_LINUX', 'EC2_WINDOWS', 'FARGATE_LINUX', 'EC2', 'HYBRID_LINUX'])
    .default('STANDARD'),
  tags: z.record(z.string(), z.string()).default({}),
});

const updateInput = z.object({
  kubernetesGroups: groupsInput.optional(),
  username: z.string().optional(),
});

/** The username that EKS gives when none is asked for. */
function defaultUsername(principalArn: string, type: string): string {
  if (type === 'EC2_LINUX' || type === 'EC2_WINDOWS') return 'system:node:{{EC2PrivateDNSName}}';
  const [, account, name] = /^arn:aws:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(principalArn) ?? [];
  return name === undefined
    ? principalArn
    : `arn:aws:sts::${account}:assumed-role/${name}/{{SessionName}}`;
}

function newEntry(
  context: EksContext,
  cluster: string,
  input: z.infer<typeof createInput>,
): AccessEntry {
  const [, account = '', path = ''] = /^arn:aws:iam::(\d+):(.*)$/.exec(input.principalArn) ?? [];
  const [kind = '', name = ''] = [path.split('/')[0], path.split('/').slice(1).join('/')];
  const resource = `access-entry/${cluster}/${kind}/${account}/${name}/${newUuid(context)}`;
  return {
    principalArn: input.principalArn,
    arn: arnOf(context, resource),
    groups: input.type.startsWith('EC2_') ? ['system:nodes'] : input.kubernetesGroups,
    username: input.username ?? defaultUsername(input.principalArn, input.type),
    type: input.type,
    policies: [],
    createdAt: context.now,
    modifiedAt: context.now,
    tags: input.tags,
  };
}

/** EKS lets the nodes of a managed node group in by itself, once the cluster reads access entries. */
export function ensureNodeEntry(
  context: EksContext,
  record: ClusterRecord,
  nodeRole: string,
): ClusterRecord {
  if (record.fields.authenticationMode === 'CONFIG_MAP') return record;
  if (record.accessEntries[nodeRole] !== undefined) return record;
  const entry = newEntry(context, record.fields.name, {
    principalArn: nodeRole,
    kubernetesGroups: [],
    type: 'EC2_LINUX',
    tags: {},
  });
  return { ...record, accessEntries: { ...record.accessEntries, [nodeRole]: entry } };
}

/** The entry goes with the last node group of its role. */
export function dropNodeEntry(record: ClusterRecord, nodeRole: string): ClusterRecord {
  const used = Object.values(record.nodeGroups).some((group) => group.nodeRole === nodeRole);
  const entry = record.accessEntries[nodeRole];
  if (used || entry?.type !== 'EC2_LINUX') return record;
  return { ...record, accessEntries: without(record.accessEntries, nodeRole) };
}

export function showAccessEntry(cluster: string, entry: AccessEntry): object {
  return {
    clusterName: cluster,
    principalArn: entry.principalArn,
    kubernetesGroups: entry.groups,
    accessEntryArn: entry.arn,
    createdAt: entry.createdAt,
    modifiedAt: entry.modifiedAt,
    tags: entry.tags,
    username: entry.username,
    type: entry.type,
  };
}

/** The cluster, if it reads access entries at all. */
function findApiCluster(
  context: EksContext,
  store: Store,
  request: EksRequest,
): FoundCluster | Refusal {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused' || found.record.fields.authenticationMode !== 'CONFIG_MAP') {
    return found;
  }
  return invalidRequest(
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
  );
}

export interface FoundEntry extends Omit<FoundCluster, 'kind'> {
  readonly kind: 'found-entry';
  readonly entry: AccessEntry;
}

export function findEntry(
  context: EksContext,
  store: Store,
  request: EksRequest,
): FoundEntry | Refusal {
  const found = findApiCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const principal = request.params.principal ?? '';
  const entry = found.record.accessEntries[principal];
  return entry === undefined
    ? notFound(`The specified principalArn could not be found: ${principal}`)
    : { ...found, kind: 'found-entry', entry };
}

export function withEntry(store: Store, found: FoundEntry, entry: AccessEntry): Store {
  const accessEntries = { ...found.record.accessEntries, [entry.principalArn]: entry };
  return withCluster(store, found.key, { ...found.record, accessEntries });
}

export function createAccessEntry(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findApiCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(createInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const input = parsed.value;
  if (found.record.accessEntries[input.principalArn] !== undefined) {
    return inUse('The specified access entry resource is already in use on this cluster.');
  }
  if (input.type !== 'STANDARD' && input.kubernetesGroups.length > 0) {
    return invalidParameter(`Kubernetes groups cannot be given for an entry of type ${input.type}`);
  }
  const entry = newEntry(context, found.record.fields.name, input);
  const accessEntries = { ...found.record.accessEntries, [input.principalArn]: entry };
  return answer(withCluster(store, found.key, { ...found.record, accessEntries }), {
    accessEntry: showAccessEntry(found.record.fields.name, entry),
  });
}

export function describeAccessEntry(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findEntry(context, store, request);
  if (found.kind === 'refused') return found;
  return answer(store, { accessEntry: showAccessEntry(found.record.fields.name, found.entry) });
}

export function listAccessEntries(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findApiCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const policy = request.query.get('associatedPolicyArn');
  const accessEntries = Object.values(found.record.accessEntries)
    .filter((each) => policy === null || each.policies.some((one) => one.policyArn === policy))
    .map((each) => each.principalArn);
  return answer(store, { accessEntries });
}

export function updateAccessEntry(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findEntry(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(updateInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  if (found.entry.type !== 'STANDARD') {
    return invalidParameter(`An access entry of type ${found.entry.type} cannot be changed`);
  }
  const entry = {
    ...found.entry,
    groups: parsed.value.kubernetesGroups ?? found.entry.groups,
    username: parsed.value.username ?? found.entry.username,
    modifiedAt: context.now,
  };
  return answer(withEntry(store, found, entry), {
    accessEntry: showAccessEntry(found.record.fields.name, entry),
  });
}

export function deleteAccessEntry(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findEntry(context, store, request);
  if (found.kind === 'refused') return found;
  const accessEntries = without(found.record.accessEntries, found.entry.principalArn);
  return answer(withCluster(store, found.key, { ...found.record, accessEntries }), {});
}
