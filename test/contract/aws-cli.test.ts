import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import { createAwsCli } from '../../src/tools/aws/aws-cli.ts';
import { getCallerIdentity } from '../../src/tools/aws/sts.ts';
import { toolPath } from '../support/terraform.ts';

test('the AWS CLI signs for the region that it is given, whatever the environment says', async () => {
  const signatures: string[] = [];
  const server = createServer((request, response) => {
    signatures.push(request.headers.authorization ?? '');
    response.setHeader('content-type', 'text/xml').end(ANSWER);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const aws = createAwsCli(createNodeHost(), {
    aws: await toolPath('awscli'),
    cwd: tmpdir(),
    region: 'eu-central-1',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'us-east-2',
      AWS_DEFAULT_REGION: 'us-west-1',
    },
  });
  expect(await aws.ask(getCallerIdentity())).toEqual({
    kind: 'answer',
    value: { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ann' },
  });
  expect(signatures).toEqual([expect.stringContaining('/eu-central-1/sts/aws4_request')]);
});

const ANSWER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ann</Arn><UserId>A</UserId>
<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
