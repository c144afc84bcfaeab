import { z } from 'zod';
import { conditionsSchema } from './condition.ts';
import { metadataSchema } from './metadata.ts';

export const customResourceDefinitionSchema = z.object({
  kind: z.literal('CustomResourceDefinition'),
  metadata: metadataSchema,
  status: z.object({ conditions: conditionsSchema }).prefault({}),
});

export type CustomResourceDefinition = z.infer<typeof customResourceDefinitionSchema>;
