import type { z } from 'zod';
import type { Host } from '../../host/host.ts';
import { runBounded } from '../bounded-process.ts';
import { parseToolJson } from '../json.ts';
import { type AwsFailure, classifyAws } from './aws-failure.ts';

/** One read of the AWS CLI as a value: what is asked, and how its answer is read. */
export interface AwsQuestion<T> {
  /** Without region and output format. */
  readonly args: readonly string[];
  /** @throws ToolError on an answer of another shape */
  readonly parse: (stdout: string) => T;
}

export type AwsAnswer<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: AwsFailure };

/** The AWS CLI, bound to one region, and to one identity by its environment. */
export interface AwsCli {
  ask<T>(question: AwsQuestion<T>): Promise<AwsAnswer<T>>;
}

export interface AwsCliTarget {
  readonly aws: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly region: string;
  readonly signal?: AbortSignal | undefined;
}

/** Long enough for an account with thousands of resources, which the CLI reads page by page. */
const TIMEOUT_MS = 90_000;

export function createAwsCli(
  host: Pick<Host, 'processes' | 'clock'>,
  { aws, cwd, env, region, signal }: AwsCliTarget,
): AwsCli {
  return {
    async ask<T>({ args, parse }: AwsQuestion<T>): Promise<AwsAnswer<T>> {
      const result = await runBounded(
        host,
        {
          // By an argument: version 1 of the AWS CLI does not look at AWS_REGION.
          argv: [aws, ...args, `--region=${region}`, '--output=json'],
          cwd,
          env: { ...env, AWS_PAGER: '', AWS_MAX_ATTEMPTS: '4' },
        },
        { timeoutMs: TIMEOUT_MS, signal },
      );
      const asked = `aws ${args.slice(0, 2).join(' ')}`;
      if (result.endedBy !== undefined) {
        const text = result.endedBy === 'interrupt' ? 'interrupted' : 'no answer in time';
        return failed({ kind: 'unreachable', text: `${asked}: ${text}` });
      }
      if (result.notStarted !== undefined) {
        return failed({ kind: 'other', text: `cannot run "${aws}"` });
      }
      if (result.exitCode !== 0) return failed(classifyAws(result.stderr));
      return { kind: 'answer', value: parse(result.stdout) };
    },
  };
}

function failed(failure: AwsFailure): AwsAnswer<never> {
  return { kind: 'failed', failure };
}

/** A question whose answer is JSON; `pick` takes from it what we work with. */
export function awsQuestion<S, T>(
  args: readonly string[],
  schema: z.ZodType<S>,
  pick: (answer: S) => T,
): AwsQuestion<T> {
  return {
    args,
    parse: (stdout) => pick(parseToolJson(schema, stdout, `aws ${args.slice(0, 2).join(' ')}`)),
  };
}

/** As JSON: a value with a comma or an equals sign in it stays one value. */
export function filtersArg(filters: Readonly<Record<string, readonly string[]>>): string {
  const list = Object.entries(filters).map(([Name, Values]) => ({ Name, Values }));
  return `--filters=${JSON.stringify(list)}`;
}
