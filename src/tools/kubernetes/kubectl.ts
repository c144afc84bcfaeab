import { z } from 'zod';
import type { Host } from '../../host/host.ts';
import { runBounded } from '../bounded-process.ts';
import { parseToolJson } from '../json.ts';
import { classifyKubectl, type KubectlFailure } from './kubectl-failure.ts';

export type KubectlResult =
  | { readonly kind: 'done'; readonly stdout: string }
  | {
      readonly kind: 'failed';
      readonly failure: KubectlFailure;
      /** For a command that answers by its exit code, as `auth can-i` does. */
      readonly stdout?: string;
    };

export interface KubectlOptions {
  /** Of the whole process; the request itself gets less. Default 20 s. */
  readonly timeoutMs?: number;
  readonly stdin?: string;
  /** For a command that watches: a request may then take as long as the process. */
  readonly watches?: boolean;
  /** For what cleans up: a stop of the run does not stop it. */
  readonly evenWhenStopped?: boolean;
}

/** kubectl, bound to one cluster by a kubeconfig of the run's own. */
export interface Kubectl {
  run(args: readonly string[], options?: KubectlOptions): Promise<KubectlResult>;
}

export interface KubectlTarget {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly context: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 20_000;

/** Flags that stand before every command: nothing is taken from the person's environment. */
export function targetArgs(
  target: Pick<KubectlTarget, 'kubeconfig' | 'context'>,
  requestTimeoutMs: number | undefined,
): string[] {
  return [
    `--kubeconfig=${target.kubeconfig}`,
    `--context=${target.context}`,
    ...(requestTimeoutMs === undefined
      ? []
      : [`--request-timeout=${Math.max(1, Math.floor(requestTimeoutMs / 1000))}s`]),
  ];
}

export function createKubectl(
  host: Pick<Host, 'processes' | 'clock'>,
  target: KubectlTarget,
): Kubectl {
  return {
    async run(args, options = {}) {
      const { timeoutMs = DEFAULT_TIMEOUT_MS, stdin, watches, evenWhenStopped } = options;
      // A dispatching kubectl doubles the request timeout and runs the credential plugin twice.
      const requestMs = watches === true ? undefined : timeoutMs / 2.5;
      const result = await runBounded(
        host,
        {
          argv: [target.kubectl, ...targetArgs(target, requestMs), ...args],
          cwd: target.cwd,
          env: target.env,
        },
        { timeoutMs, signal: evenWhenStopped === true ? undefined : target.signal, stdin },
      );
      if (result.endedBy === 'interrupt') return failed('interrupted', 'interrupted');
      if (result.endedBy === 'deadline') {
        return failed('timeout', `no answer within ${Math.round(timeoutMs / 1000)} s`);
      }
      if (result.notStarted !== undefined) {
        return failed('not-started', `cannot run "${target.kubectl}"`);
      }
      if (result.exitCode === 0) return { kind: 'done', stdout: result.stdout };
      const failure = classifyKubectl(result.stderr);
      return { kind: 'failed', failure, stdout: result.stdout };
    },
  };
}

function failed(kind: KubectlFailure['kind'], text: string): KubectlResult {
  return { kind: 'failed', failure: { kind, text } };
}

export type Objects<T> =
  | { readonly kind: 'objects'; readonly items: readonly T[] }
  | { readonly kind: 'failed'; readonly failure: KubectlFailure };

const listSchema = z.object({ kind: z.literal('List') });

/**
 * `kubectl get … -o json` of one or more kinds, as a list; `what` are the words behind `get`. What was
 * named and is not there is left out.
 */
export async function getObjects<T>(
  kubectl: Kubectl,
  schema: z.ZodType<T>,
  what: readonly string[],
  options?: KubectlOptions,
): Promise<Objects<T>> {
  const result = await kubectl.run(
    ['get', ...what, '--ignore-not-found', '--output=json'],
    options,
  );
  if (result.kind === 'failed') return result;
  if (result.stdout.trim() === '') return { kind: 'objects', items: [] };
  // One object that was named comes alone, several come as a list.
  const shape = z.preprocess(
    (value) => (listSchema.safeParse(value).success ? value : { items: [value] }),
    z.object({ items: z.array(schema) }),
  );
  const { items } = parseToolJson(shape, result.stdout, `kubectl get ${what.join(' ')}`);
  return { kind: 'objects', items };
}
