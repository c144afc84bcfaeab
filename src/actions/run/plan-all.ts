import type { Progress } from '../../domain/events.ts';
import type { Graph } from '../../domain/graph.ts';
import { labelPlans, type PlanFacts } from '../../domain/label.ts';
import { chooseParallelism } from '../../domain/parallelism.ts';
import { withoutOrder } from '../../domain/schedule.ts';
import type { RenderedUnit } from '../../tools/terragrunt/render.ts';
import type { Session } from '../session.ts';
import { nowText, type RunContext } from './context.ts';
import { type PlannedUnit, type PlanOptions, planUnit } from './plan-unit.ts';
import { workThrough } from './queue.ts';
import { readsOutputsFromState } from './unit-process.ts';

/**
 * Plans every unit, all at once as far as the machine goes: a plan needs no order. Then labels them.
 *
 * @param order `any`, or `graph` where Terragrunt cannot read outputs from the state object itself: it
 * then runs Terraform in the dependency's working folder, which must not be planned at that moment
 */
export async function planAll(
  context: RunContext,
  graph: Graph,
  options: PlanOptions & { readonly order: 'any' | 'graph' },
  limit: number,
  emit: (progress: Progress) => void,
): Promise<void> {
  const facts = new Map<string, PlanFacts>();
  await workThrough(options.order === 'any' ? withoutOrder(graph) : graph, limit, {
    isStopped: () => context.interruption.signal() !== undefined,
    skip: async () => {},
    run: async (unit) => {
      const planned = await recordedPlan(context, unit, 'plan', options, emit);
      facts.set(unit, {
        outcome: outcomeOf(planned),
        mockedBy: planned.mockedBy,
      });
      // A plan that failed keeps no other from being made.
      return 'succeeded';
    },
  });
  if (context.interruption.signal() !== undefined) return;
  const labelled = options.destroy ? labelDestroy(graph, facts) : labelPlans(graph, facts);
  for (const [unit, { label, reason }] of labelled) {
    const at = nowText(context.session);
    await context.recorder.add({ type: 'unit-labelled', at, unit, label, reason });
  }
}

/**
 * Nothing that a destroy takes away changes what another unit's destroy plan was computed from, and
 * where nothing is left to destroy it does not matter what the inputs were.
 */
function labelDestroy(graph: Graph, facts: ReadonlyMap<string, PlanFacts>) {
  const settled = [...facts].map(([unit, known]) => {
    return [unit, known.outcome === 'empty' ? { ...known, mockedBy: [] } : known] as const;
  });
  return labelPlans(withoutOrder(graph), new Map(settled));
}

/** Plans one unit, with its start and its end in the record. */
export async function recordedPlan(
  context: RunContext,
  unit: string,
  phase: 'plan' | 'replan',
  options: PlanOptions,
  emit: (progress: Progress) => void,
): Promise<PlannedUnit> {
  const { recorder, session } = context;
  const startedAt = session.host.clock.now();
  await recorder.add({ type: 'unit-started', at: nowText(session), unit, phase });
  const planned = await planUnit(context, unit, phase, options, emit);
  const durationMs = session.host.clock.now() - startedAt;
  const { outcome } = planned;
  await recorder.add({
    type: 'unit-ended',
    at: nowText(session),
    unit,
    phase,
    durationMs,
    outcome,
  });
  return planned;
}

function outcomeOf({ outcome }: PlannedUnit): PlanFacts['outcome'] {
  if (outcome.kind === 'waiting') return 'waiting';
  if (outcome.kind !== 'planned') return 'failed';
  return outcome.plan.isEmpty ? 'empty' : 'changes';
}

export async function parallelismFor(
  context: Pick<RunContext, 'session'>,
  asked: number | undefined,
): Promise<number> {
  const { host, workspace } = context.session;
  return chooseParallelism({
    asked: asked ?? workspace.settings.parallelism,
    cores: host.machine.cores,
    availableMemoryBytes: await host.machine.availableMemoryBytes(),
  });
}

/** Only from S3 does Terragrunt read outputs without starting Terraform. */
export function planOrder(session: Session, rendered: readonly RenderedUnit[]): 'any' | 'graph' {
  const fromState =
    readsOutputsFromState(session) &&
    rendered.length > 0 &&
    rendered.every(({ backend }) => backend === 's3');
  return fromState ? 'any' : 'graph';
}
