import { expect, test } from 'vitest';
import { CATALOG, parseToolVersions, parseVersion } from '../../../src/tools/toolchain/catalog.ts';
import { toolNamed } from '../../../src/tools/toolchain/locate.ts';

test('.tool-versions as asdf and mise read it', () => {
  const text = '# pins\nterraform 1.11.4  # since May\r\n\n  awscli\t2.31.0 2.30.0\nalone\n';
  expect([...parseToolVersions(text)]).toEqual([
    ['terraform', '1.11.4'],
    ['awscli', '2.31.0'],
  ]);
});

test.each([
  ['1.11.4', [1, 11, 4]],
  ['1.26', [1, 26, 0]],
  ['20.20.2-rc1', [20, 20, 2]],
  ['latest', undefined],
  ['', undefined],
])('version %j', (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

const accepts = (name: string, found: string, pinned: string) =>
  toolNamed(name).accepts(parseVersion(found) ?? [0, 0, 0], parseVersion(pinned) ?? [0, 0, 0]);

test.each([
  ['terraform', '1.11.4', '1.11.4', true],
  ['terraform', '1.10.0', '1.11.4', true],
  ['terraform', '1.9.8', '1.11.4', false],
  ['terraform', '2.11.0', '1.11.4', false],
  ['terragrunt', '1.1.0', '1.1.3', true],
  ['terragrunt', '1.2.0', '1.1.3', false],
  ['terragrunt', '0.99.0', '1.1.3', false],
  ['kubectl', '1.27.0', '1.33.4', true],
  ['kubectl', '1.26.9', '1.33.4', false],
  ['kubectl', '2.0.0', '1.33.4', true],
  ['awscli', '1.23.9', '2.31.0', false],
  ['awscli', '1.44.0', '2.31.0', true],
  ['python', '3.9.18', '3.11.7', false],
  ['python', '3.10.0', '3.11.7', true],
  ['golang', '1.26.8', '1.26.8', true],
  ['golang', '1.26.7', '1.26.8', false],
  ['golang', '1.27.0', '1.26.8', true],
  ['golang', '2.0.0', '1.26.8', false],
  ['nodejs', '20.18.1', '20.20.2', false],
  ['nodejs', '22.1.0', '20.20.2', true],
])('%s %s where %s is pinned: %s', (name, found, pinned, expected) => {
  expect(accepts(name, found, pinned)).toBe(expected);
});

test.each([
  ['terraform', 'Terraform v1.11.4\non linux_amd64\n', '1.11.4'],
  ['terragrunt', 'terragrunt version v1.1.3\n', '1.1.3'],
  ['kubectl', 'Client Version: v1.33.4\nKustomize Version: v5.6.0\n', '1.33.4'],
  ['awscli', 'aws-cli/1.44.1 Python/3.11.7 Linux/6.1 botocore/1.42.1', '1.44.1'],
  ['python', 'Python 3.11.7', '3.11.7'],
  ['golang', 'go version go1.26.8 linux/amd64', '1.26.8'],
  ['nodejs', 'v20.20.2', '20.20.2'],
])('%s says its version', (name, said, version) => {
  expect(toolNamed(name).versionPattern.exec(said)?.[1]).toBe(version);
});

test('releases come over TLS, with the list of their checksums beside them', () => {
  const releases = CATALOG.flatMap(
    (tool) => tool.release?.('1.2.3', { platform: 'linux', arch: 'arm64' }) ?? [],
  );
  expect(releases.length).toBeGreaterThan(2);
  for (const { url, checksum } of releases) {
    const checksums = checksum.kind === 'list' ? checksum.url : '';
    expect(url).toMatch(/^https:\/\/.*1\.2\.3.*linux.arm64/);
    expect(checksums).toMatch(/^https:\/\/.*1\.2\.3/);
    expect(new URL(checksums).host).toBe(new URL(url).host);
  }
});

test('a tool that nobody knows is told with those that are', () => {
  expect(() => toolNamed('terrafrom')).toThrow('there is no tool "terrafrom"');
});
