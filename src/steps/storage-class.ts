import { getObjects } from '../tools/kubernetes/kubectl.ts';
import {
  DEFAULT_CLASS_ANNOTATION,
  isDefaultClass,
  type StorageClass,
  storageClassSchema,
} from '../tools/kubernetes/objects/storage-class.ts';
import { nameList } from './name-list.ts';
import type { Step } from './step.ts';
import { hopeless, passed, unanswered, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

export const storageClassStep: Step<'storage-class'> = {
  name: 'storage-class',
  title: 'there is exactly one default StorageClass',
  defaultDeadlineSeconds: 120,
  intent: () => ({ does: 'waits until exactly one StorageClass is the default' }),
  run(context, _options, deadline) {
    return waitFor(context, { deadline, next: 'kubectl get storageclasses' }, async () => {
      const classes = await getObjects(context.kubectl, storageClassSchema, [
        'storageclasses.storage.k8s.io',
      ]);
      if (classes.kind === 'failed') return unanswered(classes.failure, 'StorageClasses');
      return judgeStorageClasses(classes.items);
    });
  },
};

/** None may still come with its driver; of two, no one goes by itself. */
export function judgeStorageClasses(classes: readonly StorageClass[]): Verdict {
  const names = classes.filter(isDefaultClass).map(({ metadata }) => metadata.name);
  const [only, second] = names;
  if (only === undefined) {
    const all = classes.length === 0 ? 'there is none at all' : allText(classes);
    return waiting(`no StorageClass is the default: ${all}`);
  }
  if (second === undefined) return passed(`StorageClass ${only} is the only default`);
  return hopeless(
    `${names.length} StorageClasses are the default: ${nameList(names)}`,
    `keep one: kubectl annotate storageclass ${only} ${DEFAULT_CLASS_ANNOTATION}-`,
  );
}

function allText(classes: readonly StorageClass[]): string {
  return `there are ${nameList(classes.map(({ metadata }) => metadata.name))}`;
}
