import type { ClusterState } from '../domain/cluster/cluster-state.ts';
import type { LastStep, UnitStatus } from '../domain/unit-status.ts';
import type { Host } from '../host/host.ts';
import { parseState } from '../tools/terraform/state-json.ts';
import { readCluster } from './cluster/read-cluster.ts';
import type { Emit } from './emit.ts';
import { mapUnits } from './map-units.ts';
import { openTree } from './open-tree.ts';
import { type FoundRun, listRuns } from './records/find-run.ts';
import { selectUnits } from './select-units.ts';
import { openSession, type SessionInput } from './session.ts';
import { firstErrorLine, runInUnit } from './unit-command.ts';

export interface StatusInput extends SessionInput {
  readonly units: readonly string[];
}

/** Each unit as its state says, what was last done to it from here, and the cluster as AWS says. */
export interface EnvironmentStatus {
  readonly units: readonly UnitStatus[];
  /** Undefined on a tree whose files do not name a cluster. */
  readonly cluster: ClusterState | undefined;
}

export async function readStatus(
  host: Host,
  input: StatusInput,
  emit: Emit,
): Promise<EnvironmentStatus> {
  const session = await openSession(host, input, emit);
  const tree = await openTree(session);
  const graph = selectUnits(tree.graph, input.units);
  const runs = (await listRuns(host, session.workspace.recordsDirectory)).filter(
    ({ record }) => record.environment === session.environment.name,
  );
  const readUnits = mapUnits(session, graph, async (unit): Promise<UnitStatus> => {
    const result = await runInUnit(session, unit, ['state', 'pull']);
    const last = runs.find(({ record }) => record.units.some((entry) => entry.unit === unit));
    const entry = last?.record.units.find((candidate) => candidate.unit === unit);
    return {
      unit,
      state: result.exitCode === 0 ? stateOf(result.stdout) : unreadable(firstErrorLine(result)),
      lastRun:
        last === undefined || entry === undefined
          ? undefined
          : {
              run: last.record.run,
              command: last.record.command,
              result: entry.result,
              at: last.record.startedAt,
            },
      lastSteps: lastStepsOf(unit, runs),
    };
  });
  const { file } = session.environment;
  const [units, cluster] = await Promise.all([
    readUnits,
    file === undefined ? undefined : readCluster(session, file, emit),
  ]);
  return { units, cluster };
}

/** The newest end of each step of the unit, in the order in which they are run. */
function lastStepsOf(unit: string, runs: readonly FoundRun[]): LastStep[] {
  const steps = new Map<string, LastStep>();
  for (const { record } of runs) {
    for (const each of record.units.find((entry) => entry.unit === unit)?.steps ?? []) {
      const { step, result, text, startedAt } = each;
      if (startedAt === null || result === 'not-started' || steps.has(step)) continue;
      steps.set(step, { step, result, text, at: startedAt });
    }
  }
  return [...steps.values()];
}

function stateOf(stdout: string): UnitStatus['state'] {
  const state = parseState(stdout);
  if (state === undefined) return { kind: 'never-applied' };
  const { resources, serial } = state;
  return resources > 0 ? { kind: 'applied', resources, serial } : { kind: 'empty', serial };
}

function unreadable(why: string): UnitStatus['state'] {
  return { kind: 'unreadable', why };
}
