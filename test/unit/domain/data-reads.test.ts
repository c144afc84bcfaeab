import { expect, test } from 'vitest';
import { affectedReads } from '../../../src/domain/data-reads.ts';

test.each([
  'data.aws_arn.this',
  'data.aws_caller_identity.current',
  'data.aws_default_tags.this',
  'data.aws_iam_policy_document.trust',
  'data.aws_partition.current',
  'data.aws_region.current',
  'data.aws_service_principal.eks',
  'data.aws_region.current[0]',
  'data.aws_iam_policy_document.trust["a.b"]',
  'module.roles.data.aws_region.current',
  'module.roles["a.b"].module.inner[0].data.aws_partition.current[1]',
  'module.data.data.aws_region.current',
])('%s is what it is, whatever others make', (address) => {
  expect(affectedReads([address])).toEqual([]);
});

test.each([
  'data.aws_ami.eks',
  'data.aws_vpc.this',
  'data.aws_eks_cluster.this',
  'data.aws_iam_policy.admin',
  'data.aws_regions.all',
  'data.terraform_remote_state.network',
  'data.http.meta',
  'data.external.script["aws_region"]',
  'data.aws_ami.eks["data.aws_region.current"]',
  'data.aws_ami.aws_region',
  'module.eks.data.aws_ami.eks',
  'module.data.data.aws_ami.eks',
  'module.a["x.data.aws_region.y"].data.aws_ami.eks',
  'module.aws_region.data.aws_ami.eks',
  'nobody knows what this is',
])('%s may answer otherwise once others are applied', (address) => {
  expect(affectedReads([address])).toEqual([address]);
});

test('each is named once, by name, and what is not affected is left out', () => {
  expect(
    affectedReads(['data.http.b', 'data.aws_region.current', 'data.http.a', 'data.http.b']),
  ).toEqual(['data.http.a', 'data.http.b']);
});

test('without data sources there are none', () => {
  expect(affectedReads([])).toEqual([]);
});
