import { z } from 'zod';
import { findEntry, withEntry } from './access-entries.ts';
import {
  answer,
  type EksContext,
  type EksRequest,
  invalidParameter,
  invalidRequest,
  notFound,
  type Outcome,
  parseBody,
} from './handler.ts';
import type { Store } from './store.ts';
import { accessPolicyNames } from './version-data.ts';

const policyPrefix = 'arn:aws:eks::aws:cluster-access-policy/';

const associateInput = z.object({
  policyArn: z.string(),
  accessScope: z.object({
    type: z.enum(['cluster', 'namespace']),
    namespaces: z.array(z.string()).default([]),
  }),
});

export function associateAccessPolicy(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findEntry(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(associateInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const { policyArn, accessScope } = parsed.value;
  if (!accessPolicyNames.some((name) => policyArn === `${policyPrefix}${name}`)) {
    return invalidParameter('The policyArn parameter format is not valid');
  }
  if (accessScope.type === 'namespace' && accessScope.namespaces.length === 0) {
    return invalidParameter('Namespaces must be given for an access scope of type namespace');
  }
  if (found.entry.type !== 'STANDARD') {
    return invalidRequest(
      `Access policies cannot be associated with an entry of type ${found.entry.type}`,
    );
  }
  const before = found.entry.policies.find((each) => each.policyArn === policyArn);
  const policy = {
    policyArn,
    accessScope,
    associatedAt: before?.associatedAt ?? context.now,
    modifiedAt: context.now,
  };
  const others = found.entry.policies.filter((each) => each.policyArn !== policyArn);
  const entry = { ...found.entry, policies: [...others, policy] };
  return answer(withEntry(store, found, entry), {
    clusterName: found.record.fields.name,
    principalArn: entry.principalArn,
    associatedAccessPolicy: policy,
  });
}

export function listAssociatedAccessPolicies(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findEntry(context, store, request);
  if (found.kind === 'refused') return found;
  return answer(store, {
    clusterName: found.record.fields.name,
    principalArn: found.entry.principalArn,
    associatedAccessPolicies: found.entry.policies,
  });
}

export function disassociateAccessPolicy(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findEntry(context, store, request);
  if (found.kind === 'refused') return found;
  const policyArn = request.params.policy ?? '';
  const policies = found.entry.policies.filter((each) => each.policyArn !== policyArn);
  if (policies.length === found.entry.policies.length) {
    return notFound(`No associated access policy found: ${policyArn}`);
  }
  return answer(withEntry(store, found, { ...found.entry, policies }), {});
}

export function listAccessPolicies(
  _context: EksContext,
  store: Store,
  _request: EksRequest,
): Outcome {
  const accessPolicies = accessPolicyNames.map((name) => ({ name, arn: `${policyPrefix}${name}` }));
  return answer(store, { accessPolicies });
}
