import type { EksNodeGroup } from '../tools/aws/eks-reader.ts';
import { getObjects } from '../tools/kubernetes/kubectl.ts';
import { conditionOf, holds } from '../tools/kubernetes/objects/condition.ts';
import { type KubeNode, nodeGroupOf, nodeSchema } from '../tools/kubernetes/objects/node.ts';
import { nameList } from './name-list.ts';
import type { Step } from './step.ts';
import { hopeless, passed, unanswered, unansweredByAws, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

export const nodesStep: Step<'nodes'> = {
  name: 'nodes',
  title: 'as many nodes are Ready as the EKS node groups want',
  defaultDeadlineSeconds: 600,
  intent: () => ({ does: 'waits until each EKS node group has as many Ready nodes as it wants' }),
  run(context, _options, deadline) {
    const { eks, kubectl, cluster, signal } = context;
    return waitFor(context, { deadline, next: 'kubectl get nodes' }, async () => {
      const groups = await eks.nodeGroups(signal);
      if (groups.kind === 'failed') return unansweredByAws(groups.failure, 'node groups');
      if (groups.kind === 'absent') return hopeless(`there is no EKS cluster "${cluster}"`);
      const nodes = await getObjects(kubectl, nodeSchema, ['nodes']);
      if (nodes.kind === 'failed') return unanswered(nodes.failure, 'nodes');
      return judgeNodes(nodes.items, groups.value);
    });
  },
};

/** More than a group wants is no fault: an update adds nodes before it takes the old ones away. */
export function judgeNodes(
  nodes: readonly KubeNode[],
  groups: readonly Pick<EksNodeGroup, 'name' | 'desiredSize'>[],
): Verdict {
  const wanted = groups.reduce((sum, { desiredSize }) => sum + desiredSize, 0);
  const counted = groups.map(({ name, desiredSize }) => {
    const own = nodes.filter((node) => nodeGroupOf(node) === name);
    const ready = own.filter(isReady);
    return { name, desiredSize, own, readyCount: Math.min(ready.length, desiredSize) };
  });
  const ready = counted.reduce((sum, { readyCount }) => sum + readyCount, 0);
  if (ready === wanted) return passed(`${ready} of ${wanted} nodes ready`);
  const causes = counted
    .filter(({ readyCount, desiredSize }) => readyCount < desiredSize)
    .flatMap(({ name, desiredSize, own }) => [
      ...own.filter((node) => !isReady(node)).map(notReadyText),
      ...(own.length < desiredSize
        ? [`${desiredSize - own.length} of node group "${name}" not registered`]
        : []),
    ]);
  return waiting(`${ready} of ${wanted} nodes ready: ${nameList(causes)}`);
}

export function isReady({ status }: KubeNode): boolean {
  return holds(status.conditions, 'Ready');
}

export function notReadyText(node: KubeNode): string {
  const reason = conditionOf(node.status.conditions, 'Ready')?.reason;
  return `${node.metadata.name} (${reason || 'no status yet'})`;
}
