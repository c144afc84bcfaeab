import { expect, test } from 'vitest';
import { changedCluster } from '../../../src/domain/preflight/changed-cluster.ts';
import type { UnitRecord } from '../../../src/domain/run-record.ts';
import { resource, runRecord, unitRecord } from '../support/records.ts';

const planned = (type: string, ...actions: UnitRecord['resources'][number]['actions']) =>
  unitRecord('eks', { result: 'planned', resources: [resource({ type, actions })] });

test.each<[string, UnitRecord, string | undefined]>([
  ['a new cluster', planned('aws_eks_cluster', 'create'), 'eks'],
  ['a node group that grows', planned('aws_eks_node_group', 'update'), 'eks'],
  ['an add-on that is replaced', planned('aws_eks_addon', 'replace'), 'eks'],
  ['a node group that goes', planned('aws_eks_node_group', 'delete'), undefined],
  ['something else', planned('aws_vpc', 'create'), undefined],
  ['a plan that failed', { ...planned('aws_eks_cluster', 'create'), result: 'failed' }, undefined],
])('%s: asked about %#', (_, unit, expected) => {
  expect(changedCluster(runRecord([unitRecord('vpc'), unit]))).toBe(expected);
});
