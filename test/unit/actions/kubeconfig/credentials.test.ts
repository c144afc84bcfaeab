import { expect, test } from 'vitest';
import { checkFlags, pluginSettings } from '../../../../src/actions/kubeconfig/credentials.ts';
import { reads } from '../../support/reads.ts';

const none = { alias: undefined, roleArn: undefined, profile: undefined };

test.each([
  [{ alias: '' }],
  [{ alias: 'a\nb' }],
  [{ profile: 'a\u0000' }],
  [{ roleArn: 'admin' }],
  [{ roleArn: '--help' }],
  [{ roleArn: 'arn:aws:iam::1:role/a' }],
  [{ roleArn: 'arn:aws:iam::111122223333:user/a' }],
  [{ roleArn: 'arn:aws:iam::111122223333:role/a b' }],
])('%j is a usage error', (flags) => {
  expect(() => checkFlags({ ...none, ...flags }, 'aws')).toThrow(
    expect.objectContaining({ exitCode: 64 }),
  );
});

test.each([
  [{}],
  [{ alias: 'größe of dev' }],
  [{ roleArn: 'arn:aws:iam::111122223333:role/path/a+b=c,d.e@f_g-h' }],
  [{ roleArn: 'arn:aws-us-gov:iam::111122223333:role/a' }],
])('%j is taken', (flags) => {
  expect(checkFlags({ ...none, ...flags }, 'aws')).toBeUndefined();
});

test('a sandbox has no use for a profile', () => {
  expect(() => checkFlags({ ...none, profile: 'work' }, 'sandbox')).toThrow(/profile "work"/);
});

const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' };

test.each<[string, Record<string, string>, string | undefined, object, string | undefined]>([
  ['no profile', keys, undefined, keys, undefined],
  [
    'one from a variable, behind keys',
    { ...keys, AWS_PROFILE: 'p' },
    undefined,
    { ...keys, AWS_PROFILE: 'p' },
    'p',
  ],
  [
    'the older variable first',
    { AWS_PROFILE: 'p', AWS_DEFAULT_PROFILE: 'd' },
    undefined,
    { AWS_PROFILE: 'd', AWS_DEFAULT_PROFILE: 'd' },
    'd',
  ],
  ['an empty variable', { AWS_PROFILE: '' }, undefined, { AWS_PROFILE: '' }, undefined],
  ['a flag, before keys', { ...keys, AWS_PROFILE: 'p' }, 'f', { AWS_PROFILE: 'f' }, 'f'],
])(
  '%s: the cluster is asked for, and tokens are, with the same',
  async (_, env, profile, sdkEnv, named) => {
    const cloud = { env, sandbox: undefined };
    const settings = await pluginSettings(reads(), cloud, profile);
    expect(settings).toEqual({
      sdkEnv,
      pluginEnv: named === undefined ? {} : { AWS_PROFILE: named },
    });
  },
);

test('the entry of a sandbox names a profile that is there', async () => {
  const host = reads();
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_CONFIG_FILE: '/dev/null' };
  const cloud = {
    env: { ...env, HOME: '/home/ann' },
    sandbox: { env, directory: '/cache/sandbox' },
  };
  const { pluginEnv } = await pluginSettings(host, cloud, undefined);
  expect(pluginEnv).toEqual({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_CONFIG_FILE: '/cache/sandbox/aws-config',
    AWS_PROFILE: 'default',
    AWS_DEFAULT_PROFILE: 'default',
  });
  expect(await host.files.read('/cache/sandbox/aws-config')).toBe('[default]\n');
});
