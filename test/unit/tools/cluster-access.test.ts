import { describe, expect, test } from 'vitest';
import type { EksAnswer } from '../../../src/tools/aws/eks-client.ts';
import type { EksCluster, EksReader } from '../../../src/tools/aws/eks-reader.ts';
import { openClusterAccess } from '../../../src/tools/kubernetes/cluster-access.ts';
import { type Answer, fakeProcesses } from '../support/fake-processes.ts';
import { memoryFiles } from '../support/memory-files.ts';

const MINUTE_MS = 60_000;
const cluster: EksCluster = {
  name: 'c',
  arn: 'arn:aws:eks:r:111122223333:cluster/c',
  status: 'ACTIVE',
  version: '1.34',
  endpoint: 'https://127.0.0.1:6443',
  certificateAuthority: 'Q0E=',
  issues: [],
};
const unauthorized = 'error: You must be logged in to the server (Unauthorized)';

interface Given {
  readonly described?: EksAnswer<EksCluster>;
  readonly token?: Answer;
  /** First answers of the AWS CLI. */
  readonly tokens?: readonly Answer[];
  /** At the first write. */
  readonly diskIsFull?: boolean;
  /** Tokens that the API server does not accept. */
  readonly refused?: readonly string[];
}

function access({
  described = { kind: 'answer', value: cluster },
  token,
  tokens: firstTokens = [],
  diskIsFull = false,
  refused = [],
}: Given = {}) {
  let now = 0;
  const abort = new AbortController();
  let tokens = 0;
  const memory = memoryFiles();
  let isFull = diskIsFull;
  const files: typeof memory = {
    ...memory,
    writeAtomic: async (...write) => {
      if (isFull) {
        isFull = false;
        throw new Error('no space left on device');
      }
      return memory.writeAtomic(...write);
    },
  };
  const firsts = [...firstTokens];
  const kubeconfig = async () => (await files.read('/private/kubeconfig')) ?? '';
  const processes = fakeProcesses(async (line) => {
    if (line.startsWith('aws eks get-token')) {
      tokens += 1;
      const expirationTimestamp = new Date(now + 14 * MINUTE_MS).toISOString();
      const status = { token: `token-${tokens}`, expirationTimestamp };
      return firsts.shift() ?? token ?? { stdout: JSON.stringify({ status }) };
    }
    const text = await kubeconfig();
    if (refused.some((one) => text.includes(one))) return { exitCode: 1, stderr: unauthorized };
    return { stdout: 'node/a' };
  });
  const eks: EksReader = {
    cluster: async () => described,
    nodeGroups: () => Promise.reject(new Error('not asked')),
    addons: () => Promise.reject(new Error('not asked')),
    close: () => {},
  };
  const clock = { now: () => now, sleep: async () => {} };
  const opened = openClusterAccess({ processes, clock, files }, eks, {
    kubectl: 'kubectl',
    aws: 'aws',
    cluster: 'c',
    region: 'eu-central-1',
    directory: '/private',
    env: {},
    signal: abort.signal,
  });
  return {
    ...opened,
    stop: () => abort.abort(),
    files,
    kubeconfig,
    pass: (ms: number) => {
      now += ms;
    },
    tokens: () => tokens,
    ran: processes.ran,
  };
}

const get = (opened: ReturnType<typeof access>) => opened.kubectl.run(['get', 'nodes']);

describe('access to a cluster', () => {
  test('is a kubeconfig of its own, private, and gone at the end', async () => {
    const opened = access();
    expect(await get(opened)).toEqual({ kind: 'done', stdout: 'node/a' });
    const config = JSON.parse(await opened.kubeconfig());
    expect(config.clusters[0].cluster).toEqual({
      server: cluster.endpoint,
      'certificate-authority-data': 'Q0E=',
    });
    expect((await opened.files.stat('/private/kubeconfig'))?.mode).toBe(0o600);
    expect(opened.ran.at(-1)?.argv.slice(0, 3)).toEqual([
      'kubectl',
      '--kubeconfig=/private/kubeconfig',
      '--context=platform',
    ]);
    await opened.close();
    expect(opened.files.paths()).toEqual([]);
  });

  test('asks for one token, however many ask at once', async () => {
    const opened = access();
    await Promise.all([get(opened), get(opened), get(opened)]);
    await get(opened);
    expect(opened.tokens()).toBe(1);
  });

  test('takes no token that may end under a request', async () => {
    const opened = access();
    await get(opened);
    opened.pass(11 * MINUTE_MS);
    await get(opened);
    expect(opened.tokens()).toBe(1);
    opened.pass(2 * MINUTE_MS);
    await Promise.all([get(opened), get(opened)]);
    expect(opened.tokens()).toBe(2);
  });

  test('renews a token that is refused, once', async () => {
    const healed = access({ refused: ['token-1'] });
    expect(await get(healed)).toEqual({ kind: 'done', stdout: 'node/a' });
    expect(healed.tokens()).toBe(2);
    const barred = access({ refused: ['token-'] });
    expect(await get(barred)).toMatchObject({ kind: 'failed', failure: { kind: 'unauthorized' } });
    expect(barred.tokens()).toBe(2);
  });

  test.each<[string, Given]>([
    ['an answer that is no token', { tokens: [{ stdout: 'not a token' }] }],
    ['a disk that is full', { diskIsFull: true }],
  ])('%s is told once: the next call tries again', async (_, given) => {
    const opened = access(given);
    await expect(Promise.all([get(opened), get(opened)])).rejects.toThrow();
    expect(await get(opened)).toEqual({ kind: 'done', stdout: 'node/a' });
  });

  test('is still there for what cleans up after a stop, also with a new token', async () => {
    const opened = access();
    opened.stop();
    expect(await get(opened)).toMatchObject({ kind: 'failed' });
    const cleaned = await opened.kubectl.run(['delete', 'pod', 'a'], { evenWhenStopped: true });
    expect(cleaned.kind).toBe('done');
  });

  test.each<[string, Given, string]>([
    ['a cluster that is not there', { described: { kind: 'absent' } }, 'not-found'],
    [
      'a cluster without an endpoint yet',
      { described: { kind: 'answer', value: { ...cluster, endpoint: '' } } },
      'unreachable',
    ],
    [
      'AWS denies',
      { described: { kind: 'failed', failure: { kind: 'denied', text: 'no' } } },
      'forbidden',
    ],
    [
      'expired credentials',
      { token: { exitCode: 255, stderr: 'An error occurred (ExpiredToken) when calling' } },
      'unauthorized',
    ],
  ])('%s is a failure that says so', async (_, given, kind) => {
    expect(await get(access(given))).toMatchObject({ kind: 'failed', failure: { kind } });
  });
});
