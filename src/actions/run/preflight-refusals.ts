import { changedCluster } from '../../domain/preflight/changed-cluster.ts';
import type { Refusal } from '../../domain/run-record.ts';
import { ensureClusterTools } from '../cluster/cluster-tools.ts';
import type { Emit } from '../emit.ts';
import { preflight } from '../preflight.ts';
import type { RunContext } from './context.ts';
import type { PreparedSteps } from './step-runner.ts';

/**
 * What would make the apply of a cluster fail after a quarter of an hour, before anything is applied.
 * Asked only where a plan changes the cluster, its nodes or its add-ons; what is only doubtful is said.
 */
export async function preflightRefusals(
  context: RunContext,
  prepared: PreparedSteps,
  emit: Emit,
): Promise<Refusal[]> {
  const { recorder, session, interruption } = context;
  const { host, workspace, environment, childEnv } = session;
  const unit = changedCluster(recorder.record());
  if (unit === undefined || environment.file === undefined) return [];
  // Where there are steps, their tools have been found already.
  const { aws } =
    prepared.kind === 'steps' ? prepared.tools : await ensureClusterTools(host, workspace, emit);
  const checks = await preflight(host, {
    file: environment.file,
    env: childEnv,
    aws,
    signal: interruption.aborted,
  });
  for (const { name, text, verdict } of checks) {
    if (verdict === 'warn') emit({ type: 'note', text: `preflight, ${name}: ${text}` });
  }
  return checks
    .filter(({ verdict }) => verdict === 'bad')
    .map(({ name, text, fix }) => ({
      kind: 'preflight',
      unit,
      why: `${name}: ${text}`,
      next: fix ?? `platform doctor ${environment.name}`,
    }));
}
