import { expect, test } from 'vitest';
import { clusterInput, furnished, nodeGroupInput, nodeRole, teamRole } from './eks-calls.js';

const entry = `/clusters/demo/access-entries/${encodeURIComponent(teamRole)}`;
const nodeEntry = `/clusters/demo/access-entries/${encodeURIComponent(nodeRole)}`;
const viewPolicy = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy';
const ownedAssociation = 'GET /clusters/demo/pod-identity-associations?namespace=kube-system';
const missing = '404 ResourceNotFoundException';
const taken = '409 ResourceInUseException';
const invalid = '400 InvalidParameterException';
const denied = '400 InvalidRequestException';
const refusals = [
  ['GET /clusters/other', {}, missing],
  ['DELETE /clusters/other', {}, missing],
  ['GET /clusters/other/node-groups', {}, missing],
  ['GET /clusters/demo/node-groups/other', {}, missing],
  ['DELETE /clusters/demo/node-groups/other', {}, missing],
  ['GET /clusters/demo/addons/coredns', {}, missing],
  ['GET /clusters/demo/pod-identity-associations/a-0', {}, missing],
  ['GET /clusters/demo/access-entries/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx', {}, missing],
  ['GET /clusters/demo/updates/none', {}, missing],
  ['GET /tags/arn%3Aaws%3Aeks%3Anone', {}, '404 NotFoundException'],
  ['POST /clusters', clusterInput, taken],
  ['DELETE /clusters/demo', {}, taken],
  ['POST /clusters/demo/node-groups', nodeGroupInput, taken],
  ['POST /clusters/demo/addons', { addonName: 'aws-ebs-csi-driver' }, taken],
  ['POST /clusters/demo/access-entries', { principalArn: teamRole }, taken],
  // EKS has made the nodes' entry by itself.
  ['POST /clusters/demo/access-entries', { principalArn: nodeRole, type: 'EC2_LINUX' }, taken],
  [
    'POST /clusters/demo/pod-identity-associations',
    { namespace: 'ml', serviceAccount: 'loader', roleArn: nodeRole },
    taken,
  ],
  ['POST /clusters', {}, invalid],
  ['POST /clusters', { ...clusterInput, name: 'x', version: '1.20' }, invalid],
  ['POST /clusters', { ...clusterInput, name: 'no spaces' }, invalid],
  ['POST /clusters', { ...clusterInput, name: 'x', roleArn: 'role' }, invalid],
  [
    'POST /clusters',
    { ...clusterInput, name: 'x', resourcesVpcConfig: { subnetIds: [] } },
    invalid,
  ],
  ['POST /clusters/demo/updates', { version: '1.34' }, invalid],
  ['POST /clusters/demo/updates', { version: '1.31' }, invalid],
  ['POST /clusters/demo/updates', { version: '1.32' }, invalid],
  ['POST /clusters/demo/update-config', {}, invalid],
  [
    'POST /clusters/demo/update-config',
    { upgradePolicy: { supportType: 'STANDARD' }, deletionProtection: true },
    invalid,
  ],
  ['POST /clusters/demo/update-config', { upgradePolicy: { supportType: 'EXTENDED' } }, invalid],
  [
    'POST /clusters/demo/update-config',
    { accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' } },
    invalid,
  ],
  [
    'POST /clusters/demo/node-groups',
    { ...nodeGroupInput, nodegroupName: 'x', version: '1.33' },
    invalid,
  ],
  [
    'POST /clusters/demo/node-groups',
    {
      ...nodeGroupInput,
      nodegroupName: 'x',
      scalingConfig: { minSize: 3, maxSize: 2, desiredSize: 2 },
    },
    invalid,
  ],
  [
    'POST /clusters/demo/node-groups',
    { ...nodeGroupInput, nodegroupName: 'x', launchTemplate: { id: 'lt-1' }, diskSize: 50 },
    invalid,
  ],
  [
    'POST /clusters/demo/node-groups/cpu/update-config',
    { scalingConfig: { desiredSize: 9 } },
    invalid,
  ],
  ['POST /clusters/demo/node-groups/cpu/update-version', { version: '1.33' }, invalid],
  ['POST /clusters/demo/node-groups/cpu/update-version', { version: '1.31' }, invalid],
  ['POST /clusters/demo/addons', { addonName: 'coredns', addonVersion: 'v0.0.1' }, invalid],
  ['POST /clusters/demo/addons', { addonName: 'coredns', configurationValues: '{"a":' }, invalid],
  ['POST /clusters/demo/access-entries', { principalArn: 'me' }, invalid],
  [
    'POST /clusters/demo/access-entries',
    { principalArn: 'arn:aws:iam::111122223333:role/x', kubernetesGroups: ['system:masters'] },
    invalid,
  ],
  [
    `POST ${entry}/access-policies`,
    { policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess', accessScope: { type: 'cluster' } },
    invalid,
  ],
  [
    `POST ${entry}/access-policies`,
    { policyArn: viewPolicy, accessScope: { type: 'namespace' } },
    invalid,
  ],
  [
    `POST ${nodeEntry}/access-policies`,
    { policyArn: viewPolicy, accessScope: { type: 'cluster' } },
    denied,
  ],
  [`DELETE ${entry}/access-policies/${encodeURIComponent(viewPolicy)}`, {}, missing],
];
test.each(refusals)('%s %j is refused', (line, body, refusal) => {
  const eks = furnished();
  const before = eks.store;
  expect(eks.refused(line, body)).toBe(refusal);
  expect(eks.store).toBe(before);
});
test('an association of an add-on is changed by the add-on alone', () => {
  const eks = furnished();
  const [owned] = eks.ok(ownedAssociation).associations;
  const path = `/clusters/demo/pod-identity-associations/${owned?.associationId}`;
  expect(eks.refused(`DELETE ${path}`)).toBe(invalid);
  eks.ok('DELETE /clusters/demo/addons/aws-ebs-csi-driver');
  expect(eks.refused(`DELETE ${path}`)).toBe(missing);
});
test('a cluster that reads only its config map has no access entries', () => {
  const eks = furnished();
  eks.ok('POST /clusters', { ...clusterInput, name: 'old', accessConfig: undefined });
  expect(eks.refused('GET /clusters/old/access-entries')).toBe(denied);
});
