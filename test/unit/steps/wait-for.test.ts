import { expect, test } from 'vitest';
import { deadlineIn } from '../../../src/steps/deadline.ts';
import { nameList } from '../../../src/steps/name-list.ts';
import { hopeless, passed, unanswered, type Verdict, waiting } from '../../../src/steps/verdict.ts';
import { waitFor } from '../../../src/steps/wait-for.ts';
import { shown, stepScene } from '../support/step-scene.ts';

function wait(verdicts: readonly Verdict[], seconds = 10, stopper = new AbortController()) {
  const left = [...verdicts];
  const scene = stepScene({ stopper });
  const looks: number[] = [];
  const startedAt = scene.clock.now();
  const options = { deadline: deadlineIn(scene.clock, seconds), next: 'look again' };
  const outcome = waitFor(scene, options, async () => {
    looks.push(scene.clock.now() - startedAt);
    return (left.length > 1 ? left.shift() : left[0]) ?? passed('');
  });
  return { outcome, looks, scene };
}

test('passes as soon as a look does', async () => {
  const { outcome, scene } = wait([waiting('1 of 2'), passed('2 of 2')]);
  expect(await outcome).toEqual({ kind: 'passed', text: '2 of 2', acted: false });
  expect(scene.said).toEqual(['1 of 2']);
});

test('looks less and less often, once more at the deadline, and then says what is missing', async () => {
  const { outcome, looks } = wait([waiting('1 of 2')], 20);
  expect(await outcome).toEqual({
    kind: 'failed',
    failure: { kind: 'failed', summary: '1 of 2 (waited 20 s)', next: 'look again' },
  });
  const pauses = looks.slice(1).map((at, index) => at - (looks[index] ?? 0));
  expect(pauses.slice(0, 3)).toEqual([500, 750, 1125]);
  expect(Math.max(...pauses)).toBe(5000);
  expect(looks.at(-1)).toBe(20_000);
});

test('what waiting does not help fails at once', async () => {
  const { outcome, looks } = wait([hopeless('gone', 'do this')]);
  expect(await outcome).toMatchObject({ failure: { summary: 'gone', next: 'do this' } });
  expect(looks).toHaveLength(1);
});

test('after a stop nothing is looked at', async () => {
  const stopper = new AbortController();
  stopper.abort();
  const { outcome, looks } = wait([passed('')], 10, stopper);
  expect(await outcome).toEqual({ kind: 'interrupted' });
  expect(looks).toEqual([]);
});

test('a stop ends the pause', async () => {
  const stopper = new AbortController();
  const scene = stepScene({ stopper, onProgress: () => stopper.abort() });
  const clock = { ...scene.clock, sleep: () => new Promise<void>(() => {}) };
  const options = { deadline: deadlineIn(clock, 10), next: '' };
  const outcome = waitFor({ ...scene, clock }, options, async () => waiting('something'));
  expect(await outcome).toEqual({ kind: 'interrupted' });
});

test.each([
  ['unauthorized', 'hopeless (identity): the API server does not accept the credentials: so'],
  ['forbidden', 'hopeless (failed): not allowed to read nodes: so'],
  ['tls', "hopeless (failed): the API server's certificate is not the cluster's: so"],
  ['not-started', 'hopeless (tool): kubectl does not start: so'],
  ['throttled', 'waiting: nodes: so'],
  ['unreachable', 'waiting: nodes: so'],
  ['timeout', 'waiting: nodes: so'],
  ['server-error', 'waiting: nodes: so'],
  ['no-such-kind', 'waiting: nodes: so'],
] as const)('%s: %s', (kind, expected) => {
  expect(shown(unanswered({ kind, text: 'so' }, 'nodes'))).toBe(expected);
});

test.each([
  [[], ''],
  [['a', 'b', 'c'], 'a, b, c'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
])('%j in a line: %j', (names, expected) => {
  expect(nameList(names)).toBe(expected);
});
