import type { Graph } from '../domain/graph.ts';
import type { Host } from '../host/host.ts';
import type { Emit } from './emit.ts';
import { openTree } from './open-tree.ts';
import { openSession, type SessionInput } from './session.ts';

export async function readGraph(host: Host, input: SessionInput, emit: Emit): Promise<Graph> {
  const session = await openSession(host, input, emit, 'files');
  return (await openTree(session)).graph;
}
