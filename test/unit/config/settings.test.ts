import { expect, test } from 'vitest';
import { readSettings } from '../../../src/config/settings.ts';
import { reads } from '../support/reads.ts';

test('without a file everything has its default', async () => {
  expect(await readSettings(reads(), '/t')).toEqual({
    live: undefined,
    parallelism: undefined,
    keepRuns: 50,
    providerMirrors: [],
    cacheDirectory: '/home/ann/.cache/platform',
  });
});

test('platform.yaml stands over the defaults', async () => {
  const yaml = 'live: envs\nparallelism: 3\nkeepRuns: 7\ntools: { providerMirrors: [/m] }\n';
  expect(await readSettings(reads({ files: { '/t/platform.yaml': yaml } }), '/t')).toMatchObject({
    live: 'envs',
    parallelism: 3,
    keepRuns: 7,
    providerMirrors: ['/m'],
  });
});

test.each([
  ['PLATFORM_CACHE_DIR', { PLATFORM_CACHE_DIR: '/c', XDG_CACHE_HOME: '/x' }, 'linux', '/c'],
  ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/x' }, 'linux', '/x/platform'],
  [
    'an empty variable counts as none',
    { PLATFORM_CACHE_DIR: '' },
    'linux',
    '/home/ann/.cache/platform',
  ],
  ['the folder of the system', {}, 'darwin', '/home/ann/Library/Caches/platform'],
] as const)('the cache: %s', async (_, env, platform, expected) => {
  const settings = await readSettings(reads({ env, machine: { platform } }), '/t');
  expect(settings.cacheDirectory).toBe(expected);
});

test.each(['parallelism: 0', 'parallelism: 1.5', 'keepRuns: many', 'live: ""', 'region: x'])(
  '%s is refused with the file’s name',
  async (yaml) => {
    const host = reads({ files: { '/t/platform.yaml': yaml } });
    await expect(readSettings(host, '/t')).rejects.toMatchObject({
      exitCode: 64,
      problem: { where: '/t/platform.yaml' },
    });
  },
);
