import { type Certificate, certificateSchema } from '../tools/kubernetes/objects/certificate.ts';
import { causeOf, conditionOf, holds } from '../tools/kubernetes/objects/condition.ts';
import { qualifiedNameOf } from '../tools/kubernetes/objects/metadata.ts';
import { getQualified } from './get-qualified.ts';
import { nameList } from './name-list.ts';
import type { Step } from './step.ts';
import { passed, unanswered, type Verdict, waiting } from './verdict.ts';
import { waitFor } from './wait-for.ts';

const RESOURCE = 'certificates.cert-manager.io';

export const certificateStep: Step<'certificate'> = {
  name: 'certificate',
  title: 'certificates are issued',
  defaultDeadlineSeconds: 900,
  intent: ({ certificates }) => ({
    does: `waits until cert-manager has issued ${certificates?.join(', ') ?? 'every Certificate'}`,
  }),
  run(context, { certificates = [] }, deadline) {
    const next = `kubectl get ${RESOURCE},orders,challenges --all-namespaces`;
    return waitFor(context, { deadline, next }, async () => {
      const found = await getQualified(context.kubectl, certificateSchema, RESOURCE, certificates);
      if (found.kind === 'objects') return judgeCertificates(found.items, certificates);
      if (found.failure.kind === 'no-such-kind') {
        return waiting(`the CRD ${RESOURCE} is not there: is cert-manager installed?`);
      }
      return unanswered(found.failure, 'Certificates');
    });
  },
};

/** @param names `<namespace>/<name>`; none: every one, and there must be one */
export function judgeCertificates(
  found: readonly Certificate[],
  names: readonly string[],
): Verdict {
  const present = new Set(found.map(qualifiedNameOf));
  const absent = names.filter((name) => !present.has(name));
  if (absent.length > 0) {
    return waiting(
      `${absent.length} of ${names.length} Certificates not there: ${nameList(absent)}`,
    );
  }
  if (found.length === 0) return waiting('there is no Certificate');
  const open = found.filter(({ status }) => !holds(status.conditions, 'Ready'));
  if (open.length === 0) return passed(`${found.length} of ${found.length} Certificates issued`);
  const causes = open.map((certificate) => {
    const cause = causeOf(conditionOf(certificate.status.conditions, 'Ready'));
    return `${qualifiedNameOf(certificate)} (${cause})`;
  });
  return waiting(`${open.length} of ${found.length} Certificates not issued: ${nameList(causes)}`);
}
