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
  notFound,
  type Outcome,
  parseBody,
  type Refusal,
  withCluster,
  without,
} from './handler.ts';
import type { ClusterRecord, PodIdentity, Store } from './store.ts';

const roleArn = z.string().regex(/^arn:aws:iam::\d{12}:role\//, 'not the ARN of an IAM role');

const createInput = z.object({
  namespace: z.string().min(1, 'must not be empty'),
  serviceAccount: z.string().min(1, 'must not be empty'),
  roleArn,
  targetRoleArn: roleArn.optional(),
  disableSessionTags: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).default({}),
});

const updateInput = z.object({
  roleArn: roleArn.optional(),
  targetRoleArn: roleArn.optional(),
  disableSessionTags: z.boolean().optional(),
});

/** A new association; `ownerArn` is the add-on that asks for it. */
export function newAssociation(
  context: EksContext,
  cluster: string,
  input: z.infer<typeof createInput>,
  ownerArn?: string,
): PodIdentity {
  const id = `a-${context.newHex(17)}`;
  return {
    ...input,
    id,
    arn: arnOf(context, `podidentityassociation/${cluster}/${id}`),
    externalId: input.targetRoleArn === undefined ? undefined : context.newHex(32),
    ownerArn,
    createdAt: context.now,
    modifiedAt: context.now,
  };
}

export function associationInTheWay(
  record: ClusterRecord,
  namespace: string,
  serviceAccount: string,
): PodIdentity | undefined {
  return Object.values(record.podIdentities).find(
    (each) => each.namespace === namespace && each.serviceAccount === serviceAccount,
  );
}

function showAssociation(cluster: string, association: PodIdentity): object {
  return {
    clusterName: cluster,
    namespace: association.namespace,
    serviceAccount: association.serviceAccount,
    roleArn: association.roleArn,
    associationArn: association.arn,
    associationId: association.id,
    tags: association.tags,
    createdAt: association.createdAt,
    modifiedAt: association.modifiedAt,
    ownerArn: association.ownerArn,
    disableSessionTags: association.disableSessionTags,
    targetRoleArn: association.targetRoleArn,
    externalId: association.externalId,
  };
}

interface FoundAssociation extends Omit<FoundCluster, 'kind'> {
  readonly kind: 'found-association';
  readonly association: PodIdentity;
}

function findAssociation(
  context: EksContext,
  store: Store,
  request: EksRequest,
): FoundAssociation | Refusal {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const id = request.params.association ?? '';
  const association = found.record.podIdentities[id];
  return association === undefined
    ? notFound(`No association found with id: ${id}`)
    : { ...found, kind: 'found-association', association };
}

export function createPodIdentity(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(createInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const { namespace, serviceAccount } = parsed.value;
  const other = associationInTheWay(found.record, namespace, serviceAccount);
  if (other !== undefined) return inUse(`Association already exists: ${other.id}`);
  const cluster = found.record.fields.name;
  const association = newAssociation(context, cluster, parsed.value);
  const podIdentities = { ...found.record.podIdentities, [association.id]: association };
  return answer(withCluster(store, found.key, { ...found.record, podIdentities }), {
    association: showAssociation(cluster, association),
  });
}

export function describePodIdentity(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findAssociation(context, store, request);
  if (found.kind === 'refused') return found;
  return answer(store, {
    association: showAssociation(found.record.fields.name, found.association),
  });
}

export function listPodIdentities(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const namespace = request.query.get('namespace');
  const serviceAccount = request.query.get('serviceAccount');
  const associations = Object.values(found.record.podIdentities)
    .filter((each) => namespace === null || each.namespace === namespace)
    .filter((each) => serviceAccount === null || each.serviceAccount === serviceAccount)
    .map((each) => ({
      clusterName: found.record.fields.name,
      namespace: each.namespace,
      serviceAccount: each.serviceAccount,
      associationArn: each.arn,
      associationId: each.id,
      ownerArn: each.ownerArn,
    }));
  return answer(store, { associations });
}

function ownedRefusal(association: PodIdentity): Refusal {
  return invalidParameter(
    `Association ${association.id} is owned by ${association.ownerArn} and can only be changed there`,
  );
}

export function updatePodIdentity(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findAssociation(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(updateInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  if (found.association.ownerArn !== undefined) return ownedRefusal(found.association);
  const input = parsed.value;
  const association: PodIdentity = {
    ...found.association,
    roleArn: input.roleArn ?? found.association.roleArn,
    targetRoleArn: input.targetRoleArn ?? found.association.targetRoleArn,
    disableSessionTags: input.disableSessionTags ?? found.association.disableSessionTags,
    modifiedAt: context.now,
  };
  const podIdentities = { ...found.record.podIdentities, [association.id]: association };
  return answer(withCluster(store, found.key, { ...found.record, podIdentities }), {
    association: showAssociation(found.record.fields.name, association),
  });
}

export function deletePodIdentity(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findAssociation(context, store, request);
  if (found.kind === 'refused') return found;
  if (found.association.ownerArn !== undefined) return ownedRefusal(found.association);
  const podIdentities = without(found.record.podIdentities, found.association.id);
  return answer(withCluster(store, found.key, { ...found.record, podIdentities }), {
    association: showAssociation(found.record.fields.name, found.association),
  });
}
