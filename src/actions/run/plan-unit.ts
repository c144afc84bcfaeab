import { dirname, join } from 'node:path';
import { affectedReads } from '../../domain/data-reads.ts';
import { PlatformError } from '../../domain/errors.ts';
import type { PhaseOutcome, Progress } from '../../domain/events.ts';
import { emptyPlan } from '../../domain/plan.ts';
import type { PlannedOutputs } from '../../domain/planned-output.ts';
import type { UnitFailure } from '../../domain/run-record.ts';
import { parsePlan, type ReadPlan, showPlanArgs } from '../../tools/terraform/plan-json.ts';
import { dataReads, failedChecksOf } from '../../tools/terraform/ui-stream.ts';
import { missingOutputs, mockedDependencies } from '../../tools/terragrunt/run.ts';
import { unitOfFile } from '../session.ts';
import { type AheadAnswer, answeredUnits, writeAheadList } from './ahead-answers.ts';
import { environmentOf, type RunContext, unitDirectory } from './context.ts';
import { findErroredState } from './errored-state.ts';
import { failureOf, runUnitProcess, type UnitProcessResult } from './unit-process.ts';

export interface PlanOptions {
  readonly destroy: boolean;
  readonly refresh: boolean;
}

export type PlanPhase = 'plan' | 'through' | 'replan';

export interface PlannedUnit {
  readonly outcome: PhaseOutcome;
  /** Units whose mocks were used, as far as Terragrunt says so. */
  readonly saidMocks: readonly string[];
  /** Data sources that it read, whose answer depends on what others made. */
  readonly dataReads: readonly string[];
  /** What it makes of its outputs, with values. */
  readonly outputs: PlannedOutputs;
  /** Upstream outputs, as `unit.output`, that it was planned with the new value of. */
  readonly plannedThrough: readonly string[];
}

export function planFile(directory: string, unit: string, phase: PlanPhase): string {
  return join(unitDirectory({ directory }, unit), `${phase}.tfplan`);
}

/**
 * Plans one unit into a file and proves the file before anybody relies on it: Terraform exits 0 with
 * an empty file when the disk is full, and leaves a file behind when it fails.
 *
 * @param ahead outputs to plan with in place of those in the state
 */
export async function planUnit(
  context: RunContext,
  unit: string,
  phase: PlanPhase,
  options: PlanOptions,
  emit: (progress: Progress) => void,
  ahead: readonly AheadAnswer[] = [],
): Promise<PlannedUnit> {
  const { files } = context.session.host;
  const file = planFile(context.directory, unit, phase);
  const isDestroy = options.destroy || context.oldFolders.has(unit);
  const aheadFile = await writeAheadList(context, unit, ahead);
  const result = await runUnitProcess(
    context,
    {
      unit,
      phase,
      terraform: [
        'plan',
        '-input=false',
        '-json',
        '-detailed-exitcode',
        `-out=${file}`,
        ...(isDestroy ? ['-destroy'] : []),
        ...(options.refresh ? [] : ['-refresh=false']),
      ],
      refuseMocks: phase === 'replan',
      aheadFile,
    },
    emit,
  );
  await context.states.take(unitDirectory(context, unit), unit, phase);
  const plannedThrough = await answeredUnits(context, unit, phase, ahead);
  const nothing = { saidMocks: [], dataReads: [], outputs: {}, plannedThrough };
  const unitOf = (path: string) => unitOfFile(environmentOf(context, unit), path);
  const on = missingOutputs(result.log).map(unitOf);
  if (phase !== 'replan' && on.length > 0) {
    // Without its dependencies' outputs a unit cannot be planned; an empty state needs no plan.
    if (isDestroy && (await isNothingThere(context, unit))) {
      const plan = emptyPlan([]);
      const outcome = { kind: 'planned', plan, sha256: '', inputs: '' } as const;
      return { outcome, ...nothing };
    }
    return { outcome: { kind: 'waiting', on }, ...nothing };
  }
  const { outcome, outputs } = await judgePlan(context, unit, phase, file, result);
  if (outcome.kind !== 'planned') await files.remove(file);
  return {
    outcome,
    saidMocks: mockedDependencies(result.log).map(unitOf),
    dataReads: affectedReads(dataReads(result.messages)),
    outputs,
    plannedThrough,
  };
}

async function isNothingThere(context: RunContext, unit: string): Promise<boolean> {
  const state = await context.states.of(unit);
  return state === 'none' || (state !== 'unreadable' && state.resources === 0);
}

interface JudgedPlan {
  readonly outcome: PhaseOutcome;
  readonly outputs: PlannedOutputs;
}

async function judgePlan(
  context: RunContext,
  unit: string,
  phase: PlanPhase,
  file: string,
  result: UnitProcessResult,
): Promise<JudgedPlan> {
  const { files } = context.session.host;
  const { exitCode } = result.process;
  const failed = (failure: UnitFailure): JudgedPlan => {
    return { outcome: { kind: 'failed', failure, done: 0 }, outputs: {} };
  };
  const unsaved = await findErroredState(context, unit);
  if (unsaved !== undefined) return failed(unsaved);
  if (context.interruption.signal() !== undefined && exitCode !== 2) {
    return { outcome: { kind: 'interrupted', done: 0 }, outputs: {} };
  }
  if (exitCode !== 0 && exitCode !== 2) return failed(failureOf(context, unit, result));
  const size = (await files.stat(file))?.size ?? 0;
  if (size === 0) return failed(unreadable('the plan file is empty: is the disk full?'));
  // It holds the whole state, in clear.
  await files.setMode(file, 0o600);
  const inputs = await files.read(join(dirname(file), `${phase}.inputs`));
  const read =
    exitCode === 0
      ? {
          plan: emptyPlan(failedChecksOf(result.messages), await isNothingThere(context, unit)),
          outputs: {},
        }
      : await show(context, unit, file);
  if ('kind' in read) return failed(read);
  const sha256 = await files.sha256(file);
  const inputsDigest = (inputs ?? '').trim();
  return {
    outcome: { kind: 'planned', plan: read.plan, sha256, inputs: inputsDigest },
    outputs: read.outputs,
  };
}

/**
 * Asks Terraform itself, in the folder where it made the plan. An empty plan is not asked about: it
 * would cost a second start of every provider, and it is never applied.
 */
async function show(
  context: RunContext,
  unit: string,
  file: string,
): Promise<ReadPlan | UnitFailure> {
  const { session } = context;
  const { host } = session;
  const workdir = await host.files.read(join(unitDirectory(context, unit), 'workdir'));
  const result = await host.processes.run({
    argv: [session.terraform.path, ...showPlanArgs(file)],
    cwd: workdir?.trim() ?? session.workspace.root,
    env: session.childEnv,
  });
  if (result.exitCode !== 0) {
    return unreadable(`terraform show cannot read the plan: ${firstError(result.stderr)}`);
  }
  try {
    return parsePlan(result.stdout, context.hash);
  } catch (error) {
    if (error instanceof PlatformError) return unreadable(error.problem.what);
    throw error;
  }
}

function unreadable(summary: string): UnitFailure {
  return { kind: 'unreadable', summary, next: 'plan again' };
}

function firstError(stderr: string): string {
  return /Error: (.+)/.exec(stderr)?.[1] ?? (stderr.trim().split('\n')[0] || 'no reason given');
}
