import type { Graph } from '../domain/graph.ts';
import { mapAtMost } from './map-at-most.ts';
import { parallelismFor } from './parallelism-for.ts';
import type { Session } from './session.ts';

/** Asks every unit something, several at once; answers in the graph's order. */
export async function mapUnits<T>(
  session: Session,
  graph: Graph,
  ask: (unit: string) => Promise<T>,
): Promise<T[]> {
  return mapAtMost(await parallelismFor(session), graph.order, ask);
}
