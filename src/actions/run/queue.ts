import type { Graph } from '../../domain/graph.ts';
import { nextQueueStep, type QueueState } from '../../domain/schedule.ts';

export interface QueueWork {
  /** Resolves to whether dependents may start. */
  readonly run: (unit: string) => Promise<'succeeded' | 'failed'>;
  readonly skip: (unit: string, blockedBy: readonly string[]) => Promise<void>;
  /** True once nothing more may start. */
  readonly isStopped: () => boolean;
}

/** Works through a graph; resolves when everything that was started has ended. Units never started are returned. */
export async function workThrough(graph: Graph, limit: number, work: QueueWork): Promise<string[]> {
  const states = new Map<string, QueueState>();
  const running = new Set<Promise<void>>();
  for (;;) {
    if (!work.isStopped()) {
      const step = nextQueueStep(graph, states, limit);
      for (const unit of step.start) {
        states.set(unit, 'running');
        const job = work.run(unit).then((result) => {
          states.set(unit, result);
          running.delete(job);
        });
        running.add(job);
      }
      for (const { unit, blockedBy } of step.skip) {
        states.set(unit, 'skipped');
        await work.skip(unit, blockedBy);
      }
      // Work may have ended while a skip was told: what that sets free is not known yet.
      if (step.skip.length > 0) continue;
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  return graph.order.filter((unit) => !states.has(unit));
}
