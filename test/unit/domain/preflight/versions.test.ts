import { expect, test } from 'vitest';
import {
  judgeAddonVersions,
  judgeClusterVersion,
} from '../../../../src/domain/preflight/versions.ts';

const at = (date: string) => Date.parse(`${date}T00:00:00Z`);
const offered = [
  { version: '1.35', support: 'standard', standardSupportEnds: at('2027-03-27') },
  { version: '1.34', support: 'standard', standardSupportEnds: at('2026-12-02') },
  { version: '1.33', support: 'extended', standardSupportEnds: at('2026-07-29') },
  { version: '1.30', support: 'ended', standardSupportEnds: at('2025-07-23') },
].map((each) => ({ ...each, extendedSupportEnds: undefined })) as Parameters<
  typeof judgeClusterVersion
>[1];

test.each([
  ['1.35', 'ok', '1.35, standard support until 2027-03-27, 122 days'],
  ['1.34', 'warn', '1.34, standard support until 2026-12-02, 7 days'],
  [
    '1.33',
    'warn',
    '1.33 is in extended support since 2026-07-29: it costs more, and EKS upgrades it by itself where the policy is STANDARD',
  ],
  ['1.30', 'bad', 'EKS does not offer Kubernetes "1.30"'],
  ['1.99', 'bad', 'EKS does not offer Kubernetes "1.99"'],
] as const)('Kubernetes %s: %s', (version, verdict, text) => {
  expect(judgeClusterVersion(version, offered, at('2026-11-25'))).toMatchObject({ verdict, text });
});

test('the way out names only versions that are better', () => {
  expect(judgeClusterVersion('1.34', offered, at('2026-11-25')).fix).toBe(
    'cluster.version in env.yaml: 1.35; a cluster goes up one minor at a time',
  );
});

const coredns = {
  name: 'coredns',
  versions: ['v1.12.4-eksbuild.1', 'v1.12.3-eksbuild.1'],
  defaultVersion: 'v1.12.3-eksbuild.1',
};
const judge = (wanted: Record<string, string>) =>
  judgeAddonVersions(wanted, [coredns], '1.34').map(({ verdict, text }) => `${verdict} ${text}`);

test.each([
  [{}, 'ok none pinned: the defaults of AWS'],
  [{ coredns: 'v1.12.4-eksbuild.1' }, 'ok coredns v1.12.4-eksbuild.1'],
  [
    { coredns: 'v9' },
    'bad EKS has no coredns "v9" for Kubernetes 1.34, its newest is v1.12.4-eksbuild.1',
  ],
  [{ corends: 'v1' }, 'bad EKS has no add-on "corends" for Kubernetes 1.34'],
])('add-ons %j: %s', (wanted, expected) => {
  expect(judge(wanted as Record<string, string>)).toEqual([expected]);
});
