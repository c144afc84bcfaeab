import { expect, test } from 'vitest';
import {
  readToken,
  reviewAnswer,
  tokenOfReview,
  userOf,
} from '../../../src/sandbox/cluster/token-review.ts';
import type { AccessEntry } from '../../../src/sandbox/eks/store.ts';

const now = Date.UTC(2026, 10, 25, 8, 0, 0);
const good = {
  Action: 'GetCallerIdentity',
  Version: '2011-06-15',
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': 'AKIA1/20261125/eu-central-1/sts/aws4_request',
  'X-Amz-Date': '20261125T075900Z',
  'X-Amz-Expires': '60',
  'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
  'X-Amz-Signature': '0',
};

/** As `aws eks get-token` makes it: base64url without padding. */
function token(changes: Record<string, string> = {}, host = 'http://127.0.0.1:4999/'): string {
  const url = `${host}?${new URLSearchParams({ ...good, ...changes })}`;
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}

test('a token names its access key, for 15 minutes from when it was signed', () => {
  expect(readToken(token(), now)).toEqual({ kind: 'claim', accessKey: 'AKIA1' });
  const atEnd = readToken(token({ 'X-Amz-Date': '20261125T074500Z' }), now);
  expect(atEnd.kind).toBe('claim');
});

test.each<[string, string, string]>([
  ['of another kind', 'eyJhbGciOi.x.y', 'does not start with'],
  ['that is no base64', 'k8s-aws-v1.%%%', 'no URL'],
  ['that is no URL', `k8s-aws-v1.${btoa('hello')}`, 'no URL'],
  ['for another action', token({ Action: 'GetUser' }), 'not GetCallerIdentity'],
  ['without a cluster', token({ 'X-Amz-SignedHeaders': 'host' }), 'no cluster was signed'],
  ['without a date', token({ 'X-Amz-Date': 'today' }), 'no X-Amz-Date'],
  ['of 15 minutes and a second', token({ 'X-Amz-Date': '20261125T074459Z' }), 'has expired'],
  ['of tomorrow', token({ 'X-Amz-Date': '20261126T080000Z' }), 'from the future'],
  ['without a key', token({ 'X-Amz-Credential': '' }), 'no X-Amz-Credential'],
])('a token %s is refused', (_, text, reason) => {
  expect(readToken(text, now)).toEqual({
    kind: 'refused',
    reason: expect.stringContaining(reason),
  });
});

const policy = (name: string, type = 'cluster') => ({
  policyArn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
  accessScope: { type, namespaces: type === 'cluster' ? [] : ['team'] },
  associatedAt: 0,
  modifiedAt: 0,
});

function entry(changes: Partial<AccessEntry>): AccessEntry {
  return {
    principalArn: 'arn:aws:iam::111122223333:user/me',
    arn: 'arn:aws:eks:…',
    groups: [],
    username: 'arn:aws:iam::111122223333:user/me',
    type: 'STANDARD',
    policies: [],
    createdAt: 0,
    modifiedAt: 0,
    tags: {},
    ...changes,
  };
}

const user = 'arn:aws:iam::111122223333:user/me';

test.each<[string, AccessEntry['policies'], readonly string[]]>([
  ['no policy', [], []],
  ['cluster admin', [policy('AmazonEKSClusterAdminPolicy')], ['system:masters']],
  ['view', [policy('AmazonEKSViewPolicy')], ['sandbox:access-policy:AmazonEKSViewPolicy']],
  ['view of a namespace', [policy('AmazonEKSViewPolicy', 'namespace')], []],
  ['admin of a namespace', [policy('AmazonEKSClusterAdminPolicy', 'namespace')], []],
  ['one that is not played', [policy('AmazonEKSAdminViewPolicy')], []],
])('groups of an entry with %s', (_, policies, groups) => {
  const entries = { [user]: entry({ groups: ['team'], policies }) };
  expect(userOf(entries, user)).toEqual({ username: user, groups: ['team', ...groups] });
});

test('a session is its role, whatever path the role has, and keeps its name', () => {
  const principalArn = 'arn:aws:iam::111122223333:role/teams/ml/builder';
  const username = 'arn:aws:sts::111122223333:assumed-role/builder/{{SessionName}}';
  const entries = { [principalArn]: entry({ principalArn, username }) };
  const caller = 'arn:aws:sts::111122223333:assumed-role/builder/run-7';
  expect(userOf(entries, caller)).toEqual({ username: caller, groups: [] });
});

test('nobody else gets in', () => {
  const entries = { [user]: entry({}) };
  for (const caller of [
    'arn:aws:iam::111122223333:user/you',
    'arn:aws:iam::999999999999:user/me',
    'arn:aws:sts::111122223333:assumed-role/me/me',
  ]) {
    expect(userOf(entries, caller)).toBeUndefined();
  }
});

test('a review is read and answered as Kubernetes has it', () => {
  const body = new TextEncoder().encode('{"kind":"TokenReview","spec":{"token":"t"}}');
  expect(tokenOfReview(body)).toBe('t');
  expect(reviewAnswer({ username: 'me', groups: ['a'] })).toMatchObject({
    kind: 'TokenReview',
    status: { authenticated: true, user: { username: 'me', groups: ['a'] } },
  });
  expect(reviewAnswer('expired')).toMatchObject({
    status: { authenticated: false, error: 'expired' },
  });
});
