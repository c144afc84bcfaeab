import { expect, test } from 'vitest';
import type { RunRecord } from '../../../src/domain/run-record.ts';
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

test('what holds data comes first whichever unit it is of', () => {
  const units = [
    unitRecord('a', { resources: [resource({ address: 't.a', actions: ['replace'] })] }),
    unitRecord('b', {
      resources: [resource({ address: 'v.b', type: 'aws_vpc', actions: ['delete'] })],
    }),
  ];
  expect(readFirst(runRecord(units)).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'DELETE v.b',
    'REPLACE t.a, destroy before create',
  ]);
});

const CRD = '["apiextensions.k8s.io/CustomResourceDefinition/_/a"]';

test.each([
  ['aws_eks_cluster', 'a.b', 'delete', ['the cluster and all that runs on it']],
  ['aws_eks_node_group', 'a.b', 'delete', ['its nodes are drained and ended']],
  ['aws_dynamodb_table', 'a.b', 'replace', ['what it holds is lost']],
  ['kustomization_resource', `a.b${CRD}`, 'delete', ['with a CRD go all resources of its kind']],
  ['helm_release', 'a.crds', 'delete', [/its CRDs go/]],
  ['helm_release', 'a.b', 'delete', []],
  ['aws_vpc', 'a.b', 'forget', []],
] as const)('%s %s, %s: what is lost', (type, address, action, details) => {
  const unit = unitRecord('s', { resources: [resource({ type, address, actions: [action] })] });
  const expected = details.map((text) => expect.stringMatching(text));
  expect(readFirst(runRecord([unit]))[0]?.details).toEqual(expected);
});

const versioned = (type: string, address: string) =>
  resource({
    type,
    address,
    actions: ['update'],
    values: [{ attribute: 'version', before: '1.23.0', after: '1.24.0' }],
  });

test('a cluster comes before charts, and names its add-ons', () => {
  const cluster = versioned('aws_eks_cluster', 'aws_eks_cluster.this');
  const addOns = ['this["vpc-cni"]', 'coredns'].map((name) =>
    resource({ type: 'aws_eks_addon', address: `aws_eks_addon.${name}`, actions: ['update'] }),
  );
  const units = [
    unitRecord('istio', { resources: [versioned('helm_release', 'helm_release.istiod')] }),
    unitRecord('eks', { resources: [cluster, ...addOns] }),
    unitRecord('ng', { resources: [versioned('aws_eks_node_group', 'aws_eks_node_group.a')] }),
  ];
  expect(readFirst(runRecord(units))).toEqual([
    {
      kind: 'UPGRADE',
      unit: 'eks',
      text: 'aws_eks_cluster.this, 1.23.0 -> 1.24.0',
      details: [
        'AWS rolls back to the previous minor for a limited time only',
        'add-ons in this plan: vpc-cni, aws_eks_addon.coredns',
      ],
    },
    {
      kind: 'UPGRADE',
      unit: 'istio',
      text: 'helm_release.istiod, 1.23.0 -> 1.24.0',
      details: ['a chart with CRDs does not go back by itself'],
    },
  ]);
});

test('without add-ons in the plan nothing is said of them', () => {
  const [upgrade] = readFirst(plannedRun).filter(({ kind }) => kind === 'UPGRADE');
  expect(upgrade?.details).toHaveLength(1);
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

test('a failure that blocks nothing says nothing of it', () => {
  const unit = unitRecord('eks', {
    result: 'failed',
    failure: { kind: 'failed', summary: 'no', address: 't.a' },
  });
  expect(readFirst(runRecord([unit, unitRecord('dns')]))[0]?.details).toEqual(['t.a']);
});

test('a refusal is not called a failure', () => {
  const failure = { kind: 'refused', summary: 'was not approved: delete a' } as const;
  const unit = unitRecord('eks', { result: 'failed', failure });
  expect(readFirst(runRecord([unit]))[0]?.kind).toBe('REFUSED');
});

test('why a run was refused comes before all else, with what to do', () => {
  const refused: RunRecord['refused'] = [
    { kind: 'guard', unit: 'node-groups', why: 'it is protected', next: '--allow-destroy' },
    { kind: 'bound', unit: '', why: 'the commit was a and is b', next: 'plan again' },
  ];
  const run: RunRecord = { ...plannedRun, refused, command: 'apply', endedAt: null };
  expect(readFirst(run).slice(0, 3)).toEqual([
    { kind: 'REFUSED', unit: 'node-groups', text: 'it is protected', details: ['--allow-destroy'] },
    {
      kind: 'REFUSED',
      unit: 'this run',
      text: 'the commit was a and is b',
      details: ['plan again'],
    },
    readFirst(plannedRun)[0],
  ]);
  expect(readFirst({ ...run, endedAt: plannedRun.endedAt })).toHaveLength(3);
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
