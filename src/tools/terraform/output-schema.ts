import { z } from 'zod';

/**
 * An output as plans, states and `terraform output -json` write it. Only a plan leaves the value out,
 * where it is not known, and the type with it.
 */
export const outputSchema = z.object({
  sensitive: z.boolean().optional(),
  type: z.unknown().optional(),
  value: z.unknown().optional(),
});
