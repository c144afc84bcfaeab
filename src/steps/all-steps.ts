import type { DeclaredStep, StepName } from '../domain/steps/step-declaration.ts';
import type { StepOutcome } from '../domain/steps/step-outcome.ts';
import { addonsStep } from './addons.ts';
import { certificateStep } from './certificate.ts';
import { clusterStep } from './cluster.ts';
import { corednsStep } from './coredns.ts';
import { crdsStep } from './crds.ts';
import { deadlineIn } from './deadline.ts';
import { gpuCheckStep } from './gpu-check.ts';
import { istioRestartStep } from './istio-restart.ts';
import { loadBalancerStep } from './load-balancer.ts';
import { nodeGroupsStep } from './node-groups.ts';
import { nodesStep } from './nodes.ts';
import type { OptionsOf, Step, StepIntent } from './step.ts';
import type { StepContext } from './step-context.ts';
import { storageClassStep } from './storage-class.ts';
import { failingUnreadable } from './unreadable.ts';
import { webhooksStep } from './webhooks.ts';

export const STEPS: { readonly [Name in StepName]: Step<Name> } = {
  cluster: clusterStep,
  'node-groups': nodeGroupsStep,
  addons: addonsStep,
  nodes: nodesStep,
  coredns: corednsStep,
  crds: crdsStep,
  webhooks: webhooksStep,
  'istio-restart': istioRestartStep,
  'gpu-check': gpuCheckStep,
  'storage-class': storageClassStep,
  'load-balancer': loadBalancerStep,
  certificate: certificateStep,
};

type Declared = Pick<DeclaredStep, 'name' | 'options'>;

/** Runs one step within its deadline. */
export function runStep(context: StepContext, declared: Declared): Promise<StepOutcome> {
  const { step, options } = resolved(declared);
  const deadline = deadlineIn(context.clock, deadlineSecondsOf(declared));
  return failingUnreadable(() => step.run(context, options, deadline));
}

/** What it would do, without doing it. */
export function stepIntent(declared: Declared): StepIntent {
  const { step, options } = resolved(declared);
  return step.intent(options);
}

export function deadlineSecondsOf(declared: Declared): number {
  const { step, options } = resolved(declared);
  return options.deadlineSeconds ?? step.defaultDeadlineSeconds;
}

function resolved<Name extends StepName>({
  name,
  options,
}: {
  readonly name: Name;
  readonly options: DeclaredStep['options'];
}): { readonly step: Step<Name>; readonly options: OptionsOf<Name> } {
  const own = options[name] as OptionsOf<Name> | undefined;
  return { step: STEPS[name], options: own ?? {} };
}
