import { expect, test } from 'vitest';
import { STEP_NAMES } from '../../../src/domain/steps/step-declaration.ts';
import { deadlineSecondsOf, runStep, STEPS, stepIntent } from '../../../src/steps/all-steps.ts';
import { fakeKubectl } from '../support/fake-kubectl.ts';
import { stepScene } from '../support/step-scene.ts';

test.each(STEP_NAMES)('%s is there under its name and says what it does', (name) => {
  expect(STEPS[name].name).toBe(name);
  expect(stepIntent({ name, options: {} }).does).toMatch(/^waits until .*[^.]$/);
});

test('only the restart changes something', () => {
  const acting = STEP_NAMES.filter((name) => stepIntent({ name, options: {} }).kubectl);
  expect(acting).toEqual(['istio-restart']);
});

test('what env.yaml says stands in the intent', () => {
  const options = { crds: { names: ['a.b', 'c.d'] } };
  expect(stepIntent({ name: 'crds', options }).does).toContain('a.b, c.d');
});

test('the deadline of env.yaml goes before the own one', () => {
  expect(deadlineSecondsOf({ name: 'crds', options: {} })).toBe(120);
  const options = { crds: { names: ['a.b'], deadlineSeconds: 7 } };
  expect(deadlineSecondsOf({ name: 'crds', options })).toBe(7);
});

test('the deadline of env.yaml is the one that is waited for', async () => {
  const scene = stepScene({ kubectl: fakeKubectl(() => '') });
  const options = { 'storage-class': { deadlineSeconds: 7 } };
  expect(await runStep(scene, { name: 'storage-class', options })).toMatchObject({
    failure: { summary: expect.stringContaining('(waited 7 s)') },
  });
});

test('an answer that cannot be read fails the step', async () => {
  const scene = stepScene({ kubectl: fakeKubectl(() => 'Welcome!') });
  expect(await runStep(scene, { name: 'storage-class', options: {} })).toMatchObject({
    kind: 'failed',
    failure: { kind: 'unreadable', summary: expect.stringContaining('answered what is not JSON') },
  });
});

test('a bug of ours is not taken for a failure of the step', async () => {
  const kubectl = fakeKubectl(() => undefined);
  const step = runStep(stepScene({ kubectl }), { name: 'storage-class', options: {} });
  await expect(step).rejects.toThrow('unexpected: kubectl get');
});
