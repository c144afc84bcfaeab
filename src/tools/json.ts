import type { z } from 'zod';
import { ToolError } from '../domain/errors.ts';

/** Parses what a tool printed; a `ToolError` names the tool and what is wrong with its answer. */
export function parseToolJson<T>(schema: z.ZodType<T>, text: string, from: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ToolError({
      // Not quoted: it may hold what nobody should read.
      what: `${from} answered what is not JSON`,
      next: 'does a hook print something? run the same command with --verbose to see what is called',
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ToolError({
    what: `${from} answered JSON of an unknown shape: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    next: 'compare its version with the one in .tool-versions: platform tools list',
  });
}
