import { z } from 'zod';

const strings = z.array(z.string()).default([]);
const stringMap = z.record(z.string(), z.string()).default({});

/** The API leaves out what is empty. */
export const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  labels: stringMap,
  annotations: stringMap,
  finalizers: strings,
  deletionTimestamp: z.string().optional(),
});

const conditionsSchema = z.array(z.object({ type: z.string(), status: z.string() })).default([]);

const podSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ nodeName: z.string().optional() }),
  status: z.object({ conditions: conditionsSchema }).prefault({}),
});

const nodeSchema = z.object({
  metadata: metadataSchema,
  status: z.object({ capacity: stringMap, allocatable: stringMap }).prefault({}),
});

const deploymentSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })) }),
    }),
  }),
  status: z.object({ readyReplicas: z.number().default(0) }).prefault({}),
});

const secretSchema = z.object({ metadata: metadataSchema, data: stringMap });

export type Metadata = z.infer<typeof metadataSchema>;
export type Pod = z.infer<typeof podSchema>;
export type Node = z.infer<typeof nodeSchema>;
export type Deployment = z.infer<typeof deploymentSchema>;
export type Secret = z.infer<typeof secretSchema>;

export function parsePod(object: unknown): Pod {
  return podSchema.parse(object);
}

export function parseNode(object: unknown): Node {
  return nodeSchema.parse(object);
}

export function parseDeployment(object: unknown): Deployment {
  return deploymentSchema.parse(object);
}

export function parseSecret(object: unknown): Secret {
  return secretSchema.parse(object);
}

/** Ready, and not on its way out. */
export function isReadyPod({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  );
}

/** Names of the nodes on which one of `pods` is ready. */
export function nodesWithReadyPod(pods: readonly Pod[]): ReadonlySet<string> {
  const names = pods.filter(isReadyPod).map(({ spec }) => spec.nodeName ?? '');
  return new Set(names.filter((name) => name !== ''));
}
