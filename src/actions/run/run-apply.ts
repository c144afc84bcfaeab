import { join } from 'node:path';
import { EXIT } from '../../domain/exit-code.ts';
import { type Graph, subgraph } from '../../domain/graph.ts';
import { guardRefusals } from '../../domain/guard.ts';
import { leftOut } from '../../domain/left-out.ts';
import type { Refusal, RunRecord, UnitRecord } from '../../domain/run-record.ts';
import type { Emit } from '../emit.ts';
import { APPROVED_FILE } from '../records/record-files.ts';
import type { RunResult } from '../run-options.ts';
import { type ApplyRules, applyAll, leaveRest, PLAIN_RULES, settle } from './apply-all.ts';
import { nowText, type RunContext } from './context.ts';
import { planFile } from './plan-unit.ts';
import { finishRun } from './start-run.ts';
import { NO_STEPS, type StepRunner } from './step-runner.ts';
import type { UnitWorker } from './unit-worker.ts';

export interface ApplyInput {
  readonly graph: Graph;
  readonly worker: UnitWorker;
  readonly limit: number;
  /** Undefined where nobody is asked. */
  readonly confirm: (() => Promise<boolean>) | undefined;
  readonly allowDestroy: readonly string[];
  /** Leave everything that is not exact for another time. */
  readonly onlyReady: boolean;
  readonly rules?: ApplyRules | undefined;
  readonly steps?: StepRunner | undefined;
  /** Asked once everything is planned: why the apply cannot work. */
  readonly preflight?: (() => Promise<Refusal[]>) | undefined;
}

/** From plans to the end: guards, the one confirmation, and the apply of what was shown. */
export async function applyPlanned(
  context: RunContext,
  input: ApplyInput,
  emit: Emit,
): Promise<RunResult> {
  const { recorder, directory, session } = context;
  const left = leftOut(recorder.record(), input.graph, input);
  for (const [unit, reason] of left) await settle(context, unit, 'excluded', reason, []);
  const graph = subgraph(input.graph, new Set(input.graph.order.filter((unit) => !left.has(unit))));
  const refused = guardRefusals(recorder.record(), input.allowDestroy);
  if (refused.length === 0 && input.preflight !== undefined) {
    refused.push(...(await input.preflight()));
  }
  if (refused.length > 0) return refuseRun(context, refused);
  if (context.interruption.signal() === undefined) {
    const isOpen = hasWork(recorder.record().units);
    if (isOpen) emit({ type: 'plan-ready', record: recorder.record(), directory });
    const isAsked = isOpen && input.confirm !== undefined;
    if (!isAsked || (await input.confirm?.()) === true) {
      await keepApproved(context, input.rules?.approvedElsewhere);
      const { worker, limit, rules = PLAIN_RULES, steps = NO_STEPS } = input;
      try {
        if (await steps.before()) {
          await applyAll(context, graph, worker, limit, rules, steps.after);
        } else await leaveRest(context);
        await steps.end();
      } finally {
        await steps.close();
        await removePlans(context);
      }
    } else await recorder.add({ type: 'run-declined', at: nowText(session) });
  }
  const record = await finishRun(context, []);
  return { record, directory, exitCode: record.exitCode ?? EXIT.bug };
}

/** Ends a run in which nothing at all may be applied. */
export async function refuseRun(
  context: RunContext,
  refused: readonly Refusal[],
): Promise<RunResult> {
  const { recorder, directory, session } = context;
  await recorder.add({ type: 'run-refused', at: nowText(session), refused: [...refused] });
  const record = await finishRun(context, []);
  return { record, directory, exitCode: record.exitCode ?? EXIT.bug };
}

/** What was approved must outlive what is planned again at its turn: `--resume` holds to it. */
async function keepApproved(
  { recorder, directory, session }: RunContext,
  elsewhere: RunRecord | undefined,
): Promise<void> {
  // What another run was approved to do is not what this one has planned.
  const text = `${JSON.stringify(elsewhere ?? recorder.record(), null, 2)}\n`;
  await session.host.files.writeAtomic(join(directory, APPROVED_FILE), text, { mode: 0o600 });
}

/** They hold whole states in clear, and have done their work. Those of an earlier run go one by one, when they are applied. */
async function removePlans({ recorder, directory, session }: RunContext): Promise<void> {
  for (const { unit } of recorder.record().units) {
    for (const phase of ['plan', 'through', 'replan'] as const) {
      await session.host.files.remove(planFile(directory, unit, phase));
    }
  }
}

/** Something can be applied, or may be once what it depends on has been. */
function hasWork(units: readonly UnitRecord[]): boolean {
  return units.some(({ label, result }) => result === 'planned' && label !== 'no-changes');
}
