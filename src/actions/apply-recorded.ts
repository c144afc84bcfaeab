import { boundRefusals } from '../domain/bound-plan.ts';
import { subgraph } from '../domain/graph.ts';
import type { Refusal, RunRecord, UnitRecord } from '../domain/run-record.ts';
import type { Emit } from './emit.ts';
import type { OpenedTree } from './open-tree.ts';
import { parallelismFor } from './parallelism-for.ts';
import { readApprovalKey } from './records/approval-key.ts';
import { type FoundRun, findRun, listRuns } from './records/find-run.ts';
import { bindUnits } from './run/bind-units.ts';
import type { RunContext } from './run/context.ts';
import { digestUnits } from './run/plan-run.ts';
import { planFile } from './run/plan-unit.ts';
import { preflightRefusals } from './run/preflight-refusals.ts';
import { applyPlanned, refuseRun } from './run/run-apply.ts';
import { startRun } from './run/start-run.ts';
import { declaredIn, type PreparedSteps, postInstallSteps } from './run/step-runner.ts';
import { createUnitWorker } from './run/unit-worker.ts';
import type { RunOptions, RunResult } from './run-options.ts';
import { selectUnits } from './select-units.ts';
import type { Session } from './session.ts';

export interface ApplyRecordedOptions extends RunOptions {
  readonly run: string;
  readonly confirm: (() => Promise<boolean>) | undefined;
  readonly allowDestroy: readonly string[];
  readonly onlyReady: boolean;
  readonly steps: PreparedSteps;
  readonly skipPreflight: boolean;
}

/** Applies the saved plans of a recorded run, once it is proven that they are plans of what is here now. */
export async function applyRecorded(
  session: Session,
  tree: OpenedTree,
  options: ApplyRecordedOptions,
  emit: Emit,
): Promise<RunResult> {
  const { host, workspace } = session;
  const found = await findRun(host, workspace.recordsDirectory, options.run);
  const recorded = new Set(found.record.units.map(({ unit }) => unit));
  const graph = selectUnits(subgraph(tree.graph, recorded), options.units);
  const context = await startRun(
    session,
    {
      command: 'apply',
      graph,
      names: options.units,
      configs: tree.configs,
      units: found.record.units.map((unit) => asRecorded(unit, found.record.run)),
      steps: declaredIn(options.steps),
      from: {
        id: found.record.run,
        plansDirectory: found.directory,
        key: await readApprovalKey(host, found.directory),
      },
    },
    emit,
  );
  const refused = [
    ...(options.units.length === 0 ? goneUnits(found.record, tree) : []),
    ...(await refusalsOf(context, tree, found)),
  ];
  if (refused.length > 0) return refuseRun(context, refused);
  const limit = await parallelismFor(session, options.parallelism);
  const worker = createUnitWorker(context, { destroy: false, refresh: options.refresh }, emit);
  const prepared = options.steps;
  const steps = postInstallSteps(context, prepared, emit);
  const preflight = options.skipPreflight
    ? undefined
    : () => preflightRefusals(context, prepared, emit);
  return applyPlanned(context, { ...options, graph, worker, limit, steps, preflight }, emit);
}

/** A plan that failed there is why its unit is not applied here; what it failed of is history. */
function asRecorded(unit: UnitRecord, run: string): UnitRecord {
  const { failure } = unit;
  if (failure === null) return unit;
  const summary = `its plan failed in run ${run}: ${failure.summary}`;
  return { ...unit, failure: { ...failure, kind: 'failed', summary } };
}

/** Nothing of a recorded plan is passed over in silence. */
function goneUnits({ units, environment }: RunRecord, { graph }: OpenedTree): Refusal[] {
  return units
    .filter(({ unit, result }) => result === 'planned' && !graph.units.has(unit))
    .map(({ unit, isDeleted }) => ({
      kind: 'bound',
      unit,
      why: isDeleted
        ? 'it was deleted, and is planned anew when it goes'
        : 'it does not exist any more',
      next: isDeleted
        ? `platform apply ${environment} --changed --allow-destroy ${unit}`
        : `plan again: platform plan ${environment}`,
    }));
}

async function refusalsOf(context: RunContext, tree: OpenedTree, { record, directory }: FoundRun) {
  const { session } = context;
  const { host } = session;
  const here = context.recorder.record();
  const { units } = here;
  const planFiles = new Map<string, string>();
  for (const { unit, plan } of units) {
    if (plan === null) continue;
    const file = planFile(directory, unit, plan.phase);
    if ((await host.files.stat(file)) !== undefined) {
      planFiles.set(unit, await host.files.sha256(file));
    }
  }
  const order = tree.graph.order.filter((path) => units.some(({ unit }) => unit === path));
  const digests = await digestUnits(session, tree.configs, order);
  return boundRefusals(
    { ...record, units },
    {
      ...here,
      bindings: await bindUnits(context, order, digests),
      planFiles,
      appliedSince: await appliedSince(session, record),
    },
  );
}

/** Units that another run here began to apply after this plan was made. */
async function appliedSince(
  { host, workspace, environment }: Session,
  planned: RunRecord,
): Promise<Map<string, string>> {
  const since = new Map<string, string>();
  for (const { record } of await listRuns(host, workspace.recordsDirectory)) {
    if (record.environment !== environment.name) continue;
    for (const { unit, phases, failure, done } of record.units) {
      // Refused or locked out before it began: nothing was done.
      if (done === 0 && (failure?.kind === 'refused' || failure?.kind === 'locked')) continue;
      const later = phases.some(
        ({ phase, startedAt }) => phase === 'apply' && startedAt > planned.startedAt,
      );
      if (later) since.set(unit, record.run);
    }
  }
  return since;
}
