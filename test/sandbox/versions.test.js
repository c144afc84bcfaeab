import { expect, test } from 'vitest';
import { addonVersions, clusterVersions } from '../../src/sandbox/eks/version-data.js';
import { EksCalls } from './eks-calls.js';

const everyPair = Object.keys(addonVersions).flatMap((addon) =>
  clusterVersions.map((cluster) => [addon, cluster.version]),
);
test.each(everyPair)('%s has versions and one default for Kubernetes %s', (addon, kubernetes) => {
  const path = `/addons/supported-versions?addonName=${addon}&kubernetesVersion=${kubernetes}`;
  const [shown] = new EksCalls().ok(`GET ${path}`).addons;
  expect(shown?.addonName).toBe(addon);
  const compatibilities = shown?.addonVersions.flatMap((each) => each.compatibilities) ?? [];
  expect(compatibilities.every((each) => each.clusterVersion === kubernetes)).toBe(true);
  expect(compatibilities.filter((each) => each.defaultVersion)).toHaveLength(1);
  for (const { addonVersion } of shown?.addonVersions ?? []) {
    expect(addonVersion).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
  }
});
const clusterQueries = [
  ['', ['1.35', '1.34', '1.33', '1.32', '1.31']],
  ['?defaultOnly=true', ['1.35']],
  ['?clusterVersions=1.32&clusterVersions=1.33', ['1.33', '1.32']],
  ['?versionStatus=STANDARD_SUPPORT', ['1.35', '1.34', '1.33', '1.32', '1.31']],
  ['?status=extended-support', []],
];
test.each(clusterQueries)('GET /cluster-versions%s', (query, versions) => {
  const shown = new EksCalls().ok(`GET /cluster-versions${query}`).clusterVersions;
  expect(shown.map((each) => each.clusterVersion)).toEqual(versions);
});
test('an unknown add-on has no versions', () => {
  expect(new EksCalls().ok('GET /addons/supported-versions?addonName=none')).toEqual({
    addons: [],
  });
});
