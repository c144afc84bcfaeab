import { z } from 'zod';
import { parseToolJson } from '../json.ts';

const foundSchema = z.array(
  z.object({
    type: z.enum(['unit', 'stack']),
    path: z.string(),
    dependencies: z.array(z.string()).optional(),
    include: z.record(z.string(), z.string()).optional(),
    reading: z.array(z.string()).optional(),
    exclude: z
      .object({ if: z.boolean().nullish(), actions: z.array(z.string()).nullish() })
      .nullish(),
  }),
);

export interface Found {
  readonly type: 'unit' | 'stack';
  /** Relative to the folder that was searched. */
  readonly path: string;
  readonly dependencies: readonly string[];
  /** Files that become a part of the unit's own; relative as `path` is. */
  readonly includes: readonly string[];
  /**
   * Files that were read for it, includes among them, as far as `find` evaluates: what only `inputs`
   * read is missing, and so is a `terragrunt.autoinclude.hcl`. Relative as `path` is.
   */
  readonly reads: readonly string[];
  /** Commands that the unit's own file keeps it out of; a single `run` does not look. */
  readonly excludedFrom: readonly string[];
}

/** A filters file in the current folder would silently narrow what is found. */
const COMMON = ['--no-color', '--non-interactive', '--no-filters-file'] as const;

export function findArgs(folder: string, options: { readonly dependencies: boolean }): string[] {
  return [
    'find',
    '--json',
    ...(options.dependencies ? ['--dependencies', '--exclude', '--include', '--reading'] : []),
    ...COMMON,
    '--working-dir',
    folder,
  ];
}

export function parseFind(text: string): Found[] {
  if (text.trim() === '') return [];
  return parseToolJson(foundSchema, text, 'terragrunt find').map((entry) => {
    const includes = Object.values(entry.include ?? {});
    return {
      type: entry.type,
      path: entry.path,
      dependencies: entry.dependencies ?? [],
      includes,
      reads: [...new Set([...includes, ...(entry.reading ?? [])])].sort(),
      excludedFrom: entry.exclude?.if === true ? (entry.exclude.actions ?? []) : [],
    };
  });
}

export function stackGenerateArgs(folder: string): string[] {
  return ['stack', 'generate', ...COMMON, '--working-dir', folder];
}

/** `find` hides broken files and cycles and always exits 0; this does not. */
export function hclValidateArgs(folder: string): string[] {
  return ['hcl', 'validate', '--json', '--no-color', '--non-interactive', '--working-dir', folder];
}

export interface HclProblem {
  readonly file: string;
  readonly line: number;
  readonly summary: string;
  readonly detail: string;
}

const hclProblemsSchema = z.array(
  z.object({
    range: z.object({ filename: z.string(), start: z.object({ line: z.number() }) }).nullish(),
    summary: z.string(),
    detail: z.string().optional(),
  }),
);

/** Standard output of `hcl validate --json`: empty when there is nothing to say. */
export function parseHclValidate(stdout: string): HclProblem[] {
  if (stdout.trim() === '') return [];
  return parseToolJson(hclProblemsSchema, stdout, 'terragrunt hcl validate').map((problem) => ({
    file: problem.range?.filename ?? '',
    line: problem.range?.start.line ?? 0,
    summary: problem.summary,
    detail: problem.detail ?? '',
  }));
}

/** The configuration files of a cycle, first and last the same; from the standard error of `hcl validate`. */
export function parseCycle(stderr: string): string[] | undefined {
  const line = /Found a dependency cycle between modules: (.+)$/m.exec(stderr)?.[1];
  return line?.split(' -> ').map((file) => file.trim());
}

export function hclFormatCheckArgs(folder: string): string[] {
  return ['hcl', 'fmt', '--check', '--no-color', '--non-interactive', '--working-dir', folder];
}

/** Absolute paths of the files that `hcl fmt --check` would change. */
export function parseHclFormatCheck(stderr: string): string[] {
  return [...stderr.matchAll(/File '([^']+)' needs formatting/g)].map((match) => match[1] ?? '');
}
