import { expect, test } from 'vitest';
import { kubeconfigPaths } from '../../../../src/tools/kubernetes/kubeconfig/paths.ts';

const paths = (flag: string | undefined, variable: string | undefined) =>
  kubeconfigPaths({ flag, variable, homeDirectory: '/home/ann', cwd: '/work' });

test.each([
  [undefined, ['/home/ann/.kube/config']],
  ['', ['/home/ann/.kube/config']],
  [': :', ['/home/ann/.kube/config']],
  ['/a', ['/a']],
  ['/a:b:~/c', ['/a', '/work/b', '/home/ann/c']],
  [':/a::/b:', ['/a', '/b']],
  ['~', ['/home/ann']],
  ['/a/../b', ['/b']],
  [' a', ['/work/ a']],
  ['/größe/中', ['/größe/中']],
])('KUBECONFIG=%j: %j', (variable, expected) => {
  expect(paths(undefined, variable)).toEqual(expected);
});

test.each([
  ['/a', ['/a']],
  ['a:b', ['/work/a:b']],
  ['~/a', ['/home/ann/a']],
  ['', ['/work']],
])('--kubeconfig %j is one file and goes before the variable: %j', (flag, expected) => {
  expect(paths(flag, '/other')).toEqual(expected);
});
