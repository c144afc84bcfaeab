import { expect, test } from 'vitest';
import { type ClusterState, known, unknown } from '../../../src/domain/cluster/cluster-state.ts';
import { clusterText } from '../../../src/ui/status-cluster.ts';
import { lastSteps } from '../../../src/ui/status-steps.ts';

const healthy: ClusterState = {
  kind: 'cluster',
  name: 'mlp-dev',
  status: 'ACTIVE',
  version: '1.34',
  healthIssues: [],
  support: known({ state: 'standard', until: '2026-12-02', daysLeft: 7 }),
  insights: known({ all: 4, open: [] }),
  addons: known([
    {
      name: 'coredns',
      status: 'ACTIVE',
      version: 'v1.12.3-eksbuild.1',
      defaultVersion: 'v1.12.3-eksbuild.1',
      latestVersion: 'v1.12.4-eksbuild.1',
      behind: 'latest',
    },
  ]),
  nodeGroups: known([{ name: 'general', status: 'ACTIVE', ready: 2, expected: 2 }]),
  gpus: known({ expected: 1, allocatable: 1, inUse: 0 }),
  mesh: known({ versions: ['1.28.1'], proxies: 1, differing: [] }),
};

test('a healthy cluster, a line each', () => {
  expect(clusterText(healthy).split('\n')).toEqual([
    '',
    'cluster mlp-dev: ACTIVE',
    '  version   Kubernetes 1.34, standard support until 2026-12-02, 7 days',
    '  insights  4 of 4 pass',
    '  add-ons   1 installed, 1 behind',
    '            coredns v1.12.3-eksbuild.1: newest v1.12.4-eksbuild.1',
    '  nodes     general: 2 of 2 ready',
    '  GPUs      1 expected, 1 allocatable, 0 in use',
    '  mesh      istiod 1.28.1, 1 proxy, 0 of another version',
    '',
  ]);
});

test('what is not well is said in no more than 80 columns', () => {
  const [addon] =
    healthy.kind === 'cluster' && healthy.addons.kind === 'known' ? healthy.addons.value : [];
  if (addon === undefined) throw new Error('no add-on in the sample');
  const text = clusterText({
    ...healthy,
    healthIssues: ['Ec2SubnetNotFound: a subnet is gone'],
    support: known({ state: 'extended', until: '2027-12-02', daysLeft: 370 }),
    insights: known({
      all: 4,
      open: [
        {
          name: 'Kubelet version skew',
          status: 'WARNING',
          reason: 'Node(s) with kubelet version(s) beyond the supported skew were detected in it',
          kubernetes: '1.35',
        },
      ],
    }),
    addons: known([{ ...addon, status: 'DEGRADED', behind: 'default' }]),
    nodeGroups: known([{ name: 'gpu', status: 'DEGRADED', ready: 0, expected: 1 }]),
    mesh: known({
      versions: ['1.28.1'],
      proxies: 2,
      differing: [{ pod: 'istio-ingress/istio-ingress-1', version: 'auto' }],
    }),
  });
  expect(text.split('\n')).toEqual([
    '',
    'cluster mlp-dev: ACTIVE',
    '  health    Ec2SubnetNotFound: a subnet is gone',
    '  version   Kubernetes 1.34, in extended support until 2027-12-02, 370 days: it',
    '            costs more',
    '  insights  1 of 4 do not pass',
    '            WARNING Kubelet version skew (for 1.35): Node(s) with kubelet',
    '            version(s) beyond the supported skew were detected in it',
    '  add-ons   1 installed, 1 behind',
    '            coredns is DEGRADED',
    '            coredns v1.12.3-eksbuild.1: default v1.12.3-eksbuild.1, newest',
    '            v1.12.4-eksbuild.1',
    '  nodes     gpu: 0 of 1 ready, DEGRADED',
    '  GPUs      1 expected, 1 allocatable, 0 in use',
    '  mesh      istiod 1.28.1, 2 proxies, 1 of another version',
    '            istio-ingress/istio-ingress-1: auto',
    '',
  ]);
});

test('what nobody could read is a question mark with its reason, and never 0', () => {
  const why = unknown('connection refused');
  const text = clusterText({
    ...healthy,
    insights: unknown('AccessDenied'),
    nodeGroups: known([{ name: 'general', status: 'ACTIVE', ready: null, expected: 2 }]),
    gpus: why,
    mesh: why,
  });
  expect(text).toContain('  insights  ? (AccessDenied)\n');
  expect(text).toContain('  nodes     general: ? of 2 ready\n');
  expect(text).toContain('  GPUs      ? (connection refused)\n');
  expect(text).toContain('  mesh      ? (connection refused)\n');
});

test('no cluster: said, or nothing where none was named', () => {
  expect(clusterText({ kind: 'absent', name: 'c' })).toBe('\ncluster c: not there\n');
  expect(clusterText({ kind: 'unreadable', name: 'c', why: 'AccessDenied' })).toBe(
    '\ncluster c: unreadable: AccessDenied\n',
  );
  expect(clusterText(undefined)).toBe('');
});

test('last steps: a row each, cut at 80 columns; nothing where there was none', () => {
  const step = {
    step: 'nodes',
    result: 'passed',
    text: '3 of 3 nodes ready',
    at: '2026-11-25T08:00:00Z',
  };
  const text = lastSteps([
    { unit: 'vpc', lastSteps: [] },
    { unit: 'eks', lastSteps: [step, { ...step, step: 'addons', text: 'x'.repeat(99) }] },
  ]);
  const [blank, head, first, second] = text.split('\n');
  expect(blank).toBe('');
  expect(head).toBe('UNIT  STEP    LAST RUN FROM HERE');
  expect(first).toBe('eks   nodes   2026-11-25T08:00Z  passed  3 of 3 nodes ready');
  expect(second).toHaveLength(80);
  expect(lastSteps([{ unit: 'vpc', lastSteps: [] }])).toBe('');
});
