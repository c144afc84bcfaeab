import { expect, test } from 'vitest';
import { z } from 'zod';
import { ToolError } from '../../../src/domain/errors.ts';
import { createKubectl, getObjects } from '../../../src/tools/kubernetes/kubectl.ts';
import { nodeSchema } from '../../../src/tools/kubernetes/objects/node.ts';
import { fakeKubectl } from '../support/fake-kubectl.ts';
import { type Answer, fakeProcesses } from '../support/fake-processes.ts';
import { recordedText } from '../support/step-scene.ts';

const clock = { now: () => 0, sleep: async () => {} };

function rehearse(answer: Answer | Promise<Answer>, signal = new AbortController().signal) {
  const processes = fakeProcesses(() => answer);
  const kubectl = createKubectl(
    { processes, clock },
    { kubectl: 'kubectl', kubeconfig: '/k', context: 'c', cwd: '/', env: {}, signal },
  );
  return { kubectl, processes };
}

test('takes nothing from the person, and a request gets less time than the process', async () => {
  const { kubectl, processes } = rehearse({ stdout: 'x' });
  expect(await kubectl.run(['get', 'nodes'])).toEqual({ kind: 'done', stdout: 'x' });
  expect(processes.ran[0]?.argv).toEqual([
    'kubectl',
    '--kubeconfig=/k',
    '--context=c',
    '--request-timeout=8s',
    'get',
    'nodes',
  ]);
});

test('what it prints when it fails is kept: auth can-i answers so', async () => {
  const { kubectl } = rehearse({ exitCode: 1, stdout: 'no\n' });
  expect(await kubectl.run(['auth', 'can-i'])).toMatchObject({ kind: 'failed', stdout: 'no\n' });
});

/** Runs until it is killed, as a server that never answers makes it. */
function hanging(signal: AbortSignal) {
  let end: (answer: Answer) => void = () => {};
  const made = rehearse(
    new Promise<Answer>((resolve) => {
      end = resolve;
    }),
    signal,
  );
  const { processes } = made;
  const kill = processes.signal;
  processes.signal = (pid, name) => {
    end({ exitCode: null, signal: 'SIGKILL' });
    return kill(pid, name);
  };
  return made;
}

test('a kubectl that hangs is killed with its whole group at the end of its time', async () => {
  const { kubectl, processes } = hanging(new AbortController().signal);
  expect(await kubectl.run(['get', 'nodes'], { timeoutMs: 20 })).toMatchObject({
    failure: { kind: 'timeout' },
  });
  expect(processes.signals).toEqual([[expect.any(Number), 'SIGKILL']]);
  expect(processes.signals[0]?.[0]).toBeLessThan(0);
});

test('a stop ends what runs', async () => {
  const stopper = new AbortController();
  const { kubectl } = hanging(stopper.signal);
  const result = kubectl.run(['get', 'nodes']);
  stopper.abort();
  expect(await result).toMatchObject({ failure: { kind: 'interrupted' } });
});

test('what cleans up runs after a stop, within its time', async () => {
  const stopper = new AbortController();
  stopper.abort();
  const done = rehearse({ stdout: 'deleted' }, stopper.signal);
  expect(await done.kubectl.run(['delete'], { evenWhenStopped: true })).toEqual({
    kind: 'done',
    stdout: 'deleted',
  });
  const { kubectl } = hanging(stopper.signal);
  expect(await kubectl.run(['delete'], { evenWhenStopped: true, timeoutMs: 20 })).toMatchObject({
    failure: { kind: 'timeout' },
  });
});

test.each([
  ['', []],
  [recordedText('gateway-auto'), ['Deployment', 'ReplicaSet', 'Pod', 'Pod']],
  [recordedText('coredns'), ['Deployment']],
])('none, a list or one object alone: a list, %#', async (stdout, kinds) => {
  const schema = z.object({ kind: z.string() });
  const found = await getObjects(
    fakeKubectl(() => stdout),
    schema,
    ['x'],
  );
  expect(found).toEqual({ kind: 'objects', items: kinds.map((kind) => ({ kind })) });
});

test('an object of another shape is named with where it is wrong', async () => {
  const kubectl = fakeKubectl(() => '{"kind":"List","items":[{"kind":"Pod"}]}');
  const found = getObjects(kubectl, nodeSchema, ['nodes']);
  await expect(found).rejects.toThrow(ToolError);
  await expect(found).rejects.toThrow(/kubectl get nodes .*items\.0\.kind/);
});
