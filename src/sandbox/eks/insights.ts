import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  answer,
  type EksContext,
  type EksRequest,
  findCluster,
  type Outcome,
  parseBody,
} from './handler.ts';
import type { ClusterRecord, Store } from './store.ts';
import { findClusterVersion, minorSteps, versionsOfAddon } from './versions.ts';

const listInput = z.object({
  filter: z
    .object({
      categories: z.array(z.string()).optional(),
      kubernetesVersions: z.array(z.string()).optional(),
      statuses: z.array(z.string()).optional(),
    })
    .prefault({}),
});

interface Finding {
  readonly name: string;
  readonly description: string;
  readonly status: 'PASSING' | 'WARNING' | 'ERROR';
  readonly reason: string;
}

const category = 'UPGRADE_READINESS';

/**
 * What EKS finds about the upgrade to the next minor, from what the sandbox knows of a cluster: add-ons,
 * node groups and health. There is none where no next minor is offered.
 * https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html
 */
export function listInsights(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(listInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const { categories, kubernetesVersions, statuses } = parsed.value.filter;
  const next = nextMinor(found.record.fields.version);
  const isWanted = (list: readonly string[] | undefined, value: string) =>
    list === undefined || list.includes(value);
  const isAsked = isWanted(categories, category) && isWanted(kubernetesVersions, next);
  const findings =
    isAsked && findClusterVersion(next) !== undefined
      ? findingsOf(context, found.record, next)
      : [];
  const insights = findings
    .filter(({ status }) => isWanted(statuses, status))
    .map(({ name, description, status, reason }) => ({
      id: idOf(`${found.record.fields.arn} ${name}`),
      name,
      category,
      kubernetesVersion: next,
      lastRefreshTime: context.now,
      lastTransitionTime: found.record.fields.createdAt,
      description,
      insightStatus: { status, reason },
    }));
  return answer(store, { insights });
}

function nextMinor(version: string): string {
  const [major, minor] = version.split('.');
  return `${major}.${Number(minor) + 1}`;
}

function findingsOf(context: EksContext, record: ClusterRecord, next: string): Finding[] {
  return [addonFinding(record, next), kubeletFinding(record), healthFinding(context, record)];
}

function addonFinding({ addons }: ClusterRecord, next: string): Finding {
  const bad = Object.values(addons).filter(
    ({ name, version }) => !versionsOfAddon(name, next).includes(version),
  );
  return {
    name: 'EKS add-on version compatibility',
    description:
      'Checks version of installed EKS add-ons to ensure they are compatible with the next version of Kubernetes.',
    ...(bad.length === 0
      ? passing('All installed EKS add-on versions are compatible with next Kubernetes version.')
      : {
          status: 'ERROR',
          reason: `Add-ons not compatible with next Kubernetes version: ${bad.map(({ name }) => name).join(', ')}.`,
        }),
  };
}

function kubeletFinding({ fields, nodeGroups }: ClusterRecord): Finding {
  const old = Object.values(nodeGroups).filter(
    ({ version }) => minorSteps(version, fields.version) > 0,
  );
  return {
    name: 'Kubelet version skew',
    description:
      'Checks for kubelet versions of worker nodes in the cluster to see if upgrade would cause non compliance with supported Kubernetes kubelet version skew policy.',
    ...(old.length === 0
      ? passing('Node kubelet versions match the cluster control plane version.')
      : {
          status: 'WARNING',
          reason: `Node kubelet versions are behind the control plane: ${old.map(({ name }) => name).join(', ')}.`,
        }),
  };
}

function healthFinding(context: EksContext, { fields }: ClusterRecord): Finding {
  const issues = context.forced[`cluster/${fields.name}`]?.issues ?? [];
  return {
    name: 'Cluster health issues',
    description:
      'Checks for any cluster health issues that prevent successful upgrade to the next Kubernetes version on EKS.',
    ...(issues.length === 0
      ? passing('No cluster health issues detected.')
      : {
          status: 'ERROR',
          reason: `Health issues: ${issues.map(({ code }) => code).join(', ')}.`,
        }),
  };
}

function passing(reason: string): Pick<Finding, 'status' | 'reason'> {
  return { status: 'PASSING', reason };
}

/** The same finding keeps its id. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [0, 8, 12, 16, 20]
    .map((start, index) => hex.slice(start, [8, 12, 16, 20, 32][index]))
    .join('-');
}
