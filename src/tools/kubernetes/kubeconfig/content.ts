import { type ParseOptions, parseDocument } from 'yaml';
import { z } from 'zod';
import type { KubeconfigEntry, NamedEntry } from './entry.ts';

/** The types that the AWS CLI asks for; everything else in the file is somebody else's. */
const list = z.array(z.looseObject({})).nullish();
const contentSchema = z.looseObject({
  apiVersion: z.string().nullish(),
  kind: z.string().nullish(),
  preferences: z.looseObject({}).nullish(),
  'current-context': z.string().nullish(),
  clusters: list,
  contexts: list,
  users: list,
});

/** What a kubeconfig says, by the rules of YAML 1.1 that the AWS CLI and kubectl read it by. */
export type KubeconfigContent = z.infer<typeof contentSchema>;

export type ParsedKubeconfig =
  /** No text, or none but comments. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'content'; readonly content: KubeconfigContent }
  /** `why` is one line. */
  | Unusable;

export interface Unusable {
  readonly kind: 'unusable';
  readonly why: string;
}

export const PARSE: ParseOptions & { readonly prettyErrors: true } = {
  prettyErrors: true,
  intAsBigInt: true,
};

export function parseKubeconfig(text: string): ParsedKubeconfig {
  const document = parseDocument(text, { ...PARSE, version: '1.1' });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const [what = ''] = broken.message.split('\n');
    return unusable(`is not valid YAML: ${what.replace(/:$/, '')}`);
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // An alias without its anchor, or thousands of them.
    return unusable(`is not valid YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (value === null) return { kind: 'empty' };
  const parsed = contentSchema.safeParse(value);
  if (parsed.success) return { kind: 'content', content: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  const message = issue?.message.toLowerCase() ?? 'invalid';
  return unusable(
    path === ''
      ? `is not a kubeconfig: ${message}`
      : `is not a kubeconfig: "${path}" is wrong: ${message}`,
  );
}

export function unusable(why: string): Unusable {
  return { kind: 'unusable', why };
}

export function hasCluster(content: KubeconfigContent, name: string): boolean {
  return indexOfName(content.clusters, name) >= 0;
}

/** -1 where there is none; the first of several, as the AWS CLI has it. */
export function indexOfName(entries: KubeconfigContent['clusters'], name: string): number {
  return (entries ?? []).findIndex((entry) => entry.name === name);
}

export const LISTS = [
  ['clusters', 'cluster'],
  ['users', 'user'],
  ['contexts', 'context'],
] as const;

/** What the file has to say once the entry is in it. */
export function withEntry(
  content: KubeconfigContent,
  entry: KubeconfigEntry,
  setCurrent: boolean,
): KubeconfigContent {
  const lists = LISTS.map(([key, part]) => [key, inserted(content[key], entry[part])]);
  return {
    ...content,
    ...Object.fromEntries(lists),
    ...(setCurrent ? { 'current-context': entry.context.name } : {}),
  };
}

function inserted(entries: KubeconfigContent['clusters'], entry: NamedEntry) {
  const index = indexOfName(entries, entry.name);
  return index < 0 ? [...(entries ?? []), entry] : entries?.with(index, { ...entry });
}
