import { expect, test } from 'vitest';
import { furnished, newContext } from './eks-calls.ts';

const list = (eks: ReturnType<typeof furnished>, filter?: object) => {
  const body = filter === undefined ? {} : { filter };
  const { insights } = eks.ok('POST /clusters/demo/insights', body) as {
    insights: { name: string; id: string; insightStatus: { status: string; reason: string } }[];
  };
  return insights;
};
const statuses = (eks: ReturnType<typeof furnished>) =>
  Object.fromEntries(list(eks).map(({ name, insightStatus }) => [name, insightStatus.status]));

test('a cluster that is as it should be passes, with the same ids each time', () => {
  const eks = furnished();
  expect(statuses(eks)).toEqual({
    'EKS add-on version compatibility': 'PASSING',
    'Kubelet version skew': 'PASSING',
    'Cluster health issues': 'PASSING',
  });
  expect(list(eks).map(({ id }) => id)).toEqual(list(eks).map(({ id }) => id));
});

test('an add-on that the next minor does not have is an error', () => {
  const eks = furnished();
  eks.ok('POST /clusters/demo/addons', { addonName: 'kube-proxy' });
  const [addons] = list(eks, { statuses: ['ERROR'] });
  expect(addons?.insightStatus.reason).toContain('kube-proxy');
});

test('nodes that are behind the control plane are a warning', () => {
  const eks = furnished();
  eks.ok('POST /clusters/demo/updates', { version: '1.33' });
  expect(statuses(eks)['Kubelet version skew']).toBe('WARNING');
});

test('an issue of the cluster is an error, and other categories have nothing', () => {
  const issues = [{ code: 'Ec2SubnetNotFound', message: 'gone' }];
  const eks = furnished(newContext({ forced: { 'cluster/demo': { status: 'ACTIVE', issues } } }));
  expect(statuses(eks)['Cluster health issues']).toBe('ERROR');
  expect(list(eks, { categories: ['MISCONFIGURATION'] })).toEqual([]);
  expect(eks.refused('POST /clusters/other/insights')).toContain('404');
});
