import type { StepFailure } from '../../domain/steps/step-outcome.ts';
import { barrierOf } from '../../tools/kubernetes/barrier.ts';
import type { Kubectl } from '../../tools/kubernetes/kubectl.ts';
import type { KubectlFailure } from '../../tools/kubernetes/kubectl-failure.ts';
import type { Gateway } from './gateway.ts';

/** The one command of this step that changes something. */
export function restartArgs({ deployment: { namespace, name } }: Gateway): string[] {
  return ['rollout', 'restart', `deployment/${name}`, `--namespace=${namespace}`];
}

export function mayRestartArgs({ deployment: { namespace, name } }: Gateway): string[] {
  return ['auth', 'can-i', 'patch', `deployments.apps/${name}`, `--namespace=${namespace}`];
}

export type Restart =
  /** By us, or by somebody else within the last second. */
  | { readonly kind: 'restarted' }
  /** It may have been done, and may be tried again: look first. */
  | { readonly kind: 'unclear'; readonly text: string }
  | { readonly kind: 'refused'; readonly failure: StepFailure };

export async function restart(kubectl: Kubectl, gateway: Gateway): Promise<Restart> {
  const may = await kubectl.run(mayRestartArgs(gateway));
  if (may.kind === 'failed' && may.stdout?.trim().startsWith('no') === true) {
    const { namespace, name } = gateway.deployment;
    return refused({
      kind: 'failed',
      summary: `not allowed to patch the deployment ${namespace}/${name}, which a restart is`,
      next: 'give the role an access policy that may: cluster.access in env.yaml',
    });
  }
  if (may.kind === 'failed') return judge(may.failure, gateway);
  const result = await kubectl.run(restartArgs(gateway));
  return result.kind === 'done' ? { kind: 'restarted' } : judge(result.failure, gateway);
}

function judge(failure: KubectlFailure, gateway: Gateway): Restart {
  const { kind, text } = failure;
  const command = `kubectl ${restartArgs(gateway).join(' ')}`;
  // kubectl compares times of whole seconds: https://github.com/kubernetes/kubectl/issues/1324
  if (text.includes('already been triggered within the past second')) return { kind: 'restarted' };
  const barrier = barrierOf(failure);
  if (barrier !== undefined) {
    return refused({ kind: barrier.kind, summary: barrier.what, next: barrier.next });
  }
  switch (kind) {
    case 'unreachable':
    case 'timeout':
    case 'throttled':
    case 'server-error':
    case 'conflict':
    case 'interrupted':
      return { kind: 'unclear', text };
    default: {
      const { namespace, name } = gateway.deployment;
      const isPaused = text.includes('paused');
      const resume = `kubectl rollout resume deployment/${name} --namespace=${namespace}`;
      return refused({ kind: 'failed', summary: text, next: isPaused ? resume : command });
    }
  }
}

function refused(failure: StepFailure): Restart {
  return { kind: 'refused', failure };
}
