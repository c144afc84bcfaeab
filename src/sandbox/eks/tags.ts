import { z } from 'zod';
import {
  answer,
  type EksContext,
  type EksRequest,
  type Outcome,
  parseBody,
  tagsNotFound,
} from './handler.ts';
import type { ClusterRecord, Store } from './store.ts';

type Tags = Record<string, string>;
type Change = (tags: Tags) => Tags;

interface Tagged {
  readonly arn: string;
  readonly tags: Tags;
}

function changeIn<T extends Tagged>(
  map: Readonly<Record<string, T>>,
  arn: string,
  change: Change,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(map).map(([key, each]) => [
      key,
      each.arn === arn ? { ...each, tags: change(each.tags) } : each,
    ]),
  );
}

/** Everything of a cluster that has tags. */
function taggedOf(record: ClusterRecord): Tagged[] {
  const parts = [record.nodeGroups, record.addons, record.podIdentities, record.accessEntries];
  return [record.fields, ...parts.flatMap((part): Tagged[] => Object.values(part))];
}

function findTags(context: EksContext, store: Store, arn: string): Tags | undefined {
  return Object.entries(store.clusters)
    .filter(([key]) => key.startsWith(`${context.region}/`))
    .flatMap(([, record]) => taggedOf(record))
    .find((each) => each.arn === arn)?.tags;
}

function changed(store: Store, arn: string, change: Change): Store {
  const clusters = Object.entries(store.clusters).map(([key, record]): [string, ClusterRecord] => [
    key,
    {
      ...record,
      fields:
        record.fields.arn === arn
          ? { ...record.fields, tags: change(record.fields.tags) }
          : record.fields,
      nodeGroups: changeIn(record.nodeGroups, arn, change),
      addons: changeIn(record.addons, arn, change),
      podIdentities: changeIn(record.podIdentities, arn, change),
      accessEntries: changeIn(record.accessEntries, arn, change),
    },
  ]);
  return { ...store, clusters: Object.fromEntries(clusters) };
}

export function listTags(context: EksContext, store: Store, request: EksRequest): Outcome {
  const arn = request.params.arn ?? '';
  const tags = findTags(context, store, arn);
  return tags === undefined ? tagsNotFound(arn) : answer(store, { tags });
}

export function tagResource(context: EksContext, store: Store, request: EksRequest): Outcome {
  const arn = request.params.arn ?? '';
  if (findTags(context, store, arn) === undefined) return tagsNotFound(arn);
  const parsed = parseBody(z.object({ tags: z.record(z.string(), z.string()) }), request.body);
  if (parsed.kind === 'refused') return parsed;
  const added = parsed.value.tags;
  return answer(
    changed(store, arn, (tags) => ({ ...tags, ...added })),
    {},
  );
}

export function untagResource(context: EksContext, store: Store, request: EksRequest): Outcome {
  const arn = request.params.arn ?? '';
  if (findTags(context, store, arn) === undefined) return tagsNotFound(arn);
  const keys = request.query.getAll('tagKeys');
  const remove: Change = (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
  return answer(changed(store, arn, remove), {});
}
