import type { Graph } from '../domain/graph.ts';
import { chooseParallelism } from '../domain/parallelism.ts';
import { withoutOrder } from '../domain/schedule.ts';
import { workThrough } from './run/queue.ts';
import type { Session } from './session.ts';

/** Asks every unit something, several at once; answers in the graph's order. */
export async function mapUnits<T>(
  session: Session,
  graph: Graph,
  ask: (unit: string) => Promise<T>,
): Promise<T[]> {
  const { host, workspace } = session;
  const answers = new Map<string, T>();
  const limit = chooseParallelism({
    asked: workspace.settings.parallelism,
    cores: host.machine.cores,
    availableMemoryBytes: await host.machine.availableMemoryBytes(),
  });
  await workThrough(withoutOrder(graph), limit, {
    isStopped: () => false,
    skip: async () => {},
    run: async (unit) => {
      answers.set(unit, await ask(unit));
      return 'succeeded';
    },
  });
  return graph.order.flatMap((unit) => answers.get(unit) ?? []);
}
