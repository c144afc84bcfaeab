import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ApprovedPlan, beyondApproval } from '../../../src/domain/approval.ts';
import type { ResourceAction, ResourceChange } from '../../../src/domain/plan.ts';
import { changeOf } from '../support/records.ts';

const ACTIONS: readonly ResourceAction[] = [
  'create',
  'update',
  'delete',
  'replace',
  'import',
  'move',
  'forget',
];

const approved = (
  label: ApprovedPlan['label'],
  isNew: boolean,
  ...resources: ResourceChange[]
): ApprovedPlan => ({ label, isNew, resources });

test.each(ACTIONS)('a provisional unit may do what was shown and nothing else: %s', (action) => {
  const shown = changeOf('a', action);
  expect(beyondApproval(approved('provisional', false, shown), [shown])).toEqual([]);
  expect(beyondApproval(approved('provisional', false), [shown])).toEqual([`${action} a`]);
  const elsewhere = changeOf('b', action);
  expect(beyondApproval(approved('provisional', false, shown), [elsewhere])).toEqual([
    `${action} b`,
  ]);
});

test.each(ACTIONS)('a mocked unit without a state may create and nothing else: %s', (action) => {
  const planned = [changeOf('a', action)];
  const expected = action === 'create' ? [] : [`${action} a`];
  expect(beyondApproval(approved('mocked', true), planned)).toEqual(expected);
  // What was shown was a guess: it covers nothing.
  expect(beyondApproval(approved('mocked', true, ...planned), planned)).toEqual(expected);
});

test.each(ACTIONS)('a mocked unit that has a state may do nothing: %s', (action) => {
  const planned = [changeOf('a', action)];
  expect(beyondApproval(approved('mocked', false, ...planned), planned)).toEqual([`${action} a`]);
});

test('each action of a resource is asked about by itself', () => {
  const shown = changeOf('a', 'move');
  expect(
    beyondApproval(approved('provisional', false, shown), [changeOf('a', 'update', 'move')]),
  ).toEqual(['update a']);
});

test('a replacement is not covered by an update that was shown, nor the other way round', () => {
  const update = approved('provisional', false, changeOf('a', 'update'));
  expect(beyondApproval(update, [changeOf('a', 'replace')])).toEqual(['replace a']);
  const replace = approved('provisional', false, changeOf('a', 'replace'));
  expect(beyondApproval(replace, [changeOf('a', 'update')])).toEqual(['update a']);
});

test('an update is what was shown: no attribute more, no other value of those that people decide on', () => {
  const update = (attributes: string[], version: string) => ({
    ...changeOf('cluster', 'update'),
    attributes,
    values: [{ attribute: 'version', before: '1.32', after: version }],
  });
  const shown = approved('provisional', false, update(['tags', 'version'], '1.33'));
  expect(beyondApproval(shown, [update(['version'], '1.33')])).toEqual([]);
  expect(beyondApproval(shown, [update(['version', 'role'], '1.33')])).toEqual(['update cluster']);
  expect(beyondApproval(shown, [update(['version'], '1.34')])).toEqual(['update cluster']);
  const tags = { ...changeOf('cluster', 'update'), attributes: ['tags'], values: [] };
  const onlyTags = approved('provisional', false, tags);
  expect(beyondApproval(onlyTags, [update(['tags', 'version'], '1.33')])).toEqual([
    'update cluster',
  ]);
});

test('doing less than was approved is inside it', () => {
  const all = approved('provisional', false, changeOf('a', 'create'), changeOf('b', 'delete'));
  expect(beyondApproval(all, [changeOf('a', 'create')])).toEqual([]);
  expect(beyondApproval(all, [])).toEqual([]);
});

test('whatever was approved, a delete, replacement or forget that was not shown is beyond it', () => {
  const change = fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...ACTIONS))
    .map(([address, action]) => changeOf(address, action));
  const anyApproval = fc.record({
    label: fc.constantFrom('exact', 'provisional', 'mocked'),
    isNew: fc.boolean(),
    resources: fc.array(change),
  });
  fc.assert(
    fc.property(anyApproval, fc.array(change), (approval, planned) => {
      const shown = new Set(
        approval.resources.map(({ actions, address }) => `${actions[0]} ${address}`),
      );
      const dangerous = planned
        .map(({ actions, address }) => `${actions[0]} ${address}`)
        .filter((text) => /^(delete|replace|forget)/.test(text) && !shown.has(text));
      expect(beyondApproval(approval, planned)).toEqual(expect.arrayContaining(dangerous));
    }),
  );
});
