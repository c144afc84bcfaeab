import type { StepOutcome } from '../../domain/steps/step-outcome.ts';
import { getObjects } from '../../tools/kubernetes/kubectl.ts';
import { podSchema } from '../../tools/kubernetes/objects/pod.ts';
import type { Deadline } from '../deadline.ts';
import type { StepContext } from '../step-context.ts';
import { hopeless, passed, unanswered, type Verdict } from '../verdict.ts';
import { waitFor } from '../wait-for.ts';
import { allGpusInUse } from './gpus-in-use.ts';
import { isUnschedulable, judgeSmokePod, smokePodManifest } from './smoke-pod.ts';

const MIN_LIFE_SECONDS = 60;

/**
 * Runs nvidia-smi in a pod of its own name and removes the pod, however it went: also at the deadline and
 * after a stop. A pod that could not be removed is a failure that says how. Where other pods hold every
 * GPU, none is waited for: they are the proof.
 */
export async function runSmokePod(
  context: StepContext,
  { namespace, image }: { readonly namespace: string; readonly image: string },
  deadline: Deadline,
): Promise<StepOutcome> {
  const name = `platform-gpu-check-${context.randomHex(4)}`;
  const secondsLeft = Math.ceil((deadline.endsAt - context.clock.now()) / 1000);
  const lifeSeconds = Math.max(MIN_LIFE_SECONDS, secondsLeft);
  const manifest = smokePodManifest({ namespace, name, image, lifeSeconds });
  let outcome: StepOutcome;
  let left: PodLeft | undefined;
  try {
    outcome = await createAndWatch(context, { namespace, name, manifest }, deadline);
  } finally {
    left = await remove(context, { namespace, name });
  }
  if (left === undefined || outcome.kind !== 'passed') return outcome;
  const summary = `${outcome.text}, but ${left.why}`;
  return { kind: 'failed', failure: { kind: 'failed', summary, next: left.next } };
}

async function createAndWatch(
  context: StepContext,
  pod: { readonly namespace: string; readonly name: string; readonly manifest: object },
  deadline: Deadline,
): Promise<StepOutcome> {
  const { kubectl } = context;
  const { namespace, name, manifest } = pod;
  let isCreated = false;

  async function look(): Promise<Verdict> {
    if (!isCreated) {
      const created = await kubectl.run(['create', '--filename=-'], {
        stdin: JSON.stringify(manifest),
      });
      // A conflict is a first answer that was lost on its way.
      if (created.kind === 'failed' && created.failure.kind !== 'conflict') {
        return refusedPod(created.failure);
      }
      isCreated = true;
    }
    const what = ['pods', name, `--namespace=${namespace}`];
    const found = await getObjects(kubectl, podSchema, what);
    if (found.kind === 'failed') return unanswered(found.failure, `the pod ${name}`);
    const [own] = found.items;
    if (own !== undefined && isUnschedulable(own) && (await allGpusInUse(kubectl))) {
      return passed('each in use by other pods: nvidia-smi was not run');
    }
    return judgeSmokePod(own, name);
  }

  return waitFor(context, { deadline, next: `kubectl get pods --namespace=${namespace}` }, look);
}

function refusedPod(failure: Parameters<typeof unanswered>[0]): Verdict {
  if (failure.kind === 'forbidden' || failure.kind === 'other' || failure.kind === 'not-found') {
    return hopeless(
      `a pod with a GPU cannot be made: ${failure.text}`,
      'without that proof: steps … gpu-check: { smokePod: false } in env.yaml',
    );
  }
  return unanswered(failure, 'making a pod with a GPU');
}

interface PodLeft {
  readonly why: string;
  /** Command that removes it. */
  readonly next: string;
}

/** Undefined when it is gone. */
async function remove(
  { kubectl, progress }: StepContext,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<PodLeft | undefined> {
  const where = `--namespace=${namespace}`;
  const args = ['delete', 'pod', name, where, '--ignore-not-found', '--wait=false'];
  const deleted = await kubectl.run(args, { evenWhenStopped: true });
  if (deleted.kind === 'done') return undefined;
  const why = `the pod ${namespace}/${name} could not be removed: ${deleted.failure.text}`;
  const next = `kubectl ${args.join(' ')}`;
  progress(`${why}; ${next}`);
  return { why, next };
}
