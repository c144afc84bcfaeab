import type { StepContext } from '../../../src/steps/step-context.ts';
import type { Verdict } from '../../../src/steps/verdict.ts';
import type { EksReader } from '../../../src/tools/aws/eks-reader.ts';
import { fakeKubectl } from './fake-kubectl.ts';
import { fixture } from './fixture.ts';

export interface StepScene extends StepContext {
  /** What was said while it went on. */
  readonly said: string[];
  stop(): void;
}

function unexpected(what: string) {
  return () => Promise.reject(new Error(`unexpected: ${what}`));
}

const nothing: EksReader = {
  cluster: unexpected('DescribeCluster'),
  nodeGroups: unexpected('node groups'),
  addons: unexpected('add-ons'),
  close: () => {},
};

/** A step's surroundings in which everything that is not given is unexpected. Time passes by sleeping alone. */
export function stepScene(
  given: {
    readonly kubectl?: StepContext['kubectl'];
    readonly eks?: Partial<EksReader>;
    readonly aws?: StepContext['aws'];
    readonly stopper?: AbortController;
    /** Called whenever something is said. */
    readonly onProgress?: (text: string) => void;
  } = {},
): StepScene {
  const stopper = given.stopper ?? new AbortController();
  let now = 1_790_000_000_000;
  const said: string[] = [];
  return {
    said,
    stop: () => stopper.abort(),
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    kubectl: given.kubectl ?? fakeKubectl(() => undefined),
    eks: { ...nothing, ...given.eks },
    aws: given.aws ?? { ask: unexpected('the AWS CLI') },
    cluster: 'demo',
    randomHex: (bytes) => 'ab'.repeat(bytes),
    signal: stopper.signal,
    progress: (text) => {
      said.push(text);
      given.onProgress?.(text);
    },
  };
}

/** What `kubectl get -o json` printed, see test/fixtures/README.md. */
export function recordedText(name: string): string {
  return fixture(`kubernetes/1.36.3/${name}.json`);
}

/** Its objects, read as the steps read them. */
export function recorded<T>(
  schema: { parse(value: unknown): T },
  name: string,
  kind?: string,
): T[] {
  const value = JSON.parse(recordedText(name));
  const items: { kind: string }[] = value.kind === 'List' ? value.items : [value];
  return items
    .filter((item) => kind === undefined || item.kind === kind)
    .map((item) => schema.parse(item));
}

export function shown(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'passed':
      return `passed: ${verdict.text}`;
    case 'waiting':
      return `waiting: ${verdict.missing}`;
    case 'hopeless':
      return `hopeless (${verdict.failure.kind}): ${verdict.failure.summary}`;
  }
}
