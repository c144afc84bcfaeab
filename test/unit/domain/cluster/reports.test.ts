import { expect, test } from 'vitest';
import { reportAddons } from '../../../../src/domain/cluster/addon-versions.ts';
import { supportOf } from '../../../../src/domain/cluster/cluster-version.ts';
import { reportGpus } from '../../../../src/domain/cluster/gpu-report.ts';
import { reportMesh } from '../../../../src/domain/cluster/mesh-report.ts';
import { reportNodeGroups } from '../../../../src/domain/cluster/node-report.ts';

const at = (date: string) => Date.parse(`${date}T00:00:00Z`);

test('support: until when it is in, and over when EKS does not offer it', () => {
  const offered = [
    {
      version: '1.34',
      support: 'standard' as const,
      standardSupportEnds: at('2026-12-02'),
      extendedSupportEnds: at('2027-12-02'),
    },
    {
      version: '1.33',
      support: 'extended' as const,
      standardSupportEnds: at('2026-07-29'),
      extendedSupportEnds: at('2027-07-29'),
    },
  ];
  const now = at('2026-11-25');
  expect(supportOf('1.34', offered, now)).toEqual({
    state: 'standard',
    until: '2026-12-02',
    daysLeft: 7,
  });
  expect(supportOf('1.33', offered, now)).toMatchObject({
    state: 'extended',
    until: '2027-07-29',
  });
  expect(supportOf('1.20', offered, now)).toEqual({ state: 'ended', until: null, daysLeft: null });
});

test.each([
  ['v1.11.4-eksbuild.2', null],
  ['v1.11.4-eksbuild.24', null],
  ['v1.11.3-eksbuild.9', 'default'],
  ['v1.12.0-eksbuild.1', null],
])('an add-on of version %s is behind: %s', (version, behind) => {
  const offered = {
    name: 'coredns',
    versions: ['v1.11.4-eksbuild.2', 'v1.11.3-eksbuild.10'],
    defaultVersion: 'v1.11.3-eksbuild.10',
  };
  const [report] = reportAddons([{ name: 'coredns', status: 'ACTIVE', version }], [offered]);
  expect(report?.behind).toBe(behind);
});

test('an add-on between default and newest is behind the newest; an unknown one is behind nothing', () => {
  const offered = { name: 'a', versions: ['v1.3', 'v1.2', 'v1.1'], defaultVersion: 'v1.1' };
  const installed = [
    { name: 'a', status: 'ACTIVE', version: 'v1.2' },
    { name: 'b', status: 'ACTIVE', version: 'v1.2' },
  ];
  expect(reportAddons(installed, [offered]).map(({ behind }) => behind)).toEqual(['latest', null]);
  expect(reportAddons(installed, [offered])[1]).toMatchObject({ latestVersion: null });
});

const groups = [
  { name: 'general', status: 'ACTIVE', desiredSize: 2 },
  { name: 'gpu', status: 'ACTIVE', desiredSize: 1 },
];
const nodes = [
  { group: 'general', isReady: true, gpus: 0 },
  { group: 'general', isReady: false, gpus: 0 },
  { group: 'gpu', isReady: true, gpus: 4 },
  { group: undefined, isReady: true, gpus: 0 },
];

test('nodes: ready ones of each group; nobody knows them without an API server', () => {
  expect(reportNodeGroups(groups, nodes).map(({ ready, expected }) => [ready, expected])).toEqual([
    [1, 2],
    [1, 1],
  ]);
  expect(reportNodeGroups(groups, undefined)[0]?.ready).toBeNull();
});

test('GPUs: what was promised, what the nodes offer, what scheduled pods hold', () => {
  const pod = { phase: 'Running', isScheduled: true, requests: [1, 1], initRequests: [] };
  const pods = [
    pod,
    { ...pod, requests: [1], initRequests: [3] },
    { ...pod, isScheduled: false, phase: 'Pending' },
    { ...pod, phase: 'Succeeded' },
  ];
  expect(reportGpus(4, nodes, pods)).toEqual({
    expected: 4,
    allocatable: 4,
    inUse: 5,
  });
});

test('GPUs of a node that is not ready are not to be had', () => {
  const down = [{ group: 'gpu', isReady: false, gpus: 4 }];
  expect(reportGpus(4, down, []).allocatable).toBe(0);
});

test('mesh: proxies of a version that no control plane has', () => {
  const proxies = [
    { name: 'istio-ingress/a', image: 'docker.io/istio/proxyv2:1.28.1-distroless' },
    { name: 'istio-ingress/b', image: 'registry:5000/proxyv2:1.27.0@sha256:00' },
    { name: 'istio-ingress/c', image: 'auto' },
  ];
  expect(reportMesh(['docker.io/istio/pilot:1.28.1'], proxies)).toEqual({
    versions: ['1.28.1'],
    proxies: 3,
    differing: [
      { pod: 'istio-ingress/b', version: '1.27.0' },
      { pod: 'istio-ingress/c', version: 'auto' },
    ],
  });
  expect(reportMesh([], [])).toEqual({ versions: [], proxies: 0, differing: [] });
});
