import type { FailureKind } from '../../domain/run-record.ts';
import type { KubectlFailure } from './kubectl-failure.ts';

/** What stands between here and an API server, whatever it is asked: waiting does not change it. */
export interface Barrier {
  readonly kind: FailureKind;
  readonly what: string;
  readonly next: string;
}

/** Undefined where the failure may pass, or is about what was asked. */
export function barrierOf({ kind, text }: KubectlFailure): Barrier | undefined {
  switch (kind) {
    case 'unauthorized':
      return {
        kind: 'identity',
        what: `the API server does not accept the credentials: ${text}`,
        next: 'is there an access entry for this role? see cluster.access in env.yaml',
      };
    case 'tls':
      return {
        kind: 'failed',
        what: `the API server's certificate is not the cluster's: ${text}`,
        next: 'is a proxy between here and the cluster?',
      };
    case 'not-started':
      return {
        kind: 'tool',
        what: `kubectl does not start: ${text}`,
        next: 'platform tools install kubectl',
      };
    default:
      return undefined;
  }
}
