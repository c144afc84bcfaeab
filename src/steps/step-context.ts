import type { Host } from '../host/host.ts';
import type { AwsCli } from '../tools/aws/aws-cli.ts';
import type { EksReader } from '../tools/aws/eks-reader.ts';
import type { Kubectl } from '../tools/kubernetes/kubectl.ts';

/** What a step may touch: the cluster of one environment, and time. */
export interface StepContext {
  readonly clock: Host['clock'];
  readonly kubectl: Kubectl;
  readonly eks: EksReader;
  readonly aws: AwsCli;
  readonly cluster: string;
  /** Random lower-case hex, for names that must not meet. */
  readonly randomHex: (bytes: number) => string;
  readonly signal: AbortSignal;
  /** What is missing now, or what is done: one line. */
  readonly progress: (text: string) => void;
}
