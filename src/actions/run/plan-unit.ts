import { join } from 'node:path';
import { PlatformError } from '../../domain/errors.ts';
import type { PhaseOutcome, Progress } from '../../domain/events.ts';
import { emptyPlan, type Plan } from '../../domain/plan.ts';
import type { UnitFailure } from '../../domain/run-record.ts';
import { parsePlan, showPlanArgs } from '../../tools/terraform/plan-json.ts';
import { parseState } from '../../tools/terraform/state-json.ts';
import { failedChecksOf } from '../../tools/terraform/ui-stream.ts';
import { missingOutputs, mockedDependencies } from '../../tools/terragrunt/run.ts';
import { unitOfFile } from '../session.ts';
import { runInUnit } from '../unit-command.ts';
import { type RunContext, unitDirectory } from './context.ts';
import { findErroredState } from './errored-state.ts';
import { failureOf, runUnitProcess, type UnitProcessResult } from './unit-process.ts';

export interface PlanOptions {
  readonly destroy: boolean;
  readonly refresh: boolean;
}

export interface PlannedUnit {
  readonly outcome: PhaseOutcome;
  /** Dependencies whose outputs were mocks or are not there, relative to the environment. */
  readonly mockedBy: readonly string[];
}

export function planFile(context: RunContext, unit: string, phase: 'plan' | 'replan'): string {
  return join(unitDirectory(context, unit), `${phase}.tfplan`);
}

/**
 * Plans one unit into a file and proves the file before anybody relies on it: Terraform exits 0 with
 * an empty file when the disk is full, and leaves a file behind when it fails.
 */
export async function planUnit(
  context: RunContext,
  unit: string,
  phase: 'plan' | 'replan',
  options: PlanOptions,
  emit: (progress: Progress) => void,
): Promise<PlannedUnit> {
  const { host } = context.session;
  const file = planFile(context, unit, phase);
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
        ...(options.destroy ? ['-destroy'] : []),
        ...(options.refresh ? [] : ['-refresh=false']),
      ],
      refuseMocks: phase === 'replan',
    },
    emit,
  );
  const unitOf = (file: string) => unitOfFile(context.session, file);
  const missing = missingOutputs(result.log).map(unitOf);
  if (phase === 'plan' && missing.length > 0) {
    // Without its dependencies' outputs a unit cannot be planned; an empty state needs no plan.
    if (options.destroy && (await isEmptyState(context, unit))) {
      const nothing = { kind: 'planned', plan: emptyPlan([]), sha256: '', inputs: '' } as const;
      return { outcome: nothing, mockedBy: [] };
    }
    return { outcome: { kind: 'waiting', on: missing }, mockedBy: missing };
  }
  const said = mockedDependencies(result.log).map(unitOf);
  const mockedBy = [...new Set([...said, ...(context.hiddenMocks.get(unit) ?? [])])].sort();
  const outcome = await judgePlan(context, unit, phase, file, result);
  if (outcome.kind !== 'planned') await host.files.remove(file);
  return { outcome, mockedBy };
}

async function isEmptyState(context: RunContext, unit: string): Promise<boolean> {
  const { exitCode, stdout } = await runInUnit(context.session, unit, ['state', 'pull']);
  return exitCode === 0 && (parseState(stdout)?.resources ?? 0) === 0;
}

async function judgePlan(
  context: RunContext,
  unit: string,
  phase: 'plan' | 'replan',
  file: string,
  result: UnitProcessResult,
): Promise<PhaseOutcome> {
  const { files } = context.session.host;
  const { exitCode } = result.process;
  const failed = (failure: UnitFailure): PhaseOutcome => ({ kind: 'failed', failure, done: 0 });
  const unsaved = await findErroredState(context, unit);
  if (unsaved !== undefined) return failed(unsaved);
  if (context.interruption.signal() !== undefined && exitCode !== 2) {
    return { kind: 'interrupted', done: 0 };
  }
  if (exitCode !== 0 && exitCode !== 2) return failed(failureOf(context, unit, result));
  const size = (await files.stat(file))?.size ?? 0;
  if (size === 0) return failed(unreadable('the plan file is empty: is the disk full?'));
  // It holds the whole state, in clear.
  await files.setMode(file, 0o600);
  const inputs = await files.read(join(unitDirectory(context, unit), `${phase}.inputs`));
  const plan =
    exitCode === 0 ? emptyPlan(failedChecksOf(result.messages)) : await show(context, unit, file);
  if ('kind' in plan) return failed(plan);
  return { kind: 'planned', plan, sha256: await files.sha256(file), inputs: (inputs ?? '').trim() };
}

/**
 * Asks Terraform itself, in the folder where it made the plan. An empty plan is not asked about: it
 * would cost a second start of every provider, and it is never applied.
 */
async function show(context: RunContext, unit: string, file: string): Promise<Plan | UnitFailure> {
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
    return parsePlan(result.stdout);
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
