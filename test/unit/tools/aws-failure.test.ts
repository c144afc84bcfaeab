import { expect, test } from 'vitest';
import { type AwsFailure, classifyAws } from '../../../src/tools/aws/aws-failure.ts';

const called = (code: string, text: string, operation = 'DescribeVolumes') =>
  `\nAn error occurred (${code}) when calling the ${operation} operation: ${text}\n`;

// As aws-cli 1.45 and botocore 1.43 print them, and as the SDK throws them.
test.each<[AwsFailure['kind'], string]>([
  [
    'identity',
    'Unable to locate credentials. You can configure credentials by running "aws configure".',
  ],
  ['identity', 'The config profile (work) could not be found'],
  ['identity', 'Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY'],
  ['identity', 'Error when retrieving token from sso: Token has expired and refresh failed'],
  ['identity', 'Error loading SSO Token: Token for work does not exist'],
  [
    'identity',
    'The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.',
  ],
  ['identity', 'Error when retrieving credentials from custom-process: not signed in'],
  [
    'identity',
    called('AuthFailure', 'AWS was not able to validate the provided access credentials'),
  ],
  ['identity', called('RequestExpired', 'Request has expired.')],
  [
    'identity',
    called(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
      'GetCallerIdentity',
    ),
  ],
  [
    'identity',
    called('UnauthorizedException', 'Session token not found or invalid', 'GetRoleCredentials'),
  ],
  ['identity', called('ExpiredToken', 'The security token included in the request is expired')],
  ['identity', 'CredentialsProviderError: Could not load credentials from any providers'],
  ['denied', called('UnauthorizedOperation', 'You are not authorized to perform this operation.')],
  ['denied', called('AuthFailure.ServiceLinkedRoleCreationNotPermitted', 'not permitted')],
  ['denied', 'AccessDeniedException: not authorized'],
  ['throttled', called('RequestLimitExceeded', 'Request limit exceeded.')],
  ['unreachable', 'Connect timeout on endpoint URL: "https://ec2.eu-central-1.amazonaws.com/"'],
  ['unreachable', 'Read timeout on endpoint URL: "https://ec2.eu-central-1.amazonaws.com/"'],
  [
    'unreachable',
    'Could not connect to the endpoint URL: "https://ec2.eu-central-1.amazonaws.com/"',
  ],
  ['unreachable', 'Failed to connect to proxy URL: "http://proxy:3128"'],
  [
    'unreachable',
    'Connection was closed before we received a valid response from endpoint URL: "https://ec2.eu-central-1.amazonaws.com/".',
  ],
  ['other', called('InvalidVolume.NotFound', "The volume 'vol-1' does not exist.")],
])('%s: %s', (kind, text) => {
  expect(classifyAws(text)).toEqual({ kind, text: text.trim() });
});
