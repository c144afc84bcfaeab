import type { RunRecord } from '../../../src/domain/run-record.ts';
import { none, resource, runRecord, unitRecord } from './records.ts';

const settled = { phase: 'plan', startedAt: '2026-11-22T10:41:00.000Z', durationMs: 4000 } as const;
const ran = { durationMs: 12_000, phases: [settled] };
const known = { ...ran, plan: { phase: 'plan', sha256: 'f00', inputs: 'ba5' } } as const;

const replaced = resource({
  address: 'module.node_groups["gpu"].aws_eks_node_group.this["a10"]',
  type: 'aws_eks_node_group',
  actions: ['replace'],
  order: 'destroy-first',
  forcedBy: ['ami_type'],
  attributes: ['ami_type', 'arn', 'id'],
  values: [{ attribute: 'ami_type', before: 'AL2_x86_64_GPU', after: 'AL2023_x86_64_NVIDIA' }],
});

const upgraded = resource({
  address: 'module.eks.aws_eks_cluster.this[0]',
  type: 'aws_eks_cluster',
  actions: ['update'],
  attributes: ['platform_version', 'version'],
  values: [{ attribute: 'version', before: '1.32', after: '1.33' }],
});

/** A plan with one of everything that a person must see. */
export const plannedRun: RunRecord = runRecord(
  [
    unitRecord('vpc', {
      ...known,
      label: 'no-changes',
      result: 'planned',
      isEmpty: true,
      changes: none,
    }),
    unitRecord('kms', {
      ...known,
      label: 'no-changes',
      result: 'planned',
      isEmpty: true,
      changes: none,
    }),
    unitRecord('acm-cert', {
      ...ran,
      label: 'unknown',
      result: 'failed',
      reason: 'the plan failed',
      failure: {
        kind: 'failed',
        summary:
          'AccessDenied: User: arn:aws:sts::111122223333:assumed-role/ci is not authorized to perform: route53:ListHostedZones',
        address: 'data.aws_route53_zone.public',
        next: 'read it all: platform logs acm-cert',
      },
    }),
    unitRecord('eks', {
      ...known,
      label: 'exact',
      result: 'planned',
      changes: { ...none, change: 1 },
      resources: [upgraded],
    }),
    unitRecord('node-groups', {
      ...known,
      label: 'provisional',
      reason: 'eks.id changes',
      pending: ['eks.id changes'],
      result: 'planned',
      changes: { ...none, add: 1, replace: 1 },
      resources: [replaced, resource({ address: 'aws_launch_template.new' })],
    }),
    unitRecord('rds-mlflow', {
      ...known,
      label: 'exact',
      result: 'planned',
      isNew: true,
      changes: { ...none, add: 16 },
      resources: [resource({ address: 'aws_db_instance.this', type: 'aws_db_instance' })],
    }),
    unitRecord('mlflow', {
      ...known,
      label: 'mocked',
      reason: 'rds-mlflow has no outputs yet',
      result: 'planned',
      isNew: true,
      changes: { ...none, add: 9 },
      resources: [resource({ address: 'helm_release.mlflow', type: 'helm_release' })],
    }),
  ],
  { exitCode: 1 },
);

/** An apply in which a unit failed and its dependents were blocked. */
export const failedApply: RunRecord = runRecord(
  [
    unitRecord('vpc', {
      ...known,
      label: 'no-changes',
      result: 'unchanged',
      isEmpty: true,
      changes: none,
    }),
    unitRecord('rds-mlflow', {
      ...known,
      label: 'exact',
      result: 'applied',
      isNew: true,
      changes: { ...none, add: 16 },
      done: 16,
    }),
    unitRecord('eks', {
      ...known,
      label: 'exact',
      result: 'failed',
      changes: { ...none, change: 1 },
      resources: [upgraded],
      failure: {
        kind: 'locked',
        summary: 'Error acquiring the state lock',
        next: 'see who holds it: platform logs eks',
      },
      phases: [settled, { ...settled, phase: 'apply' }],
    }),
    unitRecord('node-groups', {
      ...known,
      label: 'provisional',
      result: 'skipped',
      reason: 'blocked by eks',
      blockedBy: ['eks'],
      changes: null,
    }),
  ],
  { command: 'apply', exitCode: 4 },
);

/** The first apply, cut off by Ctrl-C. */
export const stoppedApply: RunRecord = runRecord(
  [
    unitRecord('vpc', {
      ...known,
      label: 'exact',
      result: 'applied',
      changes: { ...none, add: 20 },
      done: 20,
    }),
    unitRecord('eks', {
      ...known,
      label: 'exact',
      result: 'interrupted',
      changes: { ...none, add: 3 },
      resources: ['a', 'b', 'c'].map((name) => resource({ address: `aws_eks_addon.${name}` })),
      done: 2,
      phases: [settled, { ...settled, phase: 'apply' }],
    }),
    unitRecord('node-groups', {
      label: 'provisional',
      result: 'not-started',
      changes: { ...none, add: 4 },
    }),
  ],
  { command: 'apply', exitCode: 130, interruptedBy: 'SIGINT' },
);
