import type { Clock } from '../../../host/host.ts';
import { parseDeployment, parseNode } from '../kubernetes-objects.ts';
import { type StandIn, sendPatches } from '../stand-in.ts';
import { judgePolicy, parseClusterPolicy, parseDaemonSet, policyPatch } from './cluster-policy.ts';
import { operatorLabels } from './operator-labels.ts';

const namespace = '/namespaces/gpu-operator';

/** Labels nodes and tells how the operands are; the operands themselves come with the chart here. */
export function createGpuOperator(clock: Pick<Clock, 'now'>): StandIn {
  return {
    name: 'gpu operator',
    reconcile: async (api) => {
      const deployment = await api.get(`/apis/apps/v1${namespace}/deployments/gpu-operator`);
      if (deployment === undefined) return false;
      if (parseDeployment(deployment).status.readyReplicas === 0) return false;
      // The operator knows one policy and ignores any other.
      const [policy] = await api.list('/apis/nvidia.com/v1/clusterpolicies');
      if (policy === undefined) return false;
      const nodes = (await api.list('/api/v1/nodes')).map(parseNode);
      // The operands' state counts as of the labels that are already there.
      const labelled = await sendPatches(api, operatorLabels(nodes));
      if (labelled) return true;
      const found = await api.list(`/apis/apps/v1${namespace}/daemonsets`);
      const clusterPolicy = parseClusterPolicy(policy);
      const verdict = judgePolicy(clusterPolicy, nodes, found.map(parseDaemonSet));
      const now = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
      return sendPatches(api, policyPatch(clusterPolicy, verdict, now));
    },
  };
}
