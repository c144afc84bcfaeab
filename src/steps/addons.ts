import type { EksAnswer } from '../tools/aws/eks-client.ts';
import type { EksAddon } from '../tools/aws/eks-reader.ts';
import { issuesText } from './health-issues.ts';
import { nameList } from './name-list.ts';
import type { Step } from './step.ts';
import { firstOpen, hopeless, passed, unansweredByAws, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

export const addonsStep: Step<'addons'> = {
  name: 'addons',
  title: 'every EKS add-on is ACTIVE',
  defaultDeadlineSeconds: 600,
  intent: () => ({ does: 'waits until every EKS add-on is ACTIVE without a health issue' }),
  run(context, _options, deadline) {
    const { eks, cluster, signal } = context;
    const next = `aws eks list-addons --cluster-name=${cluster}`;
    return waitFor(context, { deadline, next }, async () =>
      judgeAddons(await eks.addons(signal), cluster),
    );
  },
};

/** Statuses: https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html */
const LOST = new Set(['CREATE_FAILED', 'UPDATE_FAILED', 'DELETE_FAILED', 'DELETING']);

/** Issues that stay until a person changes something: https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonIssue.html */
const STAYS = new Set([
  'AccessDenied',
  'AddonPermissionFailure',
  'AddonSubscriptionNeeded',
  'ConfigurationConflict',
  'UnsupportedAddonModification',
]);

export function judgeAddons(answer: EksAnswer<readonly EksAddon[]>, cluster: string): Verdict {
  if (answer.kind === 'failed') return unansweredByAws(answer.failure, 'add-ons');
  if (answer.kind === 'absent') return hopeless(`there is no EKS cluster "${cluster}"`);
  const addons = answer.value;
  const open = firstOpen(addons.map((addon) => judgeAddon(addon, cluster)));
  if (open !== undefined) return open;
  const names = addons.length === 0 ? '' : `: ${nameList(addons.map(({ name }) => name))}`;
  return passed(`${addons.length} of ${addons.length} add-ons ACTIVE${names}`);
}

/** The AWS provider says only that an add-on is degraded; the cause is in `DescribeAddon`. */
function judgeAddon({ name, status, issues }: EksAddon, cluster: string): Verdict {
  if (status === 'ACTIVE' && issues.length === 0) return passed(`add-on ${name} is ACTIVE`);
  const why = issues.length === 0 ? '' : `: ${issuesText(issues)}`;
  const text = `add-on "${name}" is ${status}${why}`;
  const stays = LOST.has(status) || issues.some(({ code }) => STAYS.has(code));
  const next = `aws eks describe-addon --cluster-name=${cluster} --addon-name=${name}`;
  return stays ? hopeless(text, next) : waiting(text);
}
