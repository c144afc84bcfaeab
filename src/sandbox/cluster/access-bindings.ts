import type { ApiClient } from './api-client.ts';

const policyPrefix = 'arn:aws:eks::aws:cluster-access-policy/';

/**
 * What an access policy of cluster scope is in RBAC. EKS has an authorizer of its own; its policies are
 * made after Kubernetes' user-facing roles.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
const clusterRoles: Readonly<Record<string, string>> = {
  AmazonEKSAdminPolicy: 'admin',
  AmazonEKSEditPolicy: 'edit',
  AmazonEKSViewPolicy: 'view',
};

function groupName(policy: string): string {
  return `sandbox:access-policy:${policy}`;
}

/** The group that a policy of cluster scope puts its principal in; undefined for one that the sandbox does not play. */
export function groupOfPolicy(policyArn: string): string | undefined {
  const policy = policyArn.slice(policyPrefix.length);
  if (policy === 'AmazonEKSClusterAdminPolicy') return 'system:masters';
  return clusterRoles[policy] === undefined ? undefined : groupName(policy);
}

export async function makeAccessBindings(api: ApiClient): Promise<void> {
  for (const [policy, role] of Object.entries(clusterRoles)) {
    const name = groupName(policy);
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name }],
    };
    const path = `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${name}`;
    await api.patch(path, binding, 'apply');
  }
}
