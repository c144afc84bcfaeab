import { expect, test } from 'vitest';
import type { HttpRequest } from '../../../src/host/http.ts';
import { createApiClient } from '../../../src/sandbox/cluster/api-client.ts';

const target = { port: 6443, certificateAuthority: 'ca' };

/** A client of an API server that answers everything with this. */
function clientOf(status: number, body: unknown) {
  const sent: HttpRequest[] = [];
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const client = createApiClient(
    {
      sendTls: async (_, request) => {
        sent.push(request);
        return { status, headers: {}, body: new TextEncoder().encode(text) };
      },
    },
    target,
  );
  return { client, sent };
}

const missing = { kind: 'Status', message: 'pods "a" not found', code: 404 };

test('what is not there is undefined, empty, or was gone already', async () => {
  const { client } = clientOf(404, missing);
  expect(await client.get('/api/v1/namespaces/n/pods/a')).toBeUndefined();
  expect(await client.list('/apis/x.example.com/v1/things')).toEqual([]);
  expect(await client.remove('/api/v1/namespaces/n/pods/a')).toBe(false);
});

test('an object is read, a collection is its items', async () => {
  expect(await clientOf(200, { kind: 'Pod' }).client.get('/p')).toEqual({ kind: 'Pod' });
  const items = [{ kind: 'Pod' }];
  expect(await clientOf(200, { kind: 'PodList', items }).client.list('/p')).toEqual(items);
});

test.each([
  ['merge', 'application/merge-patch+json', '/p'],
  ['json', 'application/json-patch+json', '/p'],
  ['strategic', 'application/strategic-merge-patch+json', '/p'],
  ['apply', 'application/apply-patch+yaml', '/p?fieldManager=sandbox&force=true'],
] as const)('a patch by %s', async (kind, type, path) => {
  const { client, sent } = clientOf(200, {});
  await client.patch('/p', { a: 1 }, kind);
  expect(sent[0]).toMatchObject({ method: 'PATCH', path, headers: { 'content-type': type } });
  expect(new TextDecoder().decode(sent[0]?.body)).toBe('{"a":1}');
});

test('a refusal carries its status and the message of the API server', async () => {
  const { client } = clientOf(409, { kind: 'Status', message: 'the object has been modified' });
  await expect(client.create('/p', {})).rejects.toMatchObject({
    status: 409,
    message: 'the object has been modified',
  });
  // Not from the API: a proxy, or a server that is ending.
  await expect(clientOf(503, 'shutting down\n').client.get('/p')).rejects.toMatchObject({
    status: 503,
    message: 'shutting down',
  });
  await expect(clientOf(404, missing).client.patch('/p', {}, 'merge')).rejects.toMatchObject({
    status: 404,
  });
});
