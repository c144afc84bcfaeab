import { expect, test } from 'vitest';
import {
  claimsThatDelete,
  ebsVolumesOf,
  endedHolders,
  judgeVolumes,
  type VolumeFacts,
} from '../../../../src/steps/pre-destroy/judge-volumes.ts';
import { podSchema } from '../../../../src/tools/kubernetes/objects/pod.ts';
import {
  persistentVolumeSchema,
  volumeClaimSchema,
} from '../../../../src/tools/kubernetes/objects/volume-claim.ts';

const claim = (name: string) =>
  volumeClaimSchema.parse({
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'db' },
  });

const volume = (name: string, policy = 'Delete', phase = 'Bound', message = '') =>
  persistentVolumeSchema.parse({
    kind: 'PersistentVolume',
    metadata: { name: `pv-${name}` },
    spec: {
      persistentVolumeReclaimPolicy: policy,
      claimRef: { namespace: 'db', name },
      csi: { driver: 'ebs.csi.aws.com', volumeHandle: `vol-${name}` },
    },
    status: { phase, message },
  });

const pod = (claimName: string, more: object = {}, phase = 'Running') =>
  podSchema.parse({
    kind: 'Pod',
    metadata: { name: 'pod-0', namespace: 'db', ...more },
    spec: { containers: [], volumes: [{}, { persistentVolumeClaim: { claimName } }] },
    status: { phase },
  });

const nothing: VolumeFacts = { claims: [], volumes: [], pods: [] };
const first: VolumeFacts = {
  claims: [claim('a'), claim('kept'), claim('pending')],
  volumes: [volume('a'), volume('kept', 'Retain')],
  pods: [],
};
const kept: VolumeFacts = {
  ...nothing,
  claims: [claim('kept')],
  volumes: [volume('kept', 'Retain')],
};
const missing = (now: VolumeFacts, inAws: string[] = []) => {
  const verdict = judgeVolumes(first, now, inAws);
  return verdict.kind === 'waiting' ? verdict.missing : verdict;
};

test('only a claim whose volume goes with it is to be deleted', () => {
  expect(claimsThatDelete(first).map(({ metadata }) => metadata.name)).toEqual(['a']);
  expect(ebsVolumesOf(first)).toEqual(['vol-a']);
});

test('the id of a volume of the older plugin is the last part of its address', () => {
  const { metadata, kind, status } = volume('x');
  const old = persistentVolumeSchema.parse({
    kind,
    metadata,
    status,
    spec: {
      persistentVolumeReclaimPolicy: 'Delete',
      awsElasticBlockStore: { volumeID: 'aws://eu-central-1a/vol-9' },
    },
  });
  expect(ebsVolumesOf({ ...nothing, volumes: [old] })).toEqual(['vol-9']);
});

const ownedBy = (kind: string, name: string, labels = {}) => ({
  labels,
  ownerReferences: [{ kind, name, controller: true }],
});

test.each([
  [
    'a StatefulSet',
    ownedBy('StatefulSet', 'mysql'),
    'kubectl scale statefulset mysql --replicas=0 -n db',
  ],
  [
    'a Deployment',
    ownedBy('ReplicaSet', 'web-7f9c', { 'pod-template-hash': '7f9c' }),
    'kubectl scale deployment web --replicas=0 -n db',
  ],
  ['a Job', ownedBy('Job', 'train'), 'kubectl delete job train -n db'],
  ['nobody', {}, 'kubectl delete pod pod-0 -n db'],
])('a pod of %s holds the claim: named, with what lets go of it', (_who, metadata, command) => {
  const now = { ...first, pods: [pod('a', metadata)] };
  expect(missing(now)).toBe(`pod db/pod-0 holds claim db/a: ${command}`);
});

test('a pod that has ended, or mounts another claim, is not in the way', () => {
  expect(missing({ ...first, pods: [pod('a', {}, 'Succeeded'), pod('kept')] })).toBe(
    'still there: claim db/a',
  );
});

test('the claim is gone, its volume is not: with what Kubernetes says of it', () => {
  const failed = volume('a', 'Delete', 'Failed', 'VolumeInUse: vol-a is attached\nrequest id: 1');
  expect(missing({ ...kept, volumes: [failed] })).toBe(
    'volume pv-a is still there: Failed, VolumeInUse: vol-a is attached',
  );
});

test('Kubernetes has forgotten the volume and AWS has not', () => {
  expect(missing(kept, ['vol-a'])).toBe('still in AWS: vol-a');
});

test('gone, and what its policy keeps is named', () => {
  expect(judgeVolumes(first, kept, [])).toEqual({
    kind: 'passed',
    text: 'removed with their volumes: claim db/a; kept by their reclaim policy: vol-kept',
  });
  expect(judgeVolumes(nothing, nothing, [])).toEqual({
    kind: 'passed',
    text: 'no claim has a volume that would go with it',
  });
});

test('a pod that has ended goes with the claim that it mounts, and no other pod does', () => {
  const pods = [
    pod('a', { name: 'done' }, 'Succeeded'),
    pod('a', { name: 'broken' }, 'Failed'),
    pod('a', { name: 'running' }),
    pod('kept', { name: 'other' }, 'Succeeded'),
  ];
  const names = endedHolders({ ...first, pods }).map(({ metadata }) => metadata.name);
  expect(names).toEqual(['done', 'broken']);
});
