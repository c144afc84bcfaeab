import { environmentSteps } from '../../config/environment-steps.ts';
import type { Progress } from '../../domain/events.ts';
import type { DeclaredStep } from '../../domain/steps/step-declaration.ts';
import { runStep } from '../../steps/all-steps.ts';
import { type ClusterTools, ensureClusterTools } from '../cluster/cluster-tools.ts';
import { type OpenedCluster, openCluster } from '../cluster/open-cluster.ts';
import type { Emit } from '../emit.ts';
import type { Session } from '../session.ts';
import type { RunContext } from './context.ts';
import { type RunnableStep, runSteps } from './run-steps.ts';

/** What belongs to the units of a run beside their plans. */
export interface StepRunner {
  /** Before anything is applied. Resolves to whether it may be. */
  before(): Promise<boolean>;
  /** After a unit is as it should be. Resolves to whether its dependents may start. */
  after(unit: string): Promise<boolean>;
  /** When everything has been done, well or not. */
  end(): Promise<void>;
  /** At last, also after a bug: nothing of the cluster's access stays. */
  close(): Promise<void>;
}

export const NO_STEPS: StepRunner = {
  before: async () => true,
  after: async () => true,
  end: async () => {},
  close: async () => {},
};

/** The steps of an environment, and what they need, which is there. */
export type PreparedSteps =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'steps';
      readonly declared: readonly DeclaredStep[];
      readonly tools: ClusterTools;
    };

/** @throws ToolError (69) when there are steps, and a tool that they need is not to be had */
export async function prepareSteps(
  { host, workspace, environment }: Session,
  emit: Emit,
): Promise<PreparedSteps> {
  const declared = environmentSteps(environment);
  if (declared.length === 0) return { kind: 'none' };
  return { kind: 'steps', declared, tools: await ensureClusterTools(host, workspace, emit) };
}

export function declaredIn(prepared: PreparedSteps): readonly DeclaredStep[] {
  return prepared.kind === 'none' ? [] : prepared.declared;
}

/** Runs the steps after their units. The cluster is opened when the first one needs it. */
export function postInstallSteps(
  context: RunContext,
  prepared: PreparedSteps,
  emit: (progress: Progress) => void,
): StepRunner {
  if (prepared.kind === 'none') return NO_STEPS;
  const { declared, tools } = prepared;
  let opened: Promise<OpenedCluster> | undefined;
  const runnable = (step: DeclaredStep): RunnableStep => ({
    unit: step.unit,
    name: step.name,
    run: async (progress) => {
      opened ??= openRunCluster(context, tools);
      return runStep({ ...(await opened).context, progress }, step);
    },
  });
  return {
    ...NO_STEPS,
    after: (unit) =>
      runSteps(context, declared.filter((step) => step.unit === unit).map(runnable), emit),
    close: async () => (await opened)?.close(),
  };
}

export function openRunCluster(
  { session, directory, interruption }: RunContext,
  tools: ClusterTools,
): Promise<OpenedCluster> {
  const { host, environment, childEnv } = session;
  const signal = interruption.aborted;
  return openCluster(host, { environment, tools, childEnv, directory, signal });
}
