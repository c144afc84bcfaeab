import leven from 'leven';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { UserError } from '../domain/errors.ts';

/** Parses a file that a person wrote; what is wrong with it becomes one `UserError` with line and suggestion. */
export function parseUserYaml<T>(schema: z.ZodType<T>, text: string, path: string): T {
  const document = parseDocument(text, { prettyErrors: true });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line ?? 1;
    throw new UserError({
      what: `broken YAML: ${broken.message.split('\n')[0] ?? ''}`,
      where: `${path}:${line}`,
    });
  }
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  // A misspelt key that is required is missing too: the misspelling is what to say.
  const { issues } = parsed.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const key = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const unknown = issue.keys[0] ?? '';
    const full = key === '' ? unknown : `${key}.${unknown}`;
    throw new UserError({
      what: `unknown key "${full}"`,
      where: path,
      next: suggestion(unknown, keysAt(schema, issue.path)),
    });
  }
  throw new UserError({
    what: `"${key}" is wrong: ${issue?.message.toLowerCase() ?? 'invalid'}`,
    where: path,
  });
}

/** `did you mean …?` with the nearest of the candidates, or all of them when none is near. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  if (near.length > 0) return `did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`;
  return candidates.length === 0
    ? 'there is none to choose from'
    : `one of: ${candidates.join(', ')}`;
}

export function nearest(word: string, candidates: readonly string[]): string[] {
  const distanceTo = (name: string) => {
    // Units are paths; people remember the last part.
    const last = name.slice(name.lastIndexOf('/') + 1);
    return Math.min(...[name, last].map((text) => leven(word.toLowerCase(), text.toLowerCase())));
  };
  return candidates
    .map((name) => ({ name, distance: distanceTo(name) }))
    .filter(
      ({ name, distance }) =>
        distance <= Math.max(2, Math.floor(name.length / 3)) && distance < name.length,
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current: unknown = schema;
  for (const step of path) {
    current = shapeOf(unwrap(current))?.[String(step)] ?? entryOf(unwrap(current));
  }
  return Object.keys(shapeOf(unwrap(current)) ?? {});
}

function unwrap(schema: unknown): unknown {
  const inner = (schema as { def?: { innerType?: unknown } } | undefined)?.def?.innerType;
  return inner === undefined ? schema : unwrap(inner);
}

/** What a map or a list holds. */
function entryOf(schema: unknown): unknown {
  const def = (schema as { def?: { valueType?: unknown; element?: unknown } } | undefined)?.def;
  return def?.valueType ?? def?.element;
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  return (schema as { shape?: Record<string, unknown> } | undefined)?.shape;
}
