import { expect, test } from 'vitest';
import { matchRoute, routes } from '../../src/sandbox/eks/routes.ts';

const matches: readonly [line: string, operation: string, params: object][] = [
  ['GET /clusters', 'ListClusters', {}],
  ['GET /clusters?maxResults=100', 'ListClusters', {}],
  ['GET /clusters/a', 'DescribeCluster', { cluster: 'a' }],
  ['POST /clusters/a/updates', 'UpdateClusterVersion', { cluster: 'a' }],
  ['GET /clusters/a/updates/u?addonName=x', 'DescribeUpdate', { cluster: 'a', update: 'u' }],
  [
    'DELETE /clusters/a/access-entries/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fp%2Fr/access-policies/arn%3Aaws%3Aeks%3A%3Aaws%3Acluster-access-policy%2FV',
    'DisassociateAccessPolicy',
    {
      cluster: 'a',
      principal: 'arn:aws:iam::1:role/p/r',
      policy: 'arn:aws:eks::aws:cluster-access-policy/V',
    },
  ],
  [
    'GET /tags/arn%3Aaws%3Aeks%3Acluster%2Fa',
    'ListTagsForResource',
    { arn: 'arn:aws:eks:cluster/a' },
  ],
  ['GET /addons/supported-versions?addonName=coredns', 'DescribeAddonVersions', {}],
];

test.each(matches)('%s is %s', (line, operation, params) => {
  const [method = '', path = ''] = line.split(' ');
  const matched = matchRoute(method, path);
  expect(matched?.route.operation).toBe(operation);
  expect(matched?.params).toEqual(params);
});

const misses = [
  'PUT /clusters/a',
  'GET /',
  'GET /clusters/a/b/c/d/e/f',
  'GET /clusters/a/nodes',
  'GET /tags/arn:aws:eks:cluster/a',
];

test.each(misses)('%s is no route', (line) => {
  const [method = '', path = ''] = line.split(' ');
  expect(matchRoute(method, path)).toBeUndefined();
});

test('each operation and each line of the table is there once', () => {
  const lines = routes.map((each) => `${each.method} ${each.path}`);
  expect(new Set(lines).size).toBe(lines.length);
  const operations = routes.map((each) => each.operation);
  expect(new Set(operations).size).toBe(operations.length);
});
