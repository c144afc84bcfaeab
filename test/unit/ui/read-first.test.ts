import { expect, test } from 'vitest';
import { readFirst } from '../../../src/ui/summary/read-first.ts';
import { resource, runRecord, unitRecord } from '../support/records.ts';
import { failedApply, plannedRun, stoppedApply } from '../support/sample-run.ts';

test('what takes away comes before upgrades, failures and mocks', () => {
  expect(readFirst(plannedRun).map(({ kind, unit }) => `${kind} ${unit}`)).toEqual([
    'REPLACE node-groups',
    'UPGRADE eks',
    'FAILED acm-cert',
    'MOCK 1 unit',
  ]);
});

test('a replacement says its order, what forces it and from what to what', () => {
  const [replace] = readFirst(plannedRun);
  expect(replace?.text).toContain('destroy before create');
  expect(replace?.details.join()).toMatch(
    /ami_type +AL2_x86_64_GPU -> AL2023_x86_64_NVIDIA +\(forces it\)/,
  );
});

test('of two deletes in a unit the one that holds data comes first', () => {
  const resources = [
    resource({ address: 'null_resource.a', type: 'null_resource', actions: ['delete'] }),
    resource({
      address: 'aws_efs_file_system.b',
      type: 'aws_efs_file_system',
      actions: ['delete'],
    }),
  ];
  expect(readFirst(runRecord([unitRecord('s', { resources })])).map(({ text }) => text)).toEqual([
    'aws_efs_file_system.b',
    'null_resource.a',
  ]);
});

test.each([
  ['delete', 'DELETE', /^t\.a$/],
  ['forget', 'DELETE', /only from the state/],
  ['replace', 'REPLACE', /^t\.a/],
] as const)('%s is told', (action, kind, text) => {
  const unit = unitRecord('s', { resources: [resource({ address: 't.a', actions: [action] })] });
  const [item] = readFirst(runRecord([unit]));
  expect(item?.kind).toBe(kind);
  expect(item?.text).toMatch(text);
});

test.each(['create', 'update', 'import', 'move'] as const)('%s alone is not', (action) => {
  const unit = unitRecord('s', { resources: [resource({ actions: [action] })] });
  expect(readFirst(runRecord([unit]))).toEqual([]);
});

test('a replacement without a path says Terraform’s own reason', () => {
  const unit = unitRecord('s', {
    resources: [resource({ actions: ['replace'], reason: 'replace_because_tainted' })],
  });
  expect(readFirst(runRecord([unit]))[0]?.details).toContain('because tainted');
});

test('a failure says what it blocks and what to do', () => {
  expect(readFirst(failedApply)).toEqual([
    {
      kind: 'FAILED',
      unit: 'eks',
      text: 'Error acquiring the state lock',
      details: ['blocks node-groups', 'see who holds it: platform logs eks'],
    },
  ]);
});

test('a refusal is not called a failure', () => {
  const failure = { kind: 'refused', summary: 'was not approved: delete a' } as const;
  const unit = unitRecord('eks', { result: 'failed', failure });
  expect(readFirst(runRecord([unit]))[0]?.kind).toBe('REFUSED');
});

test('what was cut off says how far it came', () => {
  expect(readFirst(stoppedApply)[0]).toMatchObject({
    kind: 'CUT OFF',
    unit: 'eks',
    text: 'half done: 2 of 3 changes made',
  });
});

test('after an apply the warnings of its plan are history', () => {
  const replaced = unitRecord('a', {
    result: 'applied',
    resources: [resource({ actions: ['replace'] })],
  });
  expect(readFirst(runRecord([replaced], { command: 'apply' }))).toEqual([]);
  expect(readFirst(runRecord([replaced], { command: 'apply', endedAt: null }))).toHaveLength(1);
});

test('a check that does not hold is told', () => {
  expect(readFirst(runRecord([unitRecord('a', { warnings: ['check.x: no'] })]))).toEqual([
    { kind: 'CHECK', unit: 'a', text: 'check.x: no', details: [] },
  ]);
});
