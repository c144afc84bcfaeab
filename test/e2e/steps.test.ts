import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/domain/run-record.ts';
import { platform, startPlatform, waitForLine } from '../support/platform.ts';
import { makeSmallCluster, type SmallCluster } from '../support/small-cluster.ts';

const crd = (plural: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.tests.example.com }
spec:
  group: tests.example.com
  scope: Namespaced
  names: { plural: ${plural}, singular: ${plural}-one, kind: K${plural}, listKind: K${plural}List }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object } }
`;

/** One story on one cluster: first waits for two definitions, and second for first. */
describe('steps of a run', () => {
  let cluster: SmallCluster;
  let environment: string;
  const run = (...args: string[]) => platform(args, { cwd: cluster.tree.root });
  const json = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await run('--json', ...args);
    if (stdout === '') throw new Error(stderr);
    return { record: JSON.parse(stdout) as RunRecord, exitCode };
  };
  const declare = (deadlineSeconds: number) =>
    cluster.tree.write(
      'small/env.yaml',
      `${environment}
steps:
  first:
    - cluster
    - crds: { names: [ones.tests.example.com], deadlineSeconds: ${deadlineSeconds} }
    - nodes
  second:
    - crds: { names: [ones.tests.example.com] }
`,
    );
  const results = (record: RunRecord) =>
    record.units.map(({ unit, result, steps }) => ({
      unit,
      result,
      steps: steps.map((step) => `${step.step} ${step.result}`),
    }));

  beforeAll(async () => {
    cluster = await makeSmallCluster({
      units: { 'small/first': {}, 'small/second': { from: ['small/first'] } },
    });
    environment = await readFile(join(cluster.tree.root, 'small/env.yaml'), 'utf8');
  });
  afterAll(() => cluster.remove());

  test('a unit that does not exist is refused before anything is planned', async () => {
    await cluster.tree.write('small/env.yaml', `${environment}\nsteps: { frist: [cluster] }\n`);
    const { exitCode, stderr } = await run('apply', 'small', '--yes');
    expect(stderr).toContain('steps name the unit "frist", which does not exist');
    expect(exitCode).toBe(64);
    const { stdout } = await run('validate', 'small');
    expect(stdout).toContain('"frist"');
  });

  test('a stop inside a step: exit 130, what is missing was said, nothing further is begun', async () => {
    await declare(600);
    const started = startPlatform(['--json', 'apply', 'small', '--yes'], {
      cwd: cluster.tree.root,
    });
    await waitForLine(started, /^first: crds: .*ones\.tests\.example\.com/);
    started.kill('SIGINT');
    const { exitCode, stdout } = await started;
    expect(exitCode).toBe(130);
    expect(results(JSON.parse(stdout) as RunRecord)).toEqual([
      {
        unit: 'first',
        result: 'applied',
        steps: ['cluster passed', 'crds interrupted', 'nodes not-started'],
      },
      { unit: 'second', result: 'not-started', steps: ['crds not-started'] },
    ]);
    const { stdout: log } = await run('logs', 'first');
    expect(log).toMatch(/--- steps[\s\S]*crds: .*ones\.tests\.example\.com/);
  });

  test('resumed, a step that fails at its deadline leaves its unit applied and blocks the next', async () => {
    await declare(1);
    const { record, exitCode } = await json('apply', 'small', '--resume', '--yes');
    expect(exitCode).toBe(1);
    expect(results(record)).toEqual([
      {
        unit: 'first',
        result: 'unchanged',
        steps: ['cluster passed', 'crds failed', 'nodes not-started'],
      },
      { unit: 'second', result: 'skipped', steps: ['crds not-started'] },
    ]);
    expect(record.units[1]?.blockedBy).toEqual(['first']);
  });

  test('resumed again, once it is there, everything goes on', async () => {
    await cluster.kubectl(['apply', '--filename=-'], crd('ones'));
    const { record, exitCode } = await json('apply', 'small', '--resume', '--yes');
    expect(results(record)).toEqual([
      {
        unit: 'first',
        result: 'unchanged',
        steps: ['cluster passed', 'crds passed', 'nodes passed'],
      },
      { unit: 'second', result: 'applied', steps: ['crds passed'] },
    ]);
    expect(exitCode).toBe(0);
  });

  test('alone, all of them or one; an unknown name is refused with the near one', async () => {
    const { record, exitCode } = await json('steps', 'small');
    expect(exitCode).toBe(0);
    expect(results(record).flatMap(({ steps }) => steps)).toHaveLength(4);
    const one = await json('steps', 'small', 'nodes');
    expect(results(one.record)).toEqual([
      { unit: 'first', result: 'unchanged', steps: ['nodes passed'] },
    ]);
    const unknown = await run('steps', 'small', 'node');
    expect(unknown.stderr).toContain('did you mean "nodes"?');
    expect(unknown.exitCode).toBe(64);
  });

  test('--skip-steps neither runs nor waits', async () => {
    const { record, exitCode } = await json('apply', 'small', '--yes', '--skip-steps');
    expect(record.units.flatMap(({ steps }) => steps)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test('no token of the cluster is in any file that a run has left', async () => {
    const runs = join(cluster.tree.root, '.platform');
    const entries = await readdir(runs, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(10);
    for (const { parentPath, name } of files) {
      expect(await readFile(join(parentPath, name), 'utf8')).not.toContain('k8s-aws-v1.');
    }
  });
});
