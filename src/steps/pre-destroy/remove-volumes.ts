import type { StepOutcome } from '../../domain/steps/step-outcome.ts';
import { describeVolumes } from '../../tools/aws/ec2.ts';
import { getObjects } from '../../tools/kubernetes/kubectl.ts';
import { podSchema } from '../../tools/kubernetes/objects/pod.ts';
import {
  persistentVolumeSchema,
  volumeClaimSchema,
} from '../../tools/kubernetes/objects/volume-claim.ts';
import type { Deadline } from '../deadline.ts';
import type { StepContext } from '../step-context.ts';
import { unanswered, unansweredByAws, type Verdict } from '../verdict.ts';
import { waitFor } from '../wait-for.ts';
import { deleteObjects } from './delete-objects.ts';
import {
  claimsThatDelete,
  ebsVolumesOf,
  endedHolders,
  judgeVolumes,
  type VolumeFacts,
} from './judge-volumes.ts';

/**
 * Deletes the claims whose volumes go with them, and waits until the volumes are gone: the driver that
 * deletes them goes with the cluster. A pod that runs and holds one is named and left alone; one that
 * has ended goes with its claim.
 */
export async function removeVolumes(
  context: StepContext,
  deadline: Deadline,
): Promise<StepOutcome> {
  let first: VolumeFacts | undefined;
  const next = 'kubectl get persistentvolumeclaims,persistentvolumes --all-namespaces';
  const outcome = await waitFor(context, { deadline, next }, async () => {
    const facts = await gather(context);
    if ('kind' in facts) return facts;
    first ??= facts;
    const refused = await deleteObjects(context, [
      ...claimsThatDelete(facts),
      ...endedHolders(facts),
    ]);
    if (refused !== undefined) return refused;
    const inAws = await stillInAws(context, ebsVolumesOf(first));
    return 'kind' in inAws ? inAws : judgeVolumes(first, facts, inAws.ids);
  });
  const acted = first !== undefined && claimsThatDelete(first).length > 0;
  return outcome.kind === 'passed' ? { ...outcome, acted } : outcome;
}

async function gather({ kubectl }: StepContext): Promise<VolumeFacts | Verdict> {
  const all = '--all-namespaces';
  const claims = await getObjects(kubectl, volumeClaimSchema, ['persistentvolumeclaims', all]);
  if (claims.kind === 'failed') return unanswered(claims.failure, 'claims');
  const volumes = await getObjects(kubectl, persistentVolumeSchema, ['persistentvolumes']);
  if (volumes.kind === 'failed') return unanswered(volumes.failure, 'volumes');
  const pods = await getObjects(kubectl, podSchema, ['pods', all]);
  if (pods.kind === 'failed') return unanswered(pods.failure, 'pods');
  return { claims: claims.items, volumes: volumes.items, pods: pods.items };
}

async function stillInAws(
  { aws }: StepContext,
  ids: readonly string[],
): Promise<{ readonly ids: readonly string[] } | Verdict> {
  if (ids.length === 0) return { ids };
  // By a filter: an id that is gone is left out of the answer and is no error.
  const answer = await aws.ask(describeVolumes({ 'volume-id': ids }));
  if (answer.kind === 'failed') return unansweredByAws(answer.failure, 'volumes');
  return { ids: answer.value.map(({ id }) => id) };
}
