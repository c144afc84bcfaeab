import { expect, test } from 'vitest';
import { createCluster } from '../../src/sandbox/eks/clusters.ts';
import { emptyStore } from '../../src/sandbox/eks/store.ts';
import {
  clusterInput,
  EksCalls,
  facts,
  furnished,
  newContext,
  nodeGroupInput,
  nodeRole,
  teamRole,
} from './eks-calls.ts';

test('a new cluster has what the provider reads', () => {
  const eks = furnished();
  expect(eks.ok('GET /clusters/demo').cluster).toMatchObject({
    name: 'demo',
    arn: 'arn:aws:eks:eu-central-1:111122223333:cluster/demo',
    status: 'ACTIVE',
    createdAt: 1_760_000_000,
    version: '1.32',
    endpoint: 'https://127.0.0.1:1',
    certificateAuthority: { data: 'Y2E=' },
    resourcesVpcConfig: {
      subnetIds: ['subnet-1', 'subnet-2'],
      clusterSecurityGroupId: 'sg-1',
      vpcId: 'vpc-1',
      endpointPublicAccess: true,
      endpointPrivateAccess: false,
      publicAccessCidrs: ['0.0.0.0/0'],
    },
    kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: '172.20.0.0/16' },
    accessConfig: { authenticationMode: 'API' },
    upgradePolicy: { supportType: 'EXTENDED' },
    identity: { oidc: { issuer: expect.stringMatching(/^https:\/\/oidc\.eks\.eu-central-1\./) } },
  });
});

test('creating a cluster asks for its network, and only when the rest is right', () => {
  const ask = (body: object) => {
    const request = { params: {}, query: new URLSearchParams(), body, facts: {} };
    return createCluster(newContext(), emptyStore, request);
  };
  expect(ask(clusterInput)).toEqual({
    kind: 'needs',
    need: { kind: 'network', cluster: 'demo', subnetIds: ['subnet-1', 'subnet-2'] },
  });
  expect(ask({ ...clusterInput, version: '1.20' }).kind).toBe('refused');
});

test('regions do not see each other', () => {
  const eks = furnished();
  eks.context = newContext({ region: 'us-east-1' });
  expect(eks.ok('GET /clusters')).toEqual({ clusters: [] });
  expect(eks.refused('GET /clusters/demo')).toContain('404');
});

test('resources settle by the clock', () => {
  const eks = furnished(newContext({ settleSeconds: 30 }));
  const status = () => (eks.ok('GET /clusters/demo').cluster as { status: string }).status;
  expect(status()).toBe('CREATING');
  eks.context = newContext({ settleSeconds: 30, now: eks.context.now + 30 });
  expect(status()).toBe('ACTIVE');
  const { id } = eks.ok('POST /clusters/demo/updates', { version: '1.33' }).update as {
    id: string;
  };
  expect(status()).toBe('UPDATING');
  const update = () => eks.ok(`GET /clusters/demo/updates/${id}`).update;
  expect(update()).toMatchObject({ status: 'InProgress', type: 'VersionUpdate' });
  eks.context = newContext({ now: eks.context.now + 30 });
  expect(update()).toMatchObject({ status: 'Successful' });
  expect(status()).toBe('ACTIVE');
});

test('a forced status and its issues are shown', () => {
  const issues = [{ code: 'InsufficientNumberOfReplicas', message: 'no node for it' }];
  const forced = { 'addon/demo/aws-ebs-csi-driver': { status: 'DEGRADED', issues } };
  const eks = furnished(newContext({ forced }));
  expect(eks.ok('GET /clusters/demo/addons/aws-ebs-csi-driver').addon).toMatchObject({
    status: 'DEGRADED',
    health: { issues },
  });
});

test('the creator of a cluster is its administrator, unless told not to', () => {
  const eks = furnished();
  const me = facts.network?.callerArn ?? '';
  expect(eks.ok('GET /clusters/demo/access-entries').accessEntries).toContain(me);
  const accessConfig = {
    authenticationMode: 'API',
    bootstrapClusterCreatorAdminPermissions: false,
  };
  eks.ok('POST /clusters', { ...clusterInput, name: 'bare', accessConfig });
  expect(eks.ok('GET /clusters/bare/access-entries')).toEqual({ accessEntries: [] });
});

test('the entry of the nodes comes with the first node group of a role and goes with the last', () => {
  const eks = furnished();
  const entries = () => eks.ok('GET /clusters/demo/access-entries').accessEntries;
  eks.ok('POST /clusters/demo/node-groups', { ...nodeGroupInput, nodegroupName: 'second' });
  eks.ok('DELETE /clusters/demo/node-groups/cpu');
  expect(entries()).toContain(nodeRole);
  eks.ok('DELETE /clusters/demo/node-groups/second');
  expect(entries()).not.toContain(nodeRole);
});

test('a node group follows labels, taints, sizes and version', () => {
  const eks = furnished();
  const path = '/clusters/demo/node-groups/cpu';
  const gpu = { key: 'gpu', value: 'a', effect: 'NO_SCHEDULE' };
  eks.ok(`POST ${path}/update-config`, {
    labels: { addOrUpdateLabels: { a: '1', b: '2' } },
    taints: { addOrUpdateTaints: [gpu] },
    scalingConfig: { desiredSize: 3 },
  });
  eks.ok(`POST ${path}/update-config`, {
    labels: { addOrUpdateLabels: { b: '3' }, removeLabels: ['a'] },
    taints: { addOrUpdateTaints: [{ ...gpu, value: 'b' }] },
  });
  eks.ok('POST /clusters/demo/updates', { version: '1.33' });
  eks.ok(`POST ${path}/update-version`, {});
  const group = eks.ok(`GET ${path}`).nodegroup;
  expect(group).toHaveProperty('labels', { b: '3' });
  expect(group).toMatchObject({
    taints: [{ ...gpu, value: 'b' }],
    scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 3 },
    version: '1.33',
    releaseVersion: expect.stringMatching(/^1\.33\./),
  });
  const { updateIds } = eks.ok('GET /clusters/demo/updates?nodegroupName=cpu');
  expect(updateIds).toHaveLength(3);
  expect(eks.ok('GET /clusters/demo/updates').updateIds).toHaveLength(1);
});

const images: readonly [instanceType: string, amiType: string][] = [
  ['m6i.large', 'AL2023_x86_64_STANDARD'],
  ['g5.xlarge', 'AL2023_x86_64_NVIDIA'],
  ['p5.48xlarge', 'AL2023_x86_64_NVIDIA'],
  ['m7g.large', 'AL2023_ARM_64_STANDARD'],
  ['g5g.xlarge', 'AL2023_ARM_64_STANDARD'],
];

test.each(images)('nodes of type %s get the image %s', (instanceType, amiType) => {
  const eks = new EksCalls();
  eks.ok('POST /clusters', clusterInput);
  const input = { ...nodeGroupInput, instanceTypes: [instanceType] };
  expect(eks.ok('POST /clusters/demo/node-groups', input).nodegroup).toMatchObject({ amiType });
});

test('a launch template is shown with id, name and version', () => {
  const eks = furnished();
  const input = { ...nodeGroupInput, nodegroupName: 'lt', launchTemplate: { id: 'lt-1' } };
  const group = eks.ok('POST /clusters/demo/node-groups', input).nodegroup;
  expect(group).toMatchObject({ launchTemplate: facts.launchTemplate });
  expect(group).not.toHaveProperty('diskSize');
});

test('an update of an add-on that says nothing of its associations keeps them, an empty list removes them', () => {
  const eks = furnished();
  const path = '/clusters/demo/addons/aws-ebs-csi-driver';
  const associations = () =>
    (eks.ok(`GET ${path}`).addon as { podIdentityAssociations: string[] }).podIdentityAssociations;
  const [before] = associations();
  eks.ok(`POST ${path}/update`, { configurationValues: '{"a":1}' });
  expect(associations()).toEqual([before]);
  eks.ok(`POST ${path}/update`, { podIdentityAssociations: [] });
  expect(associations()).toEqual([]);
  expect(eks.ok('GET /clusters/demo/pod-identity-associations').associations).toHaveLength(1);
});

test('access policies are associated, replaced and removed', () => {
  const eks = furnished();
  const path = `/clusters/demo/access-entries/${encodeURIComponent(teamRole)}/access-policies`;
  const policyArn = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy';
  const shown = () => eks.ok(`GET ${path}`).associatedAccessPolicies;
  eks.ok(`POST ${path}`, { policyArn, accessScope: { type: 'cluster' } });
  eks.ok(`POST ${path}`, { policyArn, accessScope: { type: 'namespace', namespaces: ['ml'] } });
  expect(shown()).toMatchObject([{ accessScope: { type: 'namespace', namespaces: ['ml'] } }]);
  eks.ok(`DELETE ${path}/${encodeURIComponent(policyArn)}`);
  expect(shown()).toEqual([]);
});

test('everything that has an ARN has tags', () => {
  const eks = furnished();
  const text = JSON.stringify(eks.store);
  const arns = new Set([...text.matchAll(/"arn":"(arn:aws:eks:[^"]+)"/g)].map(([, arn]) => arn));
  // Cluster, node group, add-on, two associations, three access entries.
  expect(arns.size).toBe(8);
  for (const arn of arns) {
    const path = `/tags/${encodeURIComponent(arn ?? '')}`;
    eks.ok(`POST ${path}`, { tags: { a: '1', b: '2' } });
    eks.ok(`DELETE ${path}?tagKeys=a&tagKeys=c`);
    expect(eks.ok(`GET ${path}`)).toEqual({ tags: { b: '2' } });
  }
});

test('deleting the cluster gives its security group back', () => {
  const eks = furnished();
  eks.ok('DELETE /clusters/demo/node-groups/cpu');
  const outcome = eks.call('DELETE /clusters/demo');
  expect(outcome).toMatchObject({ kind: 'answer', dropSecurityGroup: 'sg-1' });
  expect(eks.ok('GET /clusters')).toEqual({ clusters: [] });
});

test('deletion protection holds until it is taken off', () => {
  const eks = new EksCalls();
  eks.ok('POST /clusters', { ...clusterInput, deletionProtection: true });
  expect(eks.refused('DELETE /clusters/demo')).toBe('400 InvalidRequestException');
  eks.ok('POST /clusters/demo/update-config', { deletionProtection: false });
  eks.ok('DELETE /clusters/demo');
});
