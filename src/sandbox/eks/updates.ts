import {
  answer,
  type EksContext,
  type EksRequest,
  findCluster,
  newUuid,
  notFound,
  type Outcome,
} from './handler.ts';
import type { ClusterRecord, Store, Update } from './store.ts';

/** A new update of cluster, node group or add-on; it is done when `settleSeconds` are over. */
export function newUpdate(
  context: EksContext,
  type: string,
  params: Readonly<Record<string, unknown>>,
  owner: { readonly nodeGroup?: string; readonly addon?: string } = {},
): Update {
  return {
    id: newUuid(context),
    type,
    params: Object.entries(params)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({
        type: name,
        value: typeof value === 'string' ? value : JSON.stringify(value),
      })),
    createdAt: context.now,
    settledAt: context.now + context.settleSeconds,
    ...owner,
  };
}

export function showUpdate(context: EksContext, record: ClusterRecord, update: Update): object {
  const owner = record.nodeGroups[update.nodeGroup ?? ''] ?? record.addons[update.addon ?? ''];
  const pending =
    owner !== undefined && context.realization(owner.arn, update.createdAt).kind === 'pending';
  return {
    id: update.id,
    status: pending || context.now < update.settledAt ? 'InProgress' : 'Successful',
    type: update.type,
    params: update.params,
    createdAt: update.createdAt,
    errors: [],
  };
}

function belongsTo(update: Update, query: URLSearchParams): boolean {
  return (
    (update.nodeGroup ?? null) === query.get('nodegroupName') &&
    (update.addon ?? null) === query.get('addonName')
  );
}

export function describeUpdate(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const id = request.params.update ?? '';
  const update = found.record.updates.find(
    (each) => each.id === id && belongsTo(each, request.query),
  );
  if (update === undefined) return notFound(`No update found for ID: ${id}`);
  return answer(store, { update: showUpdate(context, found.record, update) });
}

export function listUpdates(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const updateIds = found.record.updates
    .filter((each) => belongsTo(each, request.query))
    .map((each) => each.id);
  return answer(store, { updateIds });
}
