import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askEks } from '../../../src/tools/aws/eks-client.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});
const named = (name: string, message: string) => Object.assign(new Error(message), { name });

test('an answer is an answer, and leaves nothing that waits', async () => {
  const stopper = new AbortController();
  expect(await askEks(async () => 'ACTIVE', stopper.signal)).toEqual({
    kind: 'answer',
    value: 'ACTIVE',
  });
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  [named('ResourceNotFoundException', 'no cluster'), { kind: 'absent' }],
  [
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    { kind: 'failed', failure: { kind: 'identity' } },
  ],
])('what the SDK throws becomes a member of the answer: %s', async (error, expected) => {
  expect(await askEks(() => Promise.reject(error))).toMatchObject(expected);
});

// A credential_process, or a sign-in, is bound by none of the SDK's timeouts.
test('a question that nobody answers ends by itself', async () => {
  const ended = vi.fn();
  const asked = askEks(never).then(ended);
  await vi.advanceTimersByTimeAsync(89_999);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await asked;
  expect(ended).toHaveBeenCalledWith({
    kind: 'failed',
    failure: {
      kind: 'unreachable',
      text: 'EKS: no answer within 90 s; does the credential_process or sign-in of the profile wait?',
    },
  });
});

test('an error that comes too late is not unhandled', async () => {
  const asked = askEks(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100_000));
    throw new Error('late');
  });
  await vi.advanceTimersByTimeAsync(200_000);
  expect(await asked).toMatchObject({ kind: 'failed', failure: { kind: 'unreachable' } });
});

test('a stop ends it at once, and one that came before it asks nothing', async () => {
  const interrupted = { kind: 'failed', failure: { kind: 'unreachable', text: 'interrupted' } };
  const stopper = new AbortController();
  const asked = askEks(never, stopper.signal);
  stopper.abort();
  expect(await asked).toEqual(interrupted);
  const question = vi.fn(never);
  expect(await askEks(question, stopper.signal)).toEqual(interrupted);
  expect(question).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
