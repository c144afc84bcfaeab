import { expect, test } from 'vitest';
import { PlatformError } from '../../../src/domain/errors.ts';
import { locate, missingTool, readPins, toolNamed } from '../../../src/tools/toolchain/locate.ts';
import { fakeProcesses } from '../support/fake-processes.ts';
import { reads } from '../support/reads.ts';

const CACHED = '/cache/tools/terraform/1.11.4/terraform';

/** Binaries that answer with what stands in them, as far as they are executable. */
function look(binaries: Readonly<Record<string, string>>, notExecutable: readonly string[] = []) {
  const modes = Object.fromEntries(
    Object.keys(binaries).map((path) => [path, notExecutable.includes(path) ? 0o644 : 0o755]),
  );
  const host = reads({ files: binaries, modes, env: { PATH: '/a::/b' } });
  const processes = fakeProcesses((_, { argv }) => ({ stdout: binaries[argv[0]] ?? '' }));
  const pins = new Map([['terraform', '1.11.4']]);
  const lookup = locate({ ...host, processes }, toolNamed('terraform'), pins, '/cache');
  return { lookup, processes };
}

const v = (version: string) => `Terraform v${version}`;

test.each([
  [
    'PATH, in its order',
    { '/a/terraform': v('1.11.4'), '/b/terraform': v('1.11.5') },
    '/a/terraform',
    'path',
  ],
  [
    'PATH before the cache',
    { '/b/terraform': v('1.11.4'), [CACHED]: v('1.11.4') },
    '/b/terraform',
    'path',
  ],
  ['the cache', { [CACHED]: v('1.11.4') }, CACHED, 'cache'],
  [
    'what comes after a wrong version',
    { '/a/terraform': v('1.5.7'), '/b/terraform': v('1.11.4') },
    '/b/terraform',
    'path',
  ],
])('found in %s', async (_, binaries, path, from) => {
  expect(await look(binaries).lookup).toMatchObject({ kind: 'found', tool: { path, from } });
});

test.each([
  ['nowhere', {}, []],
  [
    'too old',
    { '/a/terraform': v('1.5.7') },
    [{ path: '/a/terraform', why: 'version 1.5.7, pinned is 1.11.4' }],
  ],
  [
    'not Terraform at all',
    { '/a/terraform': 'OpenTofu v1.9.0' },
    [{ path: '/a/terraform', why: 'does not say its version' }],
  ],
  ['a folder of that name', { '/a/terraform/x': '' }, []],
])('missing: %s', async (_, binaries, rejected) => {
  expect(await look(binaries).lookup).toEqual({ kind: 'missing', pinned: '1.11.4', rejected });
});

test('what is not executable is not run', async () => {
  const { lookup, processes } = look({ '/a/terraform': v('1.11.4') }, ['/a/terraform']);
  expect(await lookup).toMatchObject({
    rejected: [{ path: '/a/terraform', why: 'not executable' }],
  });
  expect(processes.ran).toEqual([]);
});

test('a version is asked for without a look at the network', async () => {
  const { lookup, processes } = look({ '/a/terraform': v('1.11.4') });
  await lookup;
  expect(processes.ran[0]?.argv).toEqual(['/a/terraform', 'version']);
  expect(processes.ran[0]?.env.CHECKPOINT_DISABLE).toBe('1');
});

test.each([undefined, 'latest'])('a pin of %s is the user’s mistake', async (pin) => {
  const pins = new Map(pin === undefined ? [] : [['terraform', pin]]);
  const host = { ...reads(), processes: fakeProcesses(() => undefined) };
  await expect(locate(host, toolNamed('terraform'), pins, '/cache')).rejects.toMatchObject({
    exitCode: 64,
  });
});

test('a missing tool ends with 69, says what was seen and what to do', () => {
  const rejected = [{ path: '/a/terraform', why: 'version 1.5.7, pinned is 1.11.4' }];
  const error = missingTool(toolNamed('terraform'), {
    kind: 'missing',
    pinned: '1.11.4',
    rejected,
  });
  expect(error).toBeInstanceOf(PlatformError);
  expect(error).toMatchObject({
    exitCode: 69,
    problem: {
      what: 'terraform 1.11.4 is missing: /a/terraform (version 1.5.7, pinned is 1.11.4)',
      next: expect.stringContaining('platform tools install terraform'),
    },
  });
});

test('the tree’s own pins stand over those that we were tested with', async () => {
  const host = reads({
    files: {
      '/package/.tool-versions': 'terraform 1.11.4\nhelm 3.19.0',
      '/tree/.tool-versions': 'terraform 1.12.0',
    },
  });
  expect([...(await readPins(host, '/tree'))]).toEqual([
    ['terraform', '1.12.0'],
    ['helm', '3.19.0'],
  ]);
});

test('what the sandbox runs is pinned by our go.mod, whatever the tree says', async () => {
  const goMod =
    'module m\n\nrequire go.etcd.io/etcd/server/v3 v3.7.0 // indirect\n\nrequire (\n\tk8s.io/kubernetes v1.36.3\n)\n';
  const host = reads({
    files: {
      '/package/tools/kubernetes/go.mod': goMod,
      '/tree/.tool-versions': 'etcd 3.5.0\nkubernetes 1.30.0',
    },
  });
  expect(Object.fromEntries(await readPins(host, '/tree'))).toEqual({
    etcd: '3.7.0',
    kubernetes: '1.36.3',
  });
});

const SET_KUBECTL = '/cache/tools/kubernetes/1.36.3_etcd-3.7.0_kwok-0.8.0/kubectl';
const setPins: readonly [string, string][] = [
  ['kubernetes', '1.36.3'],
  ['etcd', '3.7.0'],
  ['kwok', '0.8.0'],
];

test.each([
  ['the kubectl of the sandbox serves where there is no other', {}, SET_KUBECTL],
  ['a kubectl on PATH comes before it', { '/a/kubectl': 'Client Version: v1.33.4' }, '/a/kubectl'],
])('%s', async (_, more, path) => {
  const files: Record<string, string> = { [SET_KUBECTL]: 'Client Version: v1.36.3', ...more };
  const modes = Object.fromEntries(Object.keys(files).map((each) => [each, 0o755]));
  const host = reads({ files, modes, env: { PATH: '/a' } });
  const processes = fakeProcesses((__, { argv }) => ({ stdout: files[argv[0]] ?? '' }));
  const pins = new Map([['kubectl', '1.36.3'], ...setPins]);
  const lookup = await locate({ ...host, processes }, toolNamed('kubectl'), pins, '/cache');
  expect(lookup).toMatchObject({ kind: 'found', tool: { path } });
});
