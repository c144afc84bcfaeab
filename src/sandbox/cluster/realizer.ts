import type { Host } from '../../host/host.ts';
import type { Realization } from '../eks/handler.ts';
import type { Addon, ClusterRecord, NodeGroup } from '../eks/store.ts';
import type { EmulatorTarget } from '../gateway/emulator-query.ts';
import { addonObjects, pathOf } from './addon-objects.ts';
import type { ApiClient, KubeObject } from './api-client.ts';
import { drainAndRemove } from './drain.ts';
import { type GatheredFacts, gatherNodeFacts } from './node-facts.ts';
import {
  groupArnOf,
  type NodePlan,
  planNodes,
  readPresentNode,
  type WantedNodes,
} from './nodes.ts';

/** Makes a cluster what EKS was told: its nodes, and the objects of its add-ons. */
export interface Realizer {
  /** The cluster's record has changed, or may have. */
  tell(record: ClusterRecord): void;
  /** How far the cluster has become what the node group or add-on was told at `modifiedAt`. */
  realization(arn: string, modifiedAt: number): Realization;
  /** Resolves when it does nothing any more. */
  close(): Promise<void>;
}

export interface RealizerInput {
  readonly api: ApiClient;
  readonly emulator: EmulatorTarget;
  readonly onProblem: (text: string) => void;
}

const pollMs = 100;
const retryMs = 1_000;
/** How often EC2 is asked for a node group's facts before the group is said to have failed. */
const maxAttempts = 10;

interface Problem {
  readonly modifiedAt: number;
  readonly reason: string;
  readonly attempts: number;
  /** Nothing is tried again until the cluster's record changes. */
  readonly isFinal: boolean;
}

export function startRealizer(
  host: Pick<Host, 'clock'>,
  { api, emulator, onProblem }: RealizerInput,
  first: ClusterRecord,
): Realizer {
  let wanted = first;
  let closed = false;
  let wake: () => void = () => {};
  const done = new Map<string, number>();
  const problems = new Map<string, Problem>();
  /** Add-ons whose objects are there, by name. */
  const present = new Map<string, readonly KubeObject[]>();

  const isCurrent = (record: ClusterRecord) => !closed && wanted === record;

  async function realizeAddons(record: ClusterRecord): Promise<void> {
    for (const [name, objects] of present) {
      if (record.addons[name] !== undefined) continue;
      for (const object of objects) {
        await api.remove(pathOf(object), { propagationPolicy: 'Background' });
      }
      present.delete(name);
    }
    for (const addon of Object.values(record.addons)) {
      if (isDone(addon)) continue;
      const objects = addonObjects(addon, record.fields);
      for (const object of objects) await api.patch(pathOf(object), object, 'apply');
      present.set(addon.name, objects);
      done.set(addon.arn, addon.modifiedAt);
    }
  }

  function isDone({ arn, modifiedAt }: Addon | NodeGroup): boolean {
    return (done.get(arn) ?? 0) >= modifiedAt;
  }

  async function gather(record: ClusterRecord): Promise<WantedNodes[]> {
    const nodes: WantedNodes[] = [];
    for (const group of Object.values(record.nodeGroups)) {
      const gathered = await gatherNodeFacts(emulator, group);
      if (gathered.kind === 'failed') {
        noteProblem(group, gathered);
        continue;
      }
      problems.delete(group.arn);
      nodes.push({ group, facts: gathered.facts });
    }
    return nodes;
  }

  function noteProblem(
    { arn, modifiedAt }: NodeGroup,
    { reason, mayPass }: Extract<GatheredFacts, { kind: 'failed' }>,
  ): void {
    const before = problems.get(arn);
    const attempts = before?.modifiedAt === modifiedAt ? before.attempts + 1 : 1;
    const isFinal = !mayPass || attempts >= maxAttempts;
    problems.set(arn, { modifiedAt, reason, attempts, isFinal });
  }

  function hasToRetry(record: ClusterRecord): boolean {
    return Object.values(record.nodeGroups).some(({ arn }) => problems.get(arn)?.isFinal === false);
  }

  async function planFor(record: ClusterRecord): Promise<NodePlan> {
    const groups = await gather(record);
    const known = new Set(groups.map(({ group }) => group.arn));
    const unknown = (arn: string) =>
      !known.has(arn) && Object.values(record.nodeGroups).some((group) => group.arn === arn);
    const nodes = (await api.list('/api/v1/nodes')).map(readPresentNode);
    // A group of which EC2 tells nothing keeps what it has.
    const present = nodes.filter((node) => !unknown(groupArnOf(node) ?? ''));
    return planNodes(emulator.region, groups, present);
  }

  async function realizeNodes(record: ClusterRecord): Promise<void> {
    const plan = await planFor(record);
    const groups = Object.values(record.nodeGroups).filter((group) => plan.byGroup.has(group.arn));
    let waiting = groups.filter((group) => !isDone(group));
    const changed = new Set(waiting.flatMap((group) => plan.byGroup.get(group.arn) ?? []));
    for (const { name, object, status } of plan.apply.filter((node) => changed.has(node.name))) {
      await api.patch(`/api/v1/nodes/${name}`, object, 'apply');
      await api.patch(`/api/v1/nodes/${name}/status`, status, 'apply');
    }
    let leaving = plan.remove;
    // Group by group: one that does not come up keeps no other waiting.
    for (;;) {
      const ready = new Set((await api.list('/api/v1/nodes')).filter(isReady).map(nameOf));
      const isUp = ({ arn }: NodeGroup) =>
        plan.byGroup.get(arn)?.every((name) => ready.has(name)) === true;
      const up = waiting.filter(isUp);
      waiting = waiting.filter((group) => !isUp(group));
      const stays = ({ groupArn }: (typeof leaving)[number]) =>
        waiting.some((group) => group.arn === groupArn);
      for (const { name } of leaving.filter((node) => !stays(node))) {
        await drainAndRemove(api, name);
      }
      leaving = leaving.filter(stays);
      for (const group of up) done.set(group.arn, group.modifiedAt);
      if (waiting.length === 0 || hasToRetry(record) || !isCurrent(record)) return;
      await host.clock.sleep(pollMs);
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      const record = wanted;
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        await realizeAddons(record);
        await realizeNodes(record);
        if (!isCurrent(record)) continue;
        await (hasToRetry(record) ? Promise.race([changed, host.clock.sleep(retryMs)]) : changed);
      } catch (error) {
        if (closed) return;
        onProblem(error instanceof Error ? error.message : String(error));
        await Promise.race([changed, host.clock.sleep(retryMs)]);
      }
    }
  }

  const running = run();
  return {
    tell(record) {
      if (record === wanted) return;
      wanted = record;
      wake();
    },
    realization(arn, modifiedAt) {
      const problem = problems.get(arn);
      if (problem?.isFinal === true && problem.modifiedAt >= modifiedAt) {
        return { kind: 'failed', reason: problem.reason };
      }
      return { kind: (done.get(arn) ?? 0) >= modifiedAt ? 'done' : 'pending' };
    },
    async close() {
      closed = true;
      wake();
      await running;
    },
  };
}

function nameOf(object: KubeObject): string {
  return (object.metadata as { name: string }).name;
}

/** Ready, and the taint is off by which pods are kept away until it is. */
function isReady(node: KubeObject): boolean {
  const spec = node.spec as { taints?: { key: string }[] } | undefined;
  if (spec?.taints?.some((taint) => taint.key === 'node.kubernetes.io/not-ready') === true) {
    return false;
  }
  const status = node.status as { conditions?: { type: string; status: string }[] } | undefined;
  return (
    status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true
  );
}
