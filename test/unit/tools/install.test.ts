import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { PlatformError } from '../../../src/domain/errors.ts';
import { publishedSum } from '../../../src/tools/toolchain/download-release.ts';
import { type Answers, notFound } from '../support/fake-processes.ts';
import {
  BINARY,
  moduleVersions,
  rehearse,
  sum,
  type Web,
  workingGo,
} from '../support/rehearse-install.ts';

const BINARY_URL = 'terragrunt_linux_amd64';
const goodWeb: Web = {
  [BINARY_URL]: BINARY,
  'v1.1.3/SHA256SUMS': `${sum('other')}  terragrunt_darwin_arm64\n${sum(BINARY)}  ${BINARY_URL}\n`,
};
const LAST_BUILDS = '/cache/last-builds.json';
const INSTALLED = '/cache/tools/terragrunt/1.1.3/terragrunt';

test('a release whose checksum is the published one is moved into place, alone', async () => {
  const { ensure, files, processes } = rehearse({ web: goodWeb });
  expect(await ensure('terragrunt')).toMatchObject({ path: INSTALLED, from: 'cache' });
  expect(files.paths()).toEqual([INSTALLED]);
  expect(await files.isExecutable(INSTALLED)).toBe(true);
  expect(processes.ran.map(({ argv }) => argv[0])).toEqual([INSTALLED]);
});

test('from an archive the one file that is wanted is taken', async () => {
  const zip = zipSync({ terraform: strToU8(BINARY), 'LICENSE.txt': strToU8('no') });
  const name = 'terraform_1.11.4_linux_amd64.zip';
  const { ensure, files } = rehearse({
    web: { [name]: zip, 'terraform_1.11.4_SHA256SUMS': `${sum(zip)}  ${name}\n` },
  });
  await ensure('terraform');
  const path = '/cache/tools/terraform/1.11.4/terraform';
  expect(files.paths()).toEqual([path]);
  expect(await files.read(path)).toBe(BINARY);
});

test('what is there is not fetched again', async () => {
  const { ensure, said } = rehearse({ web: goodWeb });
  await ensure('terragrunt');
  said.length = 0;
  await ensure('terragrunt');
  expect(said).toEqual([]);
});

test.each([
  ['without a network', {}],
  ['with a wrong checksum', { ...goodWeb, [BINARY_URL]: 'something else' }],
  ['with no checksum published', { ...goodWeb, 'v1.1.3/SHA256SUMS': '' }],
])('%s it is built from its Go module', async (_, web) => {
  const stage = rehearse({ web, answers: workingGo(() => stage.files) });
  expect(await stage.ensure('terragrunt')).toMatchObject({ path: INSTALLED });
  expect(stage.files.paths()).toEqual([LAST_BUILDS, INSTALLED]);
  expect(await stage.files.read(INSTALLED)).toBe(BINARY);
  expect(stage.processes.ran.map(({ argv }) => argv[1])).toContain('build');
});

test('the build is of the pinned version, in our own module, with caches that go away', async () => {
  const stage = rehearse({ answers: workingGo(() => stage.files) });
  await stage.ensure('terragrunt');
  const build = stage.processes.ran.find(({ argv }) => argv[1] === 'build');
  expect(build?.cwd).toBe('/package/tools/terragrunt');
  expect(build?.argv).toEqual([
    'go',
    'build',
    '-v',
    '-trimpath',
    '-ldflags',
    '-s -w -X github.com/gruntwork-io/terragrunt/internal/version.Version=v1.1.3',
    '-o',
    '/cache/tools/terragrunt.incoming/stage/',
    'github.com/gruntwork-io/terragrunt',
  ]);
  expect(build?.env).toMatchObject({
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=readonly -modcacherw',
    GOCACHE: '/cache/tools/terragrunt.incoming/work/go-build',
    GOMODCACHE: '/cache/tools/terragrunt.incoming/work/go-mod',
    GOTMPDIR: '/cache/tools/terragrunt.incoming/work/go-tmp',
  });
});

const noGo: Answers = (line) => (line.startsWith('go ') ? notFound : undefined);

test.each<[string, Web, Answers, RegExp]>([
  [
    'no network and no Go',
    {},
    noGo,
    /no download from github.com: fetch failed: ENOTFOUND; go is not on PATH/,
  ],
  [
    'a wrong checksum and no Go',
    { ...goodWeb, [BINARY_URL]: 'bad' },
    noGo,
    /the checksum of \S+ is "[0-9a-f]{64}", published is "[0-9a-f]{64}"; go is/,
  ],
  [
    'a module at another version',
    {},
    () => ({ stdout: 'github.com/gruntwork-io/terragrunt v1.0.0\n' }),
    /cannot build terragrunt 1.1.3 from Go: go.mod holds v1.0.0/,
  ],
  [
    'no module proxy',
    {},
    () => ({ exitCode: 1, stderr: 'go: downloading\ngo: dial tcp: no route' }),
    /cannot build terragrunt 1.1.3 from Go: go: dial tcp: no route/,
  ],
  [
    'a build that fails',
    {},
    (line, { argv }) => {
      if (line.startsWith('go list')) return { stdout: moduleVersions(argv) };
      return { exitCode: 1 };
    },
    /go build failed/,
  ],
])('%s: 69 with every reason, and nothing half-done is left', async (_, web, answers, reason) => {
  const { ensure, files } = rehearse({ web, answers });
  const error = await ensure('terragrunt').then(
    () => undefined,
    (thrown: PlatformError) => thrown,
  );
  expect(error?.exitCode).toBe(69);
  expect(error?.problem.what).toMatch(reason);
  expect(error?.problem.next).toContain('https://docs.terragrunt.com');
  expect(files.paths()).toEqual([]);
});

test('leftovers of an install that was killed do not get into the next one', async () => {
  const leftover = {
    '/cache/tools/terragrunt.incoming/terragrunt': 'half',
    '/cache/tools/terragrunt.incoming/checksums': 'old',
  };
  const { ensure, files } = rehearse({ web: goodWeb, files: leftover });
  await ensure('terragrunt');
  expect(files.paths()).toEqual([INSTALLED]);
});

test('a tool that people install themselves is not fetched', async () => {
  const { ensure, said } = rehearse({ web: goodWeb });
  await expect(ensure('awscli')).rejects.toMatchObject({ exitCode: 69 });
  expect(said).toEqual([]);
});

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);

test.each([
  ['a list', `${a}  other\n${b}  file\n`, b],
  ['a list in binary mode', `${b} *file\n`, b],
  ['the bare sum of one file', `${b}\n`, b],
  ['a list without the file', `${a}  other\n`, undefined],
  ['a name that only ends alike', `${a}  my-file\n`, undefined],
  ['a name that is only its end', `${a}  ile\n`, undefined],
  ['a page that is no list', '<html>not found</html>', undefined],
  ['a sum that is cut short', `${b.slice(1)}  file`, undefined],
])('published sum: %s', (_, list, expected) => {
  expect(publishedSum(list, 'file')).toBe(expected);
});
