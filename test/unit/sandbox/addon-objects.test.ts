import { expect, test } from 'vitest';
import { addonObjects, pathOf } from '../../../src/sandbox/cluster/addon-objects.ts';
import type { Addon, ClusterFields } from '../../../src/sandbox/eks/store.ts';

const cluster = { serviceCidr: '172.20.0.0/16' } as ClusterFields;

function pathsOf(name: string, configurationValues?: string): string[] {
  const addon = { name, version: 'v1', configurationValues } as Addon;
  return addonObjects(addon, cluster).map(pathOf);
}

const DRIVER = '/apis/storage.k8s.io/v1/csidrivers/ebs.csi.aws.com';
const CLASS = '/apis/storage.k8s.io/v1/storageclasses/ebs-csi-default-sc';

test.each([
  ['nothing said', undefined, [DRIVER]],
  ['as JSON', '{"defaultStorageClass":{"enabled":true}}', [DRIVER, CLASS]],
  ['as YAML', 'defaultStorageClass:\n  enabled: true\n', [DRIVER, CLASS]],
  ['switched off', '{"defaultStorageClass":{"enabled":false}}', [DRIVER]],
  ['about something else', '{"controller":{}}', [DRIVER]],
  ['broken', '{', [DRIVER]],
])('the EBS driver makes the default class where it is told to: %s', (_, values, expected) => {
  expect(pathsOf('aws-ebs-csi-driver', values)).toEqual(expected);
});

test('an add-on that nobody looks at puts nothing there', () => {
  expect(pathsOf('snapshot-controller')).toEqual([]);
});
