import { expect, test } from 'vitest';
import { type CloudResource, type LeftoverScope, leftovers } from '../../../src/domain/leftover.ts';

const scope: LeftoverScope = {
  cluster: 'mlp-dev',
  environment: 'dev',
  project: 'mlp',
  region: 'eu-central-1',
  heldUnits: ['vpc'],
};

const volume = (tags: CloudResource['tags']): CloudResource => ({
  kind: 'volume',
  id: 'vol-1',
  about: '8 GiB, available',
  tags,
});

const unitTags = (unit: string, environment = 'dev', project = 'mlp') => ({
  'managed-by': 'terragrunt',
  environment,
  project,
  unit,
});

test.each([
  [{ 'elbv2.k8s.aws/cluster': 'mlp-dev' }, 'tag elbv2.k8s.aws/cluster=mlp-dev'],
  [{ 'elbv2.k8s.aws/cluster': 'mlp-dev-2' }, undefined],
  [{ 'kubernetes.io/cluster/mlp-dev': 'owned' }, 'tag kubernetes.io/cluster/mlp-dev=owned'],
  // The VPC's own subnets and groups say so: many clusters may use them.
  [{ 'kubernetes.io/cluster/mlp-dev': 'shared' }, undefined],
  [{ 'cluster.k8s.amazonaws.com/name': 'mlp-dev' }, 'tag cluster.k8s.amazonaws.com/name=mlp-dev'],
  [{ 'aws:eks:cluster-name': 'mlp-dev' }, 'tag aws:eks:cluster-name=mlp-dev'],
  [unitTags('dev/eks'), 'tags environment=dev, unit=dev/eks'],
  [unitTags('dev/vpc'), undefined],
  [unitTags('prod/eks', 'prod'), undefined],
  [unitTags('dev/eks', 'dev', 'other'), undefined],
  [{ environment: 'dev', project: 'mlp', unit: 'dev/eks' }, undefined],
  [{ ...unitTags('dev/vpc'), 'kubernetes.io/cluster/mlp-dev': 'owned' }, undefined],
  [{}, undefined],
])('a volume with %j: %s', (tags, why) => {
  expect(leftovers([volume(tags as CloudResource['tags'])], scope)[0]?.why).toBe(why);
});

test('a log group is known by its name, and not by the beginning of another one', () => {
  const group = (id: string): CloudResource => ({ kind: 'log group', id, about: '', tags: {} });
  const found = leftovers([group('/aws/eks/mlp-dev/cluster'), group('/aws/eks/mlp-dev2/x')], scope);
  expect(found).toEqual([
    {
      kind: 'log group',
      id: '/aws/eks/mlp-dev/cluster',
      about: '',
      why: 'name /aws/eks/mlp-dev/…',
      remove:
        'aws logs delete-log-group --log-group-name=/aws/eks/mlp-dev/cluster --region=eu-central-1',
    },
  ]);
});
