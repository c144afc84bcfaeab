import { describe, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../src/host/http.ts';
import { readCall } from '../../src/sandbox/gateway/aws-call.ts';
import { renderError } from '../../src/sandbox/gateway/aws-error.ts';
import { answerControl, newControls } from '../../src/sandbox/gateway/control.ts';
import { newMemory } from '../../src/sandbox/gateway/emulator-memory.ts';
import { faultSchema, takeFault } from '../../src/sandbox/gateway/faults.ts';
import { amiParameterValue } from '../../src/sandbox/gateway/local/ami-parameters.ts';
import { answerLocally } from '../../src/sandbox/gateway/local-answers.ts';
import { patchResponse } from '../../src/sandbox/gateway/response-patches.ts';

function request(
  line: string,
  service: string,
  headers: Record<string, string> = {},
  body = '',
): HttpRequest {
  const [method = '', path = ''] = line.split(' ');
  const scope = `KEY/20250101/eu-west-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  return {
    method,
    path,
    headers: service === '' ? headers : { authorization, ...headers },
    body: new TextEncoder().encode(body),
  };
}

const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const presigned =
  'GET /?Action=GetCallerIdentity&X-Amz-Credential=KEY%2F20250101%2Fus-east-1%2Fsts%2Faws4_request';

const calls: readonly [HttpRequest, service: string, operation: string, protocol: string][] = [
  [request('GET /clusters/a', 'eks'), 'eks', 'DescribeCluster', 'rest-json'],
  [request('GET /clusters/a/b/c/d/e', 'eks'), 'eks', 'GET /clusters/a/b/c/d/e', 'rest-json'],
  [request('POST /', 'ec2', form, 'Action=DescribeVpcs'), 'ec2', 'DescribeVpcs', 'ec2'],
  [request('POST /', 'iam', form, 'Action=GetRole&A=1'), 'iam', 'GetRole', 'query'],
  [
    request('POST /', 'kms', { 'x-amz-target': 'TrentService.ListKeys' }),
    'kms',
    'ListKeys',
    'json',
  ],
  [request(presigned, ''), 'sts', 'GetCallerIdentity', 'query'],
  [request('PUT /bucket/a/b.tflock', 's3'), 's3', 'PutObject', 's3'],
  [request('GET /bucket?list-type=2', 's3'), 's3', 'ListObjects', 's3'],
  [request('HEAD /bucket/', 's3'), 's3', 'HeadBucket', 's3'],
  [request('PUT /bucket', 's3'), 's3', 'CreateBucket', 's3'],
  [request('PUT /bucket?versioning', 's3'), 's3', 'PutBucketVersioning', 's3'],
  [request('GET /', 's3'), 's3', 'ListBuckets', 's3'],
  [
    request('GET /2013-04-01/hostedzone', 'route53'),
    'route53',
    'GET /2013-04-01/hostedzone',
    'query',
  ],
  [request('GET /x', ''), '', 'GET /x', 'rest-json'],
];

test.each(calls)('call %#', (each, service, operation, protocol) => {
  expect(readCall(each)).toMatchObject({ service, operation, protocol });
});

test('the region is that of the signature', () => {
  expect(readCall(request('GET /clusters', 'eks')).region).toBe('eu-west-1');
});

function text(response: HttpResponse | undefined): string {
  return new TextDecoder().decode(response?.body);
}

const error = { code: 'AccessDenied', message: 'no <b> & c', status: 403 };
const renderings = [
  ['rest-json', '{"message":"no <b> & c"}'],
  ['json', '{"__type":"AccessDenied","message":"no <b> & c"}'],
  ['query', /^<ErrorResponse><Error>.*<Code>AccessDenied<\/Code><Message>no &lt;b&gt; &amp; c</],
  ['ec2', /^<Response><Errors><Error><Code>AccessDenied<\/Code><Message>no &lt;b&gt; &amp; c</],
  ['s3', /^<Error><Code>AccessDenied<\/Code><Message>no &lt;b&gt; &amp; c</],
] as const;

describe('errors', () => {
  test.each(renderings)('of %s', (protocol, expected) => {
    const response = renderError({ protocol, method: 'GET' }, error);
    expect(response.status).toBe(403);
    expect(response.headers['x-amzn-errortype']).toBe('AccessDenied');
    expect(text(response)).toMatch(expected);
    if (protocol.endsWith('json')) expect(text(response)).toBe(expected);
  });

  test('in answer to HEAD have no body', () => {
    expect(renderError({ protocol: 's3', method: 'HEAD' }, error).body).toHaveLength(0);
  });
});

describe('faults', () => {
  const call = readCall(request('PUT /bucket/key.tflock', 's3'));
  const hits: readonly [fault: object, status: number | undefined][] = [
    [{ code: 'AccessDenied' }, 403],
    [{ code: 'ThrottlingException', service: 's3' }, 429],
    [{ code: 'X', service: 's3', operation: 'PutObject', path: '.tflock', method: 'PUT' }, 400],
    [{ code: 'InternalError', status: 503 }, 503],
    [{ code: 'X', service: 'eks' }, undefined],
    [{ code: 'X', operation: 'GetObject' }, undefined],
    [{ code: 'X', path: 'other' }, undefined],
    [{ code: 'X', method: 'GET' }, undefined],
  ];

  test.each(hits)('%j', (fault, status) => {
    expect(takeFault([faultSchema.parse(fault)], call)?.error.status).toBe(status);
  });

  test('hit as often as they are told to', () => {
    const twice = takeFault([faultSchema.parse({ code: 'X', times: 2 })], call);
    expect(twice?.left).toHaveLength(1);
    expect(takeFault(twice?.left ?? [], call)?.left).toEqual([]);
    const always = [faultSchema.parse({ code: 'X', times: null })];
    expect(takeFault(always, call)?.left).toEqual(always);
  });
});

describe('control', () => {
  const control = (controls: ReturnType<typeof newControls>, line: string, body = '') => {
    const response = answerControl(
      controls,
      { health: { bootId: 'b' } },
      request(line, '', {}, body),
    );
    return [response.status, JSON.parse(text(response))] as const;
  };

  test('health says who answers', () => {
    expect(control(newControls(), 'GET /_platform/health')).toEqual([200, { bootId: 'b' }]);
  });

  test('settings are set, shown and put back', () => {
    const controls = newControls();
    expect(control(controls, 'POST /_platform/latency', '{"callMs":5}')[0]).toBe(200);
    expect(controls.latency).toEqual({ callMs: 5, settleMs: 0 });
    control(controls, 'POST /_platform/quotas', '{"L-DB2E81BA":0}');
    control(controls, 'POST /_platform/forced', '{"resource":"cluster/a","status":"FAILED"}');
    expect(controls.forced).toEqual({ 'cluster/a': { status: 'FAILED', issues: [] } });
    control(controls, 'POST /_platform/faults', '{"code":"X"}');
    control(controls, 'POST /_platform/account', '{"account":"999999999999"}');
    for (const name of ['latency', 'quotas', 'forced', 'faults', 'account', 'calls']) {
      expect(control(controls, `DELETE /_platform/${name}`)[0]).toBe(200);
    }
    expect(controls).toEqual(newControls());
  });

  const refused = [
    ['POST /_platform/faults', '{"cod":"X"}', 400],
    ['POST /_platform/faults', 'X', 400],
    ['POST /_platform/calls', '{}', 404],
    ['GET /_platform/none', '', 404],
    ['PUT /_platform/faults', '{}', 404],
  ] as const;

  test.each(refused)('%s %s is refused', (line, body, status) => {
    const controls = newControls();
    expect(control(controls, line, body)[0]).toBe(status);
    expect(controls).toEqual(newControls());
  });
});

describe('local answers', () => {
  const state = () => ({
    account: '111122223333',
    callerAccount: null as string | null,
    quotas: {},
    memory: newMemory(),
  });
  const ask = (local: ReturnType<typeof state>, target: string, body: object) => {
    const [service = ''] = target.split('.');
    const asked = request('POST /', service, { 'x-amz-target': target }, JSON.stringify(body));
    return answerLocally(local, readCall(asked), asked);
  };

  const parameters: readonly [name: string, value: string | undefined][] = [
    [
      '/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id',
      'ami-',
    ],
    [
      '/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/arm64/nvidia/recommended/release_version',
      '1.33.',
    ],
    [
      '/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended',
      '{"image_id":"ami-',
    ],
    ['/aws/service/bottlerocket/aws-k8s-1.33-nvidia/x86_64/latest/image_id', 'ami-'],
    [
      '/aws/service/eks/optimized-ami/1.20/amazon-linux-2023/x86_64/standard/recommended/image_id',
      undefined,
    ],
    ['/mine', undefined],
  ];

  test.each(parameters)('parameter %s', (name, start) => {
    const value = amiParameterValue(name);
    if (start === undefined) expect(value).toBeUndefined();
    else expect(value?.startsWith(start)).toBe(true);
    const answered = ask(state(), 'ssm.GetParameter', { Name: name });
    expect(answered?.status).toBe(start === undefined ? undefined : 200);
  });

  test('different images have different ids, the same image the same', () => {
    const of = (flavour: string) =>
      amiParameterValue(
        `/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/${flavour}/recommended/image_id`,
      );
    expect(of('standard')).toMatch(/^ami-0[0-9a-f]{16}$/);
    expect(of('standard')).toBe(of('standard'));
    expect(of('standard')).not.toBe(of('nvidia'));
  });

  test('quotas come from the table or from the control', () => {
    const asked = { ServiceCode: 'ec2', QuotaCode: 'L-DB2E81BA' };
    const value = (local: ReturnType<typeof state>) =>
      JSON.parse(text(ask(local, 'servicequotas.GetServiceQuota', asked))).Quota.Value;
    expect(value(state())).toBe(64);
    expect(value({ ...state(), quotas: { 'L-DB2E81BA': 0 } })).toBe(0);
    const unknown = ask(state(), 'servicequotas.GetServiceQuota', { ...asked, QuotaCode: 'L-0' });
    expect(text(unknown)).toContain('NoSuchResourceException');
  });

  test('tags of budgets are kept, creating goes on to the emulator', () => {
    const local = state();
    const ResourceARN = 'arn:aws:budgets::111122223333:budget/b';
    const created = ask(local, 'budgets.CreateBudget', {
      Budget: { BudgetName: 'b' },
      ResourceTags: ['a', 'c'].map((Key) => ({ Key, Value: '1' })),
    });
    expect(created).toBeUndefined();
    ask(local, 'budgets.TagResource', { ResourceARN, ResourceTags: [{ Key: 'b', Value: '2' }] });
    ask(local, 'budgets.UntagResource', { ResourceARN, ResourceTagKeys: ['a'] });
    expect(JSON.parse(text(ask(local, 'budgets.ListTagsForResource', { ResourceARN })))).toEqual({
      ResourceTags: [
        { Key: 'c', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
  });

  test('the policy of a file system can be deleted and put again', () => {
    const local = state();
    const policy = (method: string) => {
      const path = '/2015-02-01/file-systems/fs-1/policy';
      const asked = request(`${method} ${path}`, 'elasticfilesystem');
      return answerLocally(local, readCall(asked), asked);
    };
    expect(policy('GET')).toBeUndefined();
    expect(policy('DELETE')?.status).toBe(200);
    expect(policy('GET')?.headers).toMatchObject({ 'x-amzn-errortype': 'PolicyNotFound' });
    expect(policy('PUT')).toBeUndefined();
    expect(policy('GET')).toBeUndefined();
  });

  test('the caller is of another account only when that is asked for', () => {
    const asked = request('POST /', 'sts', form, 'Action=GetCallerIdentity');
    expect(answerLocally(state(), readCall(asked), asked)).toBeUndefined();
    const other = { ...state(), callerAccount: '999999999999' };
    expect(text(answerLocally(other, readCall(asked), asked))).toContain('999999999999');
  });
});

describe('patches', () => {
  const respond = (body: string, status = 200): HttpResponse => ({
    status,
    headers: {},
    body: new TextEncoder().encode(body),
  });
  const memory = newMemory();
  const patched = (service: string, operation: string, response: HttpResponse, body = '') => {
    const asked = request('POST /', service, {}, body);
    const call = { ...readCall(asked), operation, protocol: 'json' as const };
    return patchResponse({ account: '111122223333', memory }, call, asked, response);
  };

  test('a file system has a life cycle and a mount name, and keeps what it had', () => {
    const body = {
      FileSystems: [{ FileSystemId: 'fs-1', LustreConfiguration: { MountName: 'x' } }],
    };
    const shown = patched('fsx', 'DescribeFileSystems', respond(JSON.stringify(body)));
    expect(JSON.parse(text(shown)).FileSystems).toMatchObject([
      {
        FileSystemId: 'fs-1',
        Lifecycle: 'AVAILABLE',
        OwnerId: '111122223333',
        LustreConfiguration: { MountName: 'x' },
      },
    ]);
  });

  test('a file system keeps the version that it was made with', () => {
    const made = respond('{"FileSystem":{"FileSystemId":"fs-9"}}');
    const version = { FileSystemTypeVersion: '2.15' };
    const created = patched('fsx', 'CreateFileSystem', made, JSON.stringify(version));
    expect(JSON.parse(text(created)).FileSystem).toMatchObject(version);
    const listed = respond('{"FileSystems":[{"FileSystemId":"fs-9"},{"FileSystemId":"fs-0"}]}');
    const shown = JSON.parse(text(patched('fsx', 'DescribeFileSystems', listed))).FileSystems;
    expect(shown[0]).toMatchObject(version);
    expect(shown[1]).not.toHaveProperty('FileSystemTypeVersion');
  });

  test('a rule that names a group keeps its description', () => {
    const rule = (id: string, source: string, port: string) =>
      `<item><securityGroupRuleId>${id}</securityGroupRuleId><ipProtocol>tcp</ipProtocol><fromPort>${port}</fromPort>${source}</item>`;
    const group = '<referencedGroupInfo><groupId>sg-2</groupId></referencedGroupInfo>';
    const rules = rule('sgr-1', group, '443') + rule('sgr-2', group, '80');
    const asked = new URLSearchParams({
      'IpPermissions.1.IpProtocol': 'tcp',
      'IpPermissions.1.FromPort': '80',
      'IpPermissions.1.Groups.1.GroupId': 'sg-2',
      'IpPermissions.1.Groups.1.Description': 'a & b',
    });
    const form = asked.toString();
    const described = () => text(patched('ec2', 'DescribeSecurityGroupRules', respond(rules)));
    patched('ec2', 'AuthorizeSecurityGroupIngress', respond(rules), form);
    expect(described()).toBe(
      rules.replace('sgr-2</securityGroupRuleId>', '$&<description>a &amp; b</description>'),
    );
    const change = new URLSearchParams({
      'SecurityGroupRule.1.SecurityGroupRuleId': 'sgr-2',
      'SecurityGroupRule.1.SecurityGroupRule.ReferencedGroupId': 'sg-2',
      'SecurityGroupRule.1.SecurityGroupRule.Description': 'c',
    });
    patched('ec2', 'ModifySecurityGroupRules', respond('<x/>'), change.toString());
    expect(described()).toContain('<description>c</description>');
  });

  test('a deleted file system is gone at once', () => {
    expect(text(patched('fsx', 'DeleteFileSystem', respond('{}')))).toContain('FileSystemNotFound');
  });

  test('tags of a launch template do not show in its data', () => {
    const item = (type: string) =>
      `<item><resourceType>${type}</resourceType><tagSet>\n<item><key>k</key><value>v</value></item>\n</tagSet></item>`;
    const body = respond(
      `<set>${item('instance')}${item('launch-template')}${item('volume')}</set>`,
    );
    expect(text(patched('ec2', 'DescribeLaunchTemplateVersions', body))).toBe(
      `<set>${item('instance')}${item('volume')}</set>`,
    );
  });

  test('errors and other calls pass unchanged', () => {
    const failed = respond('{"__type":"FileSystemNotFound"}', 400);
    expect(patched('fsx', 'DeleteFileSystem', failed)).toBe(failed);
    const other = respond('<x/>');
    expect(patched('ec2', 'DescribeVpcs', other)).toBe(other);
  });
});
