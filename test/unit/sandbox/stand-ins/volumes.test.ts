import { expect, test } from 'vitest';
import {
  decideClaims,
  parseClaim,
  parseStorageClass,
  parseVolume,
  persistentVolume,
  releasedVolumes,
} from '../../../../src/sandbox/stand-ins/volumes/claims.ts';
import { diskTags } from '../../../../src/sandbox/stand-ins/volumes/disks.ts';
import { gibibytesOf } from '../../../../src/sandbox/stand-ins/volumes/quantity.ts';
import { node } from './objects.ts';

const provisioner = { 'volume.kubernetes.io/storage-provisioner': 'ebs.csi.aws.com' };
const selected = { 'volume.kubernetes.io/selected-node': 'b' };
const nodes = [
  node('a', { 'topology.kubernetes.io/zone': 'eu-central-1a' }),
  node('b', { 'topology.kubernetes.io/zone': 'eu-central-1b' }),
  node('c', {}),
];

function claim(annotations: object, more: object = {}, spec: object = {}) {
  return parseClaim({
    metadata: {
      name: 'data',
      namespace: 'app',
      uid: 'u1',
      resourceVersion: '7',
      annotations,
      ...more,
    },
    spec: {
      storageClassName: 'gp3',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '10Gi' } },
      ...spec,
    },
  });
}

function storageClass(volumeBindingMode: string) {
  return parseStorageClass({
    metadata: { name: 'gp3' },
    provisioner: 'ebs.csi.aws.com',
    volumeBindingMode,
  });
}

test.each([
  ['at once, anywhere', 'Immediate', claim(provisioner), ['eu-central-1a']],
  [
    'where its first consumer runs',
    'WaitForFirstConsumer',
    claim({ ...provisioner, ...selected }),
    ['eu-central-1b'],
  ],
  ['not before its first consumer', 'WaitForFirstConsumer', claim(provisioner), []],
  [
    'not when another driver serves it',
    'Immediate',
    claim({ 'volume.kubernetes.io/storage-provisioner': 'efs.csi.aws.com' }),
    [],
  ],
  ['not before the control plane asks', 'Immediate', claim({}), []],
  ['not when it has a volume', 'Immediate', claim(provisioner, {}, { volumeName: 'v' }), []],
  [
    'not when it is on its way out',
    'Immediate',
    claim(provisioner, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    [],
  ],
  ['not without its class', 'Immediate', claim(provisioner, {}, { storageClassName: 'gp2' }), []],
  [
    'not where the zone is unknown',
    'WaitForFirstConsumer',
    claim({ ...provisioner, 'volume.kubernetes.io/selected-node': 'c' }),
    [],
  ],
])('a claim gets a disk: %s', (_case, mode, each, zones) => {
  const provisions = decideClaims([each], [storageClass(mode)], nodes);
  expect(provisions.map(({ zone }) => zone)).toEqual(zones);
});

function provisionOf() {
  const [provision] = decideClaims([claim(provisioner)], [storageClass('Immediate')], nodes);
  if (provision === undefined) throw new Error('no provision');
  return provision;
}

test('the volume is for its claim alone, in the zone of its disk', () => {
  expect(persistentVolume(provisionOf(), 'vol-1')).toMatchObject({
    metadata: {
      name: 'pvc-u1',
      annotations: { 'pv.kubernetes.io/provisioned-by': 'ebs.csi.aws.com' },
      finalizers: ['external-provisioner.volume.kubernetes.io/finalizer'],
    },
    spec: {
      capacity: { storage: '10Gi' },
      claimRef: { namespace: 'app', name: 'data', uid: 'u1', resourceVersion: '7' },
      csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' },
      persistentVolumeReclaimPolicy: 'Delete',
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ values: ['eu-central-1a'] }] }],
        },
      },
    },
  });
});

test('the disk tells whose it is', () => {
  expect(diskTags('mlp', provisionOf())).toEqual({
    CSIVolumeName: 'pvc-u1',
    'ebs.csi.aws.com/cluster': 'true',
    'kubernetes.io/created-for/pv/name': 'pvc-u1',
    'kubernetes.io/created-for/pvc/name': 'data',
    'kubernetes.io/created-for/pvc/namespace': 'app',
    'kubernetes.io/cluster/mlp': 'owned',
    KubernetesCluster: 'mlp',
    Name: 'mlp-dynamic-pvc-u1',
  });
});

test.each([
  ['released and to be deleted', 'Released', 'Delete', 'ebs.csi.aws.com', 1],
  ['of EKS Auto Mode', 'Released', 'Delete', 'ebs.csi.eks.amazonaws.com', 1],
  ['bound', 'Bound', 'Delete', 'ebs.csi.aws.com', 0],
  ['released and to be kept', 'Released', 'Retain', 'ebs.csi.aws.com', 0],
  ['of another driver', 'Released', 'Delete', 'efs.csi.aws.com', 0],
])('a volume, %s, is removed or not', (_case, phase, policy, driver, count) => {
  const volume = parseVolume({
    metadata: { name: 'v', annotations: { 'pv.kubernetes.io/provisioned-by': driver } },
    spec: { persistentVolumeReclaimPolicy: policy, csi: { driver, volumeHandle: 'vol-1' } },
    status: { phase },
  });
  expect(releasedVolumes([volume])).toHaveLength(count);
});

test.each([
  ['10Gi', 10],
  ['1Ti', 1024],
  ['500Mi', 1],
  ['10G', 10],
  ['1.5Gi', 2],
  ['1', 1],
  ['1e9', undefined],
  ['ten', undefined],
])('%s is %s GiB', (quantity, expected) => {
  expect(gibibytesOf(quantity)).toBe(expected);
});
