import { z } from 'zod';
import { conditionsSchema } from './condition.ts';
import { metadataSchema } from './metadata.ts';

/** Of cert-manager: https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate */
export const certificateSchema = z.object({
  kind: z.literal('Certificate'),
  metadata: metadataSchema,
  status: z.object({ conditions: conditionsSchema }).prefault({}),
});

export type Certificate = z.infer<typeof certificateSchema>;
