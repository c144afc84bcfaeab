import type { Graph } from '../../domain/graph.ts';
import type { RunRecord } from '../../domain/run-record.ts';
import type { UnitConfig } from '../../domain/unit-config.ts';
import { digestFiles, type HashCache } from '../files/files-digest.ts';
import { gatherUnitFiles } from '../files/unit-files.ts';
import type { OpenedTree } from '../open-tree.ts';
import type { RunOptions } from '../run-options.ts';
import type { Emit, Session } from '../session.ts';
import type { FileDigests } from './bind-units.ts';
import type { RunContext } from './context.ts';
import { parallelismFor, planAll, planOrder } from './plan-all.ts';
import { type EarlierRun, startRun } from './start-run.ts';
import { createUnitWorker, type UnitWorker } from './unit-worker.ts';

export interface PlanRunInput {
  readonly command: RunRecord['command'];
  readonly destroy: boolean;
  readonly tree: OpenedTree;
  readonly graph: Graph;
  readonly oldFolders?: RunContext['oldFolders'];
  readonly planThrough: boolean;
  readonly from?: EarlierRun;
}

export interface PlannedRun {
  readonly context: RunContext;
  readonly worker: UnitWorker;
  readonly limit: number;
}

/** Starts a run and plans everything in it. */
export async function planRun(
  session: Session,
  input: PlanRunInput,
  options: RunOptions,
  emit: Emit,
): Promise<PlannedRun> {
  const { command, destroy, tree, graph, planThrough } = input;
  // Before anything is planned: a file that changes while it is read must not count as read.
  const digests = await digestUnits(session, tree.configs, graph.order);
  const context = await startRun(
    session,
    {
      command,
      destroy,
      graph,
      names: options.units,
      configs: tree.configs,
      ...(input.oldFolders === undefined ? {} : { oldFolders: input.oldFolders }),
      ...(input.from === undefined ? {} : { from: input.from }),
    },
    emit,
  );
  const limit = await parallelismFor(context, options.parallelism);
  const order = planOrder(session, tree.rendered);
  const planOptions = { destroy, refresh: options.refresh, order, planThrough };
  const worker = createUnitWorker(context, planOptions, emit);
  await planAll(context, graph, worker, planOptions, limit, digests);
  return { context, worker, limit };
}

/** By unit: digest of the files that it is made of. */
export async function digestUnits(
  { host, environment, workspace }: Session,
  configs: ReadonlyMap<string, UnitConfig>,
  units: readonly string[],
): Promise<FileDigests> {
  const files = await gatherUnitFiles(host, configs, environment.folder, units);
  const hashes: HashCache = new Map();
  const digests = new Map<string, string>();
  for (const [unit, paths] of files) {
    digests.set(unit, await digestFiles(host, paths, workspace.root, hashes));
  }
  return digests;
}
