import { expect, test } from 'vitest';
import { createAwsCli } from '../../../src/tools/aws/aws-cli.ts';
import { headBucket } from '../../../src/tools/aws/s3.ts';
import { getCallerIdentity } from '../../../src/tools/aws/sts.ts';
import { type Answer, fakeProcesses, notFound } from '../support/fake-processes.ts';

function cli(answer: Answer) {
  const processes = fakeProcesses(() => answer);
  const clock = { now: () => 0, sleep: async () => {} };
  const env = { AWS_DEFAULT_REGION: 'us-east-1', AWS_REGION: 'us-east-2' };
  const target = { aws: 'aws', cwd: '/', env, region: 'eu-central-1' };
  return { aws: createAwsCli({ processes, clock }, target), ran: processes.ran };
}

const identity = { Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/ann' };

test('the region is an argument, which both versions of the AWS CLI heed', async () => {
  const { aws, ran } = cli({ stdout: JSON.stringify(identity) });
  expect(await aws.ask(getCallerIdentity())).toEqual({
    kind: 'answer',
    value: { account: identity.Account, arn: identity.Arn },
  });
  expect(ran[0]?.argv).toEqual([
    'aws',
    'sts',
    'get-caller-identity',
    '--region=eu-central-1',
    '--output=json',
  ]);
});

test('a bucket that is there is an answer, whatever is printed', async () => {
  expect(await cli({ stdout: '' }).aws.ask(headBucket('state'))).toMatchObject({ kind: 'answer' });
});

test.each<[Answer, string, string]>([
  [notFound, 'other', 'cannot run "aws"'],
  [
    { exitCode: 255, stderr: '\nThe config profile (work) could not be found\n' },
    'identity',
    'The config profile (work) could not be found',
  ],
])('%j is %s', async (answer, kind, text) => {
  expect(await cli(answer).aws.ask(getCallerIdentity())).toEqual({
    kind: 'failed',
    failure: { kind, text },
  });
});
