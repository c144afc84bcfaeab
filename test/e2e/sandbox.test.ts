import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/domain/run-record.ts';
import { type Checkout, makeCheckout } from '../support/checkout.ts';
import { platform, startPlatform, waitForLine } from '../support/platform.ts';

const UNITS = ['account', 'cluster-iam', 'vpc', 'eks', 'storage-ebs', 'storage-efs', 'storage-fsx'];

/** One story on one sandbox, in order: a person's first day. */
describe('the sandbox, with real Terragrunt, Terraform and hashicorp/aws', () => {
  let checkout: Checkout;
  const run = (...args: string[]) => platform(args, { cwd: checkout.root });
  const json = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await run('--json', ...args);
    if (stdout === '') throw new Error(stderr);
    return { record: JSON.parse(stdout) as RunRecord, exitCode };
  };
  const edit = async (from: string | RegExp, to: string) => {
    const file = join(checkout.root, 'live/sandbox/env.yaml');
    const before = await readFile(file, 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    await writeFile(file, after);
  };
  const gateway = async (): Promise<string> => {
    const { stdout } = await run('--json', 'sandbox', 'status');
    const { sandbox } = JSON.parse(stdout) as { sandbox: { info: { gatewayPort: number } } };
    return `http://127.0.0.1:${sandbox.info.gatewayPort}`;
  };
  const s3 = async (...args: string[]) => {
    const env = {
      AWS_ENDPOINT_URL: await gateway(),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
    };
    return (await execa('aws', args, { env })).stdout;
  };
  const units = (record: RunRecord, result: string) =>
    record.units.filter((unit) => unit.result === result).map(({ unit }) => unit);

  beforeAll(async () => {
    checkout = await makeCheckout();
  });
  afterAll(async () => {
    await run('sandbox', 'reset');
    await checkout.remove();
  });

  test('apply from nothing applies every unit, each on real outputs', async () => {
    const { record, exitCode } = await json('apply', 'sandbox');
    expect(units(record, 'failed')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(units(record, 'applied')).toEqual(UNITS);
    for (const unit of record.units.filter(({ label }) => label === 'mocked')) {
      expect(unit.phases.map(({ phase }) => phase)).toEqual(['plan', 'replan', 'apply']);
    }
    expect(record.units.every(({ durationMs }) => durationMs > 0)).toBe(true);
  });

  test('no state holds the value of a mock', async () => {
    const file = await readFile(join(checkout.root, 'live/_shared/mocks.hcl'), 'utf8');
    const literals = [...file.matchAll(/"([^"\n]*)"/g)].map(([, text]) => text ?? '');
    // The others ("aws", names of commands) say nothing.
    const mocks = literals.filter((text) => /mock|000000000000|192\.0\.2\.|bW9jaw/.test(text));
    expect(mocks.length).toBeGreaterThan(20);
    for (const unit of UNITS) {
      const state = await s3(
        's3',
        'cp',
        `s3://mlp-sandbox-state/sandbox/${unit}/terraform.tfstate`,
        '-',
      );
      expect(state).toContain('"lineage"');
      expect(mocks.filter((text) => state.includes(`"${text}"`))).toEqual([]);
    }
  });

  test('the next plan has no changes anywhere', async () => {
    const { record, exitCode } = await json('plan', 'sandbox', '--detailed-exitcode');
    expect(record.units.filter(({ label }) => label !== 'no-changes')).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test('status counts resources and knows the cluster', async () => {
    const { stdout } = await run('status', 'sandbox');
    expect(stdout).toMatch(/vpc +applied, \d\d resources/);
    expect(stdout).toMatch(/cluster mlp-sandbox: Kubernetes 1\.\d\d, ACTIVE/);
  });

  test('a tag and a node-group size: plan names exactly these two and exits 2', async () => {
    await edit('tags: {} ', 'tags: { team: ml } ');
    await edit('desiredSize: 2', 'desiredSize: 3');
    const { record, exitCode } = await json('plan', 'sandbox', '--detailed-exitcode');
    expect(exitCode).toBe(2);
    const changed = record.units.flatMap(({ unit, resources }) =>
      resources.map(({ address, actions }) => `${unit} ${address} ${actions.join()}`),
    );
    expect(changed.sort()).toEqual([
      'eks aws_eks_node_group.this["general"] update',
      'vpc aws_vpc.this update',
    ]);
    // A tag is in no output, so nothing below has to be planned again.
    const labels = new Set(record.units.map(({ label }) => label));
    expect([...labels].sort()).toEqual(['exact', 'no-changes']);
    const { stdout } = await run('runs', 'show');
    expect(stdout).toMatch(/~ vpc {2}aws_vpc\.this {2}tags/);
  });

  test('interrupted, the apply leaves no lock and no half-written state', async () => {
    const url = await gateway();
    await fetch(`${url}/_platform/latency`, { method: 'POST', body: '{"callMs":400}' });
    const apply = startPlatform(['apply', 'sandbox'], { cwd: checkout.root });
    await waitForLine(apply, /^vpc: applying/);
    process.kill(apply.pid ?? 0, 'SIGINT');
    const { exitCode, stdout } = await apply;
    await fetch(`${url}/_platform/latency`, { method: 'DELETE' });
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/STOPPED {3}by Ctrl-C/);
    const list = ['list-objects-v2', '--bucket=mlp-sandbox-state', '--query=Contents[].Key'];
    const keys = await s3('s3api', ...list);
    expect(keys).toContain('sandbox/vpc/terraform.tfstate');
    expect(keys).not.toContain('.tflock');
  });

  test('apply goes on where it stopped and touches only what changes', async () => {
    const { record, exitCode } = await json('apply', 'sandbox');
    expect(exitCode).toBe(0);
    const applied = units(record, 'applied');
    expect(applied).toContain('eks');
    expect(applied.every((unit) => unit === 'vpc' || unit === 'eks')).toBe(true);
  });

  test('validate is content with the tree', async () => {
    const { stdout, exitCode } = await run('validate', 'sandbox');
    expect(stdout).toBe('valid: 7 units\n');
    expect(exitCode).toBe(0);
  });

  test('destroy leaves nothing in any state', async () => {
    const { record, exitCode } = await json('destroy', 'sandbox', '--yes');
    expect(units(record, 'failed')).toEqual([]);
    expect(exitCode).toBe(0);
    const { stdout } = await run('--json', 'status', 'sandbox');
    const status = JSON.parse(stdout) as {
      units: { unit: string; state: { kind: string } }[];
      cluster: { kind: string };
    };
    expect(status.units.map(({ state }) => state.kind)).toEqual(UNITS.map(() => 'empty'));
    expect(status.cluster.kind).toBe('absent');
  });
});
