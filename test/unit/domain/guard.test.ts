import { expect, test } from 'vitest';
import { guardedChanges, guardOf, guardRefusals } from '../../../src/domain/guard.ts';
import type { ResourceChange } from '../../../src/domain/plan.ts';
import { changeOf, resource, runRecord, unitRecord } from '../support/records.ts';

type Actions = ResourceChange['actions'];

const guard = (
  type: string,
  actions: Actions,
  values: Readonly<Record<string, readonly [string, string]>> = {},
  address = `${type}.a`,
) => {
  const shown = Object.entries(values).map(([attribute, [before, after]]) => {
    return { attribute, before, after };
  });
  return guardOf({ ...changeOf(address, ...actions), type, values: shown });
};

test.each([
  ['aws_efs_file_system', ['delete'], 'data'],
  ['aws_efs_file_system', ['replace'], 'data'],
  ['aws_efs_file_system', ['replace', 'move'], 'data'],
  ['aws_efs_file_system', ['create'], undefined],
  ['aws_efs_file_system', ['update'], undefined],
  ['aws_efs_file_system', ['import'], undefined],
  ['aws_efs_file_system', ['move'], undefined],
  ['aws_efs_file_system', ['forget'], undefined],
  ['aws_efs_file_system', ['forget', 'create'], undefined],
  ['aws_iam_role', ['delete'], undefined],
  ['aws_iam_role', ['replace'], undefined],
] as const)('%s %j: %s', (type, actions, expected) => {
  expect(guard(type, actions)).toBe(expected);
});

test.each([
  'aws_db_instance',
  'aws_dynamodb_table',
  'aws_ebs_snapshot',
  'aws_ebs_volume',
  'aws_ecr_repository',
  'aws_eks_cluster',
  'aws_eks_node_group',
  'aws_elasticache_replication_group',
  'aws_fsx_lustre_file_system',
  'aws_fsx_ontap_file_system',
  'aws_fsx_openzfs_file_system',
  'aws_fsx_windows_file_system',
  'aws_kms_key',
  'aws_opensearch_domain',
  'aws_rds_cluster',
  'aws_route53_zone',
  'aws_s3_bucket',
  'aws_secretsmanager_secret',
  'aws_vpc',
])('%s holds data', (type) => {
  expect(guard(type, ['delete'])).toBe('data');
});

test('a rotated secret is a replaced version, and the secret stays', () => {
  expect(guard('aws_secretsmanager_secret_version', ['replace'])).toBeUndefined();
});

const CRD = '["apiextensions.k8s.io/CustomResourceDefinition/_/gateways.networking.istio.io"]';

test.each([
  ['kustomization_resource', `kustomization_resource.all${CRD}`, 'data'],
  ['kustomization_resource', 'kustomization_resource.all["apps/Deployment/a/b"]', undefined],
  ['kubectl_manifest', 'kubectl_manifest.customresourcedefinition_a', 'data'],
  ['kubernetes_manifest', 'kubernetes_manifest.CUSTOMRESOURCEDEFINITION["a"]', 'data'],
  ['kubernetes_manifest', 'kubernetes_manifest.gateway', undefined],
  ['terraform_data', 'terraform_data.customresourcedefinition', undefined],
] as const)('a definition is known by its address: %s %s', (type, address, expected) => {
  expect(guard(type, ['delete'], {}, address)).toBe(expected);
  expect(guard(type, ['update'], {}, address)).toBeUndefined();
  expect(guard(type, ['forget'], {}, address)).toBeUndefined();
});

test.each([
  ['helm_release.karpenter', {}, undefined],
  ['helm_release.karpenter_crd', {}, 'data'],
  ['module.charts["prometheus-operator-crds"].helm_release.this', {}, 'data'],
  ['helm_release.a', { chart: ['karpenter-crd', 'karpenter'] }, 'data'],
  ['helm_release.a', { chart: ['karpenter', 'karpenter-crd'] }, undefined],
  ['helm_release.a', { version: ['1.0.0', '2.0.0'] }, undefined],
] as const)(
  'a release takes CRDs along if its name says so: %s %j',
  (address, values, expected) => {
    expect(guard('helm_release', ['replace'], values, address)).toBe(expected);
  },
);

const version = { version: ['1.32', '1.33'] } as const;

test.each([
  ['aws_eks_cluster', ['update'], version, 'upgrade'],
  ['aws_eks_cluster', ['update', 'move'], version, 'upgrade'],
  ['aws_eks_cluster', ['update'], {}, undefined],
  ['aws_eks_cluster', ['replace'], version, 'data'],
  ['aws_eks_cluster', ['create'], {}, undefined],
  ['aws_eks_cluster', ['forget', 'create'], version, undefined],
  ['aws_eks_node_group', ['update'], version, undefined],
  ['aws_eks_node_group', ['update'], { release_version: ['1', '2'] }, undefined],
  ['aws_eks_addon', ['update'], { addon_version: ['1', '2'] }, undefined],
  ['helm_release', ['update'], version, 'upgrade'],
  ['helm_release', ['update'], { chart: ['a', 'b'] }, undefined],
  ['helm_release', ['replace'], version, undefined],
] as const)('%s %j %j: %s', (type, actions, values, expected) => {
  expect(guard(type, actions, values)).toBe(expected);
});

const unitOf = (unit: string, resources: readonly (readonly [string, string, Actions])[]) => ({
  unit,
  resources: resources.map(([address, type, actions]) => ({
    ...resource({ address, type, actions: [...actions] }),
    known: {},
  })),
});

const units = [
  unitOf('net/vpc', [
    ['aws_vpc.this', 'aws_vpc', ['delete']],
    ['aws_route.this', 'aws_route', ['delete']],
    ['aws_kms_key.logs', 'aws_kms_key', ['update']],
  ]),
  unitOf('storage', [
    ['aws_efs_file_system.a["x:y"]', 'aws_efs_file_system', ['replace', 'move']],
    ['aws_s3_bucket.state', 'aws_s3_bucket', ['forget']],
  ]),
];
const vpc = { unit: 'net/vpc', address: 'aws_vpc.this', action: 'delete' };
const efs = { unit: 'storage', address: 'aws_efs_file_system.a["x:y"]', action: 'replace' };

test.each([
  ['nothing is allowed', [], [vpc, efs], []],
  ['an address', ['aws_vpc.this'], [efs], []],
  ['a unit and an address', ['net/vpc:aws_vpc.this'], [efs], []],
  ['all of them', ['storage:aws_efs_file_system.a["x:y"]', 'aws_vpc.this'], [], []],
  ['an address with a colon', ['aws_efs_file_system.a["x:y"]'], [vpc], []],
  ['the address of another unit', ['storage:aws_vpc.this'], [vpc, efs], ['storage:aws_vpc.this']],
  ['a typing error', ['aws_vpc.thi', 'aws_vpc.this'], [efs], ['aws_vpc.thi']],
  ['the beginning of an address', ['aws_vpc', 'aws'], [vpc, efs], ['aws_vpc', 'aws']],
  ['a pattern', ['*', 'net/vpc:*', ''], [vpc, efs], ['*', 'net/vpc:*', '']],
  ['a delete that needs no leave', ['aws_route.this'], [vpc, efs], []],
  ['what is only updated', ['aws_kms_key.logs'], [vpc, efs], ['aws_kms_key.logs']],
  ['what is only forgotten', ['aws_s3_bucket.state'], [vpc, efs], ['aws_s3_bucket.state']],
] as const)('allowed: %s', (_, allowed, guarded, unknown) => {
  expect(guardedChanges(units, allowed)).toEqual({ guarded, unknown });
});

const twins = ['a', 'b'].map((name) => unitOf(name, [['aws_vpc.this', 'aws_vpc', ['delete']]]));

test.each([
  [['aws_vpc.this'], ['a', 'b']],
  [['a:aws_vpc.this'], ['b']],
  [['aws_vpc.this', 'b:aws_vpc.this'], ['a']],
  [['a:aws_vpc.this', 'b:aws_vpc.this'], []],
] as const)('an address that two units take away allows neither: %j', (allowed, left) => {
  const { guarded, unknown } = guardedChanges(twins, allowed);
  expect(guarded.map(({ unit }) => unit)).toEqual(left);
  expect(unknown).toEqual([]);
});

test('leave to end a thing is no leave to end what was deposed of it, and the other way round', () => {
  const deposed = 'aws_vpc.this (deposed ab12)';
  const both = [
    unitOf('vpc', [
      ['aws_vpc.this', 'aws_vpc', ['replace']],
      [deposed, 'aws_vpc', ['delete']],
    ]),
  ];
  const left = (allowed: string) =>
    guardedChanges(both, [allowed]).guarded.map(({ address }) => address);
  expect(left('aws_vpc.this')).toEqual([deposed]);
  expect(left(`vpc:${deposed}`)).toEqual(['aws_vpc.this']);
});

test('without units or changes nothing is refused, and every entry is unknown', () => {
  expect(guardedChanges([], ['aws_vpc.this'])).toEqual({ guarded: [], unknown: ['aws_vpc.this'] });
  expect(guardedChanges([unitOf('new', [])], [])).toEqual({ guarded: [], unknown: [] });
});

const bucket = resource({ address: 'aws_s3_bucket.a', type: 'aws_s3_bucket', actions: ['delete'] });
const going = unitRecord('one', { result: 'planned', label: 'exact', resources: [bucket] });
const refusals = (unit: typeof going, isProtected: boolean, ...allowed: string[]) =>
  guardRefusals(runRecord([unit], { protected: isProtected }), allowed);

test('a protected environment refuses, and names the flag that also holds what was allowed', () => {
  const two = { ...going, resources: [bucket, { ...bucket, address: 'aws_s3_bucket.b' }] };
  expect(refusals(two, true, 'one:aws_s3_bucket.b')).toEqual([
    {
      kind: 'guard',
      unit: 'one',
      why: '"dev" is protected, and this would delete aws_s3_bucket.a',
      next: "if you mean it, add: --allow-destroy 'one:aws_s3_bucket.b' 'one:aws_s3_bucket.a'",
    },
  ]);
  expect(refusals(going, true, 'one:aws_s3_bucket.a')).toEqual([]);
  expect(refusals(going, false)).toEqual([]);
});

test('what was planned on mocks is not asked about: it may take nothing away', () => {
  expect(refusals({ ...going, label: 'mocked' }, true)).toEqual([]);
});

test('a deleted unit may be named, and a typing error is told anywhere', () => {
  expect(refusals({ ...going, isDeleted: true }, false, 'one')).toEqual([]);
  const [refused] = refusals(going, false, 'one:aws_s3_bucket.c');
  expect(refused).toMatchObject({ unit: '', why: expect.stringContaining('nothing here takes') });
});
