import { expect, test } from 'vitest';
import { judgeInstanceTypes } from '../../../../src/domain/preflight/instance-types.ts';
import { group, types } from './sample-nodes.ts';

const judge = (...groups: ReturnType<typeof group>[]) =>
  judgeInstanceTypes(groups, types, 'eu-central-1').map(({ verdict, text }) => [verdict, text]);

test('types that exist are named once', () => {
  expect(judge(group({}), group({ name: 'other' }))).toEqual([['ok', 'm6i.large']]);
});

test('a type that does not exist cannot work', () => {
  expect(judge(group({ instanceTypes: ['m6i.large', 'm66.huge'] }))).toEqual([
    ['bad', 'general: there is no instance type "m66.huge" in eu-central-1'],
  ]);
});

test('GPUs are counted as EC2 counts them', () => {
  expect(judge(group({ instanceTypes: ['g5.xlarge'], gpusPerNode: 1 }))[0]?.[0]).toBe('ok');
  expect(judge(group({ instanceTypes: ['g5.xlarge'], gpusPerNode: 4 }))).toEqual([
    ['warn', 'general: "g5.xlarge" has a GPU count of 1, env.yaml says 4'],
  ]);
  expect(judge(group({ gpusPerNode: 1 }))[0]?.[0]).toBe('bad');
});
