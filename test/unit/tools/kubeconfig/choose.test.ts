import { expect, test } from 'vitest';
import { chooseKubeconfig } from '../../../../src/tools/kubernetes/kubeconfig/choose.ts';
import { unusable } from '../../../../src/tools/kubernetes/kubeconfig/content.ts';
import { newKubeconfig } from '../../../../src/tools/kubernetes/kubeconfig/entry.ts';
import { ARN, entry } from './entries.ts';

const OURS = newKubeconfig(entry, false);
const OTHER = 'clusters: []\ncurrent-context: minikube\n';
const BROKEN = '[';

test.each([
  ['the first of all', [OTHER, OTHER], '/0'],
  ['one that is not there yet', [undefined, OTHER], '/0'],
  ['the one that knows the cluster', [OTHER, OURS, OURS], '/1'],
  ['the one that knows it, behind broken ones', [BROKEN, OURS], '/1'],
  ['the first, also when it is broken', [BROKEN, OTHER], '/0'],
] as const)('%s is written', (_, texts, path) => {
  const [first, ...others] = texts.map((text, index) => ({ path: `/${index}`, text }));
  if (first === undefined) throw new Error('no candidate');
  expect(chooseKubeconfig([first, ...others], ARN).path).toBe(path);
});

test('files that cannot be read are told of, but not the one that is refused anyway', () => {
  const candidates = [
    { path: '/0', text: BROKEN },
    { path: '/1', text: unusable('is a folder') },
    { path: '/2', text: OTHER },
  ] as const;
  expect(chooseKubeconfig([...candidates], ARN).passed).toEqual([
    { path: '/1', why: 'is a folder' },
  ]);
});

test.each([
  ['in front has one', [OTHER, OURS], { path: '/0', context: 'minikube' }],
  ['behind has one', [OURS, OTHER], undefined],
  ['in front has none', ['clusters: []\n', OURS], undefined],
] as const)('a current context that a file %s', (_, [first, second], expected) => {
  const choice = chooseKubeconfig(
    [
      { path: '/0', text: first },
      { path: '/1', text: second },
    ],
    ARN,
  );
  expect(choice.overruledBy).toEqual(expected);
});
