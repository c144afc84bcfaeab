import { z } from 'zod';

const texts = z.record(z.string(), z.string());

/** Of every object, as far as it is read. */
export const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  labels: texts.default({}),
  annotations: texts.default({}),
  generation: z.number().default(0),
  /** Set while the object is going away. */
  deletionTimestamp: z.string().optional(),
});

export type Metadata = z.infer<typeof metadataSchema>;

/** `<namespace>/<name>`, or the name of what has no namespace. */
export function qualifiedNameOf({ metadata }: { readonly metadata: Metadata }): string {
  const { namespace, name } = metadata;
  return namespace === '' ? name : `${namespace}/${name}`;
}
