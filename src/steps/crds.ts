import { getObjects } from '../tools/kubernetes/kubectl.ts';
import { causeOf, conditionOf, holds } from '../tools/kubernetes/objects/condition.ts';
import {
  type CustomResourceDefinition,
  customResourceDefinitionSchema,
} from '../tools/kubernetes/objects/custom-resource-definition.ts';
import { nameList } from './name-list.ts';
import type { Step } from './step.ts';
import { passed, unanswered, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

export const crdsStep: Step<'crds'> = {
  name: 'crds',
  title: 'custom resource definitions are Established',
  defaultDeadlineSeconds: 120,
  intent: ({ names }) => ({
    does:
      names === undefined
        ? 'waits until every custom resource definition of the cluster is Established'
        : `waits until these custom resource definitions are Established: ${names.join(', ')}`,
  }),
  run(context, { names = [] }, deadline) {
    return waitFor(context, { deadline, next: 'kubectl get crds' }, async () => {
      const what = ['customresourcedefinitions.apiextensions.k8s.io', ...names];
      const found = await getObjects(context.kubectl, customResourceDefinitionSchema, what);
      if (found.kind === 'failed') return unanswered(found.failure, 'CRDs');
      return judgeCrds(found.items, names);
    });
  },
};

/** @param names which must be there; none: whatever is there, and that is something */
export function judgeCrds(
  found: readonly CustomResourceDefinition[],
  names: readonly string[],
): Verdict {
  const present = new Set(found.map(({ metadata }) => metadata.name));
  const absent = names.filter((name) => !present.has(name));
  const wanted = names.length === 0 ? found.length : names.length;
  if (absent.length > 0) {
    return waiting(`${absent.length} of ${wanted} CRDs not there: ${nameList(absent)}`);
  }
  if (found.length === 0) return waiting('there is no CRD');
  const open = found.filter(({ status }) => !isServed(status.conditions));
  if (open.length === 0) return passed(`${wanted} of ${wanted} CRDs established`);
  const causes = open.map(({ metadata, status }) => `${metadata.name} (${why(status.conditions)})`);
  return waiting(`${open.length} of ${wanted} CRDs not established: ${nameList(causes)}`);
}

type Conditions = CustomResourceDefinition['status']['conditions'];

function isServed(conditions: Conditions): boolean {
  return holds(conditions, 'NamesAccepted') && holds(conditions, 'Established');
}

/** Names that clash with another CRD's are the cause of all that follows. */
function why(conditions: Conditions): string {
  const names = conditionOf(conditions, 'NamesAccepted');
  return causeOf(names?.status === 'False' ? names : conditionOf(conditions, 'Established'));
}
