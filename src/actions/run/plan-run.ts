import type { Graph } from '../../domain/graph.ts';
import type { RunRecord } from '../../domain/run-record.ts';
import type { NamedStep } from '../../domain/steps/step-declaration.ts';
import type { UnitConfig } from '../../domain/unit-config.ts';
import type { Emit } from '../emit.ts';
import { digestFiles, type HashCache } from '../files/files-digest.ts';
import { gatherUnitFiles } from '../files/unit-files.ts';
import type { OpenedTree } from '../open-tree.ts';
import { parallelismFor } from '../parallelism-for.ts';
import type { PlanningOptions, RunOptions } from '../run-options.ts';
import type { Session } from '../session.ts';
import type { FileDigests } from './bind-units.ts';
import type { RunContext } from './context.ts';
import { planAll, planOrder } from './plan-all.ts';
import { type EarlierRun, startRun } from './start-run.ts';
import { createUnitWorker, type UnitWorker } from './unit-worker.ts';

export interface PlanRunInput {
  readonly command: RunRecord['command'];
  readonly destroy: boolean;
  readonly tree: OpenedTree;
  readonly graph: Graph;
  readonly oldFolders?: RunContext['oldFolders'] | undefined;
  readonly planThrough: boolean;
  /** What is run after units, once they are applied. */
  readonly steps?: readonly NamedStep[];
  readonly from?: EarlierRun | undefined;
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
  options: RunOptions & Partial<Pick<PlanningOptions, 'changed'>>,
  emit: Emit,
): Promise<PlannedRun> {
  const { command, destroy, tree, graph, planThrough, oldFolders, steps, from } = input;
  // Before anything is planned: a file that changes while it is read must not count as read.
  const digests = await digestUnits(session, tree.configs, graph.order);
  const context = await startRun(
    session,
    {
      command,
      destroy,
      graph,
      names: options.units,
      choice: choiceFlags(options),
      configs: withDeleted(tree.configs, oldFolders),
      oldFolders,
      steps,
      from,
    },
    emit,
  );
  const limit = await parallelismFor(session, options.parallelism);
  const order = planOrder(session, tree.rendered);
  const planOptions = { destroy, refresh: options.refresh, order, planThrough };
  const worker = createUnitWorker(context, planOptions, emit);
  await planAll(context, graph, worker, planOptions, limit, digests);
  return { context, worker, limit };
}

function choiceFlags({ changed }: Partial<Pick<PlanningOptions, 'changed'>>): string[] {
  if (changed === undefined) return [];
  return ['--changed', ...(changed.base === undefined ? [] : [`--base=${changed.base}`])];
}

/** What a deleted unit read does not matter any more: it goes, whatever its inputs would be. */
function withDeleted(
  configs: ReadonlyMap<string, UnitConfig>,
  deleted: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, UnitConfig> {
  const gone = [...deleted.keys()].map((unit) => {
    return [unit, { unit, dependencies: [], readsFiles: [] }] as const;
  });
  return new Map([...configs, ...gone]);
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
