import { z } from 'zod';

export type Tags = Readonly<Record<string, string>>;

/** AWS shows tags as a list of pairs, and leaves the list out where there are none. */
export const tagsSchema = z
  .array(z.object({ Key: z.string(), Value: z.string().default('') }))
  .default([])
  .transform((list): Tags => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value])));
