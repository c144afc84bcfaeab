import { join } from 'node:path';
import { EXIT } from '../../domain/exit-code.ts';
import { dependentsOf, type Graph, subgraph } from '../../domain/graph.ts';
import { guardedChanges } from '../../domain/guard.ts';
import type { Refusal, RunRecord, UnitRecord } from '../../domain/run-record.ts';
import { APPROVED_FILE } from '../records/record-files.ts';
import type { RunResult } from '../run-options.ts';
import type { Emit } from '../session.ts';
import { type ApplyRules, applyAll, PLAIN_RULES, settle } from './apply-all.ts';
import { nowText, type RunContext } from './context.ts';
import { planFile } from './plan-unit.ts';
import { finishRun } from './start-run.ts';
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
  readonly rules?: ApplyRules;
}

/** From plans to the end: guards, the one confirmation, and the apply of what was shown. */
export async function applyPlanned(
  context: RunContext,
  input: ApplyInput,
  emit: Emit,
): Promise<RunResult> {
  const { recorder, directory, session } = context;
  const leftOut = leaveOut(context, input);
  for (const [unit, reason] of leftOut) await settle(context, unit, 'excluded', reason, []);
  const graph = without(input.graph, leftOut);
  const refused = guardRefusals(context, input.allowDestroy);
  if (refused.length > 0) return refuseRun(context, refused);
  if (context.interruption.signal() === undefined) {
    const isOpen = hasWork(recorder.record().units);
    if (isOpen) emit({ type: 'plan-ready', record: recorder.record(), directory });
    const isAsked = isOpen && input.confirm !== undefined;
    if (!isAsked || (await input.confirm?.()) === true) {
      await keepApproved(context, input.rules?.approvedElsewhere);
      await applyAll(context, graph, input.worker, input.limit, input.rules ?? PLAIN_RULES);
      await removePlans(context);
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

/** Units that wait for another time, with the reason; whatever depends on one waits too. */
function leaveOut(
  { recorder, oldFolders }: RunContext,
  { graph, onlyReady, allowDestroy }: ApplyInput,
): Map<string, string> {
  const left = new Map<string, string>();
  for (const { unit, label, result } of recorder.record().units) {
    if (result !== 'planned') continue;
    if (label === 'no-changes') continue;
    if (oldFolders.has(unit) && !allowDestroy.includes(unit)) {
      left.set(unit, `its files are gone: --allow-destroy ${unit} takes it away`);
    } else if (onlyReady && label !== 'exact') {
      left.set(unit, 'is not ready');
    }
  }
  const planned = new Set(
    recorder.record().units.flatMap(({ unit, result }) => (result === 'planned' ? [unit] : [])),
  );
  for (const unit of [...left.keys()]) {
    for (const dependent of dependentsOf(graph, [unit])) {
      if (!left.has(dependent) && planned.has(dependent)) left.set(dependent, `waits for ${unit}`);
    }
  }
  return left;
}

function without(graph: Graph, left: ReadonlyMap<string, string>): Graph {
  return subgraph(graph, new Set(graph.order.filter((unit) => !left.has(unit))));
}

function guardRefusals(
  { recorder, session, oldFolders }: RunContext,
  allowDestroy: readonly string[],
): Refusal[] {
  const allowed = allowDestroy.filter((entry) => !oldFolders.has(entry));
  const { file, name } = session.environment;
  const { units } = recorder.record();
  // What was planned on mocks may take nothing away, whatever it was shown to do.
  const planned = units.filter(({ result, label }) => result === 'planned' && label !== 'mocked');
  const { guarded, unknown } = guardedChanges(planned, allowed);
  const known = allowDestroy.filter((entry) => !unknown.includes(entry));
  const all = [...known, ...guarded.map(({ unit, address }) => `${unit}:${address}`)];
  return [
    ...unknown.map((address) => ({
      kind: 'guard' as const,
      unit: '',
      why: `--allow-destroy names "${address}", which nothing here takes away`,
      next: 'take the address from the summary, or leave the flag out',
    })),
    ...(file?.protected === true ? guarded : []).map(({ unit, address, action }) => ({
      kind: 'guard' as const,
      unit,
      why: `"${name}" is protected, and this would ${action} ${address}`,
      next: `if you mean it, add: --allow-destroy ${all.map((one) => `'${one}'`).join(' ')}`,
    })),
  ];
}

/** Something can be applied, or may be once what it depends on has been. */
function hasWork(units: readonly UnitRecord[]): boolean {
  return units.some(({ label, result }) => result === 'planned' && label !== 'no-changes');
}
