import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { PlatformError } from '../../../src/domain/errors.ts';
import { type Answers, notFound } from '../support/fake-processes.ts';
import {
  BINARY,
  moduleVersions,
  type Rehearsal,
  rehearse,
  sum,
  type Web,
  workingGo,
} from '../support/rehearse-install.ts';

const FOLDER = '/cache/tools/kubernetes/1.36.3_etcd-3.7.0_kwok-0.8.0';
const NAMES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
  'kwokctl',
];
const INSTALLED = NAMES.map((name) => `${FOLDER}/${name}`);
const PROVIDER =
  '/cache/providers/registry.terraform.io/hashicorp/helm/1.3.2/linux_amd64/terraform-provider-helm_v1.3.2';

function building(rehearsal: Rehearsal = {}) {
  const stage = rehearse({ ...rehearsal, answers: workingGo(() => stage.files) });
  return stage;
}

test('all binaries of a set are made by one build, in one module, and land by one rename', async () => {
  const stage = building();
  expect(await stage.ensureSet('kubernetes')).toEqual({
    name: 'kubernetes',
    version: '1.36.3_etcd-3.7.0_kwok-0.8.0',
    directory: FOLDER,
  });
  expect(stage.files.paths()).toEqual(['/cache/last-builds.json', ...INSTALLED]);
  expect(await stage.files.isExecutable(`${FOLDER}/etcd`)).toBe(true);
  expect(stage.renames.filter((path) => path.startsWith(FOLDER))).toEqual([FOLDER]);
  const builds = stage.processes.ran.filter(({ argv }) => argv[1] === 'build');
  expect(builds.map(({ cwd }) => cwd)).toEqual(['/package/tools/kubernetes']);
  expect(builds[0]?.argv.slice(-7)).toEqual([
    'go.etcd.io/etcd/server/v3',
    'k8s.io/kubernetes/cmd/kube-apiserver',
    'k8s.io/kubernetes/cmd/kube-controller-manager',
    'k8s.io/kubernetes/cmd/kube-scheduler',
    'k8s.io/kubernetes/cmd/kubectl',
    'sigs.k8s.io/kwok/cmd/kwok',
    'sigs.k8s.io/kwok/cmd/kwokctl',
  ]);
});

test('an API server that is built says the version that it is', async () => {
  const stage = building();
  await stage.ensureSet('kubernetes');
  const build = stage.processes.ran.find(({ argv }) => argv[1] === 'build');
  const flags = build?.argv[build.argv.indexOf('-ldflags') + 1] ?? '';
  expect(flags).toContain('-X k8s.io/component-base/version.gitVersion=v1.36.3');
  expect(flags).toContain('-X k8s.io/component-base/version.gitMajor=1');
  expect(flags).toContain('-X k8s.io/component-base/version.gitMinor=36');
});

test('the Helm provider lands where Terraform looks in a filesystem mirror', async () => {
  const stage = building();
  const { directory } = await stage.ensureSet('helm-provider');
  expect(`${directory}/terraform-provider-helm_v1.3.2`).toBe(PROVIDER);
  expect(stage.files.paths()).toEqual(['/cache/last-builds.json', PROVIDER]);
});

test('what is there costs no process, no download and no lock', async () => {
  const files = Object.fromEntries(INSTALLED.map((path) => [path, BINARY]));
  const { ensureSet, processes, said, locked } = rehearse({ files });
  expect(await ensureSet('kubernetes')).toMatchObject({ directory: FOLDER });
  expect([processes.ran, said, locked]).toEqual([[], [], []]);
});

test.each([
  ['that lacks a binary', (path: string) => !path.endsWith('/kwok'), BINARY],
  ['of empty files, as a power cut leaves them', () => true, ''],
])('a folder %s is made anew', async (_, isThere, content) => {
  const there = INSTALLED.filter(isThere).map((path) => [path, content]);
  const stage = building({ files: Object.fromEntries(there) });
  await stage.ensureSet('kubernetes');
  expect(stage.files.paths()).toEqual(['/cache/last-builds.json', ...INSTALLED]);
  expect(await stage.files.read(`${FOLDER}/kwok`)).toBe(BINARY);
});

test('builds of different things meet at one lock, two of the same thing at their own', async () => {
  const stage = building();
  await stage.ensureSet('kubernetes');
  await stage.ensureSet('helm-provider');
  expect(stage.locked).toEqual([
    '/cache/tools/kubernetes.lock',
    '/cache/tools/build.lock',
    '/cache/tools/helm-provider.lock',
    '/cache/tools/build.lock',
  ]);
});

test('a build says how far it is, and how long the last one took', async () => {
  const first = building();
  await first.ensureSet('kubernetes');
  expect(first.said).toContain(
    'kubernetes 1.36.3: building from source, 0 of 3 packages, 0s (about 7 min on 2 cores, and 8 GB of disk meanwhile)',
  );
  const files = { '/cache/last-builds.json': '{"kubernetes":{"seconds":412}}' };
  const second = building({ files });
  await second.ensureSet('kubernetes');
  expect(second.said).toContain(
    'kubernetes 1.36.3: building from source, 0 of 3 packages, 0s (took 6m 52s last time)',
  );
});

/** Releases of all seven; kwok's sums are ours, so that its files cannot be made up here. */
const web: Web = {
  ...Object.fromEntries(
    ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'].flatMap((name) => [
      [`v1.36.3/bin/linux/amd64/${name}`, name],
      [`v1.36.3/bin/linux/amd64/${name}.sha256`, sum(name)],
    ]),
  ),
  'etcd/releases/download/v3.7.0/etcd-v3.7.0-linux-amd64.tar.gz': 'archive',
  'etcd/releases/download/v3.7.0/SHA256SUMS': `${sum('archive')}  etcd-v3.7.0-linux-amd64.tar.gz\n`,
  'kwok/releases/download/v0.8.0/kwok-linux-amd64': 'not kwok',
  'kwok/releases/download/v0.8.0/kwokctl-linux-amd64': 'not kwokctl',
};

/** tar that finds what it is asked for, and no Go. */
function tarAlone(
  files: () => { writeAtomic(path: string, text: string): Promise<void> },
): Answers {
  return async (line, { argv }) => {
    if (line.startsWith('go ')) return notFound;
    if (argv[0] !== 'tar') throw new Error(`unexpected command: ${line}`);
    await files().writeAtomic(`${argv[argv.indexOf('-C') + 1]}/${argv.at(-1)}`, 'etcd itself');
    return {};
  };
}

test('a download of which one file is not the published one is none: nothing of it is kept', async () => {
  const stage = rehearse({ web, answers: tarAlone(() => stage.files) });
  const error = await stage.ensureSet('kubernetes').then(
    () => undefined,
    (thrown: PlatformError) => thrown,
  );
  expect(stage.said).toContain('kubernetes 1.36.3: kubectl (4 of 7) downloading');
  expect(error?.problem.what).toMatch(
    /^kubernetes 1\.36\.3 is missing: the checksum of \S+\/kwok-linux-amd64 is .*; go is not on PATH/,
  );
  expect(error?.exitCode).toBe(69);
  expect(stage.files.paths()).toEqual([]);
});

test('after a download that failed all are built, none is mixed in', async () => {
  const stage = rehearse({
    web,
    answers: (line, command) =>
      (command.argv[0] === 'tar' ? tarAlone : workingGo)(() => stage.files)(line, command),
  });
  await stage.ensureSet('kubernetes');
  const contents = await Promise.all(INSTALLED.map((path) => stage.files.read(path)));
  expect(contents).toEqual(NAMES.map(() => BINARY));
});

test('a set whose files are all the published ones is not built', async () => {
  const name = 'terraform-provider-helm_1.3.2_linux_amd64.zip';
  const zip = zipSync({
    'CHANGELOG.md': strToU8('no'),
    'terraform-provider-helm_v1.3.2_x4': strToU8(BINARY),
  });
  const stage = rehearse({
    web: { [name]: zip, 'terraform-provider-helm_1.3.2_SHA256SUMS': `${sum(zip)}  ${name}\n` },
  });
  await stage.ensureSet('helm-provider');
  expect(stage.files.paths()).toEqual([PROVIDER]);
  expect(await stage.files.read(PROVIDER)).toBe(BINARY);
  expect(stage.processes.ran).toEqual([]);
});

test('where no API server is published, nothing is downloaded in vain', async () => {
  const stage = building({ web, platform: 'darwin' });
  await stage.ensureSet('kubernetes');
  expect(stage.said.filter((text) => text.includes(' of 7)'))).toEqual([]);
  expect(stage.files.paths()).toEqual(['/cache/last-builds.json', ...INSTALLED]);
});

test.each<[string, Answers, RegExp, RegExp]>([
  ['no Go', () => notFound, /go is not on PATH, so it cannot be built either/, /go\.dev\/dl/],
  [
    'a full disk',
    (line, { argv }) =>
      line.startsWith('go list') ? { stdout: moduleVersions(argv) } : { exitCode: 1 },
    /go build failed: compile: write \$WORK\/b1: no space left on device/,
    /needs about \d+ GB: make room or set PLATFORM_CACHE_DIR/,
  ],
])('%s: 69, says what to do, and nothing half-done is left', async (name, answers, what, next) => {
  const stage = rehearse({
    answers: async (line, command) => {
      if (name === 'a full disk' && line.startsWith('go build')) {
        const log = '/cache/tools/kubernetes.incoming/work/build.log';
        const text = 'compile: write $WORK/b1: no space left on device\nk8s.io/api\n';
        await stage.files.writeAtomic(log, text);
      }
      return (await answers(line, command)) ?? {};
    },
  });
  const error = await stage.ensureSet('kubernetes').then(
    () => undefined,
    (thrown: PlatformError) => thrown,
  );
  expect(error?.exitCode).toBe(69);
  expect(error?.problem.what).toMatch(what);
  expect(error?.problem.next).toMatch(next);
  expect(stage.files.paths()).toEqual([]);
});
