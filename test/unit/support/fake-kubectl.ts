import type { Kubectl, KubectlOptions } from '../../../src/tools/kubernetes/kubectl.ts';
import {
  classifyKubectl,
  type KubectlFailure,
} from '../../../src/tools/kubernetes/kubectl-failure.ts';

/** Text is what it prints; a failure is given by what it prints on standard error. */
export type KubectlAnswer = string | { readonly stderr: string; readonly stdout?: string };

export interface FakeKubectl extends Kubectl {
  /** Words behind `kubectl`, in order. */
  readonly ran: string[];
  readonly calls: { readonly line: string; readonly options: KubectlOptions }[];
}

/** kubectl that answers from a function; a command that it does not know is a mistake of the test. */
export function fakeKubectl(
  answers: (line: string, options: KubectlOptions) => KubectlAnswer | undefined,
  signal?: AbortSignal,
): FakeKubectl {
  const calls: { line: string; options: KubectlOptions }[] = [];
  const ran: string[] = [];
  return {
    ran,
    calls,
    async run(args, options = {}) {
      const line = args.join(' ');
      ran.push(line);
      calls.push({ line, options });
      // As the real one: it is ended by a stop of the run.
      if (signal?.aborted === true && options.evenWhenStopped !== true) return interrupted;
      const answer = answers(line, options);
      if (answer === undefined) throw new Error(`unexpected: kubectl ${line}`);
      if (typeof answer === 'string') return { kind: 'done', stdout: answer };
      const { stderr, stdout = '' } = answer;
      return { kind: 'failed', failure: classifyKubectl(stderr), stdout };
    },
  };
}

const interrupted: { readonly kind: 'failed'; readonly failure: KubectlFailure } = {
  kind: 'failed',
  failure: { kind: 'interrupted', text: 'interrupted' },
};
