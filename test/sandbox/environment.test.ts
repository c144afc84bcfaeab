import { expect, test } from 'vitest';
import { sandboxEnvironment, withoutAwsSettings } from '../../src/sandbox/lifecycle.ts';

test('nothing of the AWS settings of a person is left', () => {
  const env = {
    PATH: '/bin',
    AWS_PROFILE: 'prod',
    AWS_ENDPOINT_URL: 'https://elsewhere',
    AWS_ENDPOINT_URL_S3: 'https://elsewhere',
    AWS_SESSION_TOKEN: 'secret',
    XAWS_: 'kept',
  };
  expect(withoutAwsSettings(env)).toEqual({ PATH: '/bin', XAWS_: 'kept' });
});

test('tools are sent to the gateway with fake keys', () => {
  const environment = sandboxEnvironment({ gatewayPort: 4711 }, { region: 'eu-west-1' });
  expect(environment).toMatchObject({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4711',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  expect(Object.keys(environment).every((name) => name.startsWith('AWS_'))).toBe(true);
});
