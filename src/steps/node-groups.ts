import type { EksAnswer } from '../tools/aws/eks-client.ts';
import type { EksNodeGroup } from '../tools/aws/eks-reader.ts';
import { issuesText } from './health-issues.ts';
import { nameList } from './name-list.ts';
import type { Step } from './step.ts';
import { firstOpen, hopeless, passed, unansweredByAws, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

export const nodeGroupsStep: Step<'node-groups'> = {
  name: 'node-groups',
  title: 'every EKS node group is ACTIVE',
  defaultDeadlineSeconds: 900,
  intent: () => ({ does: 'waits until every EKS node group is ACTIVE without a health issue' }),
  run(context, _options, deadline) {
    const { eks, cluster, signal } = context;
    const next = `aws eks list-nodegroups --cluster-name=${cluster}`;
    return waitFor(context, { deadline, next }, async () =>
      judgeNodeGroups(await eks.nodeGroups(signal), cluster),
    );
  },
};

/** Statuses: https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html */
const LOST = new Set(['CREATE_FAILED', 'DELETE_FAILED', 'DELETING']);

/**
 * Issues that stay until a person changes something: permissions and what is named but does not fit or
 * does not exist. All others (no capacity, limits, throttling, nodes that did not join in time) AWS
 * tries again and again: https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html
 */
const STAYS =
  /^(AccessDenied|Ec2InstanceTypeDoesNotExist|Ec2LaunchTemplateVersionMismatch|Ec2SubnetMissingIpv6Assignment|Ec2SubnetListTooLong|KubernetesLabelInvalid|AutoScalingGroupOptInRequired|.*NotFound|.*InvalidConfiguration)$/;

export function judgeNodeGroups(
  answer: EksAnswer<readonly EksNodeGroup[]>,
  cluster: string,
): Verdict {
  if (answer.kind === 'failed') return unansweredByAws(answer.failure, 'node groups');
  if (answer.kind === 'absent') return hopeless(`there is no EKS cluster "${cluster}"`);
  const groups = answer.value;
  const open = firstOpen(groups.map(judgeNodeGroup));
  if (open !== undefined) return open;
  const names = groups.length === 0 ? '' : `: ${nameList(groups.map(({ name }) => name))}`;
  return passed(`${groups.length} of ${groups.length} node groups ACTIVE${names}`);
}

function judgeNodeGroup({ name, status, issues }: EksNodeGroup): Verdict {
  const isGood = status === 'ACTIVE' && issues.length === 0;
  if (isGood) return passed(`node group ${name} is ACTIVE`);
  const why = issues.length === 0 ? '' : `: ${issuesText(issues)}`;
  const text = `node group "${name}" is ${status}${why}`;
  const stays = LOST.has(status) || issues.some(({ code }) => STAYS.test(code));
  return stays ? hopeless(text, 'correct what it names, then apply its unit again') : waiting(text);
}
