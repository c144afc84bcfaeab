import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/domain/run-record.ts';
import { type Checkout, makeCheckout } from '../support/checkout.ts';
import { platform, startPlatform, waitForLine } from '../support/platform.ts';

const UNITS = [
  'account',
  'cluster-iam',
  'eks',
  'gpu-operator',
  'istio-base',
  'istio-ingress',
  'istiod',
  'storage-ebs',
  'storage-efs',
  'storage-fsx',
  'vpc',
];
const GATEWAY = ['--namespace=istio-ingress'];

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
  const aws = async (...args: string[]) => {
    const env = {
      AWS_ENDPOINT_URL: await gateway(),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'eu-central-1',
    };
    return (await execa('aws', args, { env })).stdout;
  };
  const units = (record: RunRecord, result: string) =>
    record.units
      .filter((unit) => unit.result === result)
      .map(({ unit }) => unit)
      .sort();
  const steps = (record: RunRecord) =>
    record.units.flatMap(({ unit, steps: own }) => own.map((step) => ({ unit, ...step })));
  const stepOf = (record: RunRecord, name: string) =>
    steps(record).find(({ step }) => step === name);
  /** Plain kubectl, as a person would call it after `platform kubeconfig sandbox`. */
  const kubectl = async (args: readonly string[], input = '') =>
    (
      await execa('kubectl', args, {
        env: { KUBECONFIG: join(checkout.root, '.kubeconfig') },
        input,
      })
    ).stdout;
  const gatewayImages = () =>
    kubectl([
      'get',
      'pods',
      ...GATEWAY,
      '--selector=istio=ingress',
      '--output=jsonpath={.items[*].spec.containers[*].image}',
    ]);

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

  test('every step has passed, with what holds in numbers', async () => {
    const { stdout } = await run('--json', 'runs', 'show');
    const record = JSON.parse(stdout) as RunRecord;
    expect(steps(record).map(({ unit, step }) => `${unit} ${step}`)).toEqual([
      'eks cluster',
      'eks node-groups',
      'eks addons',
      'eks nodes',
      'eks coredns',
      'istio-base crds',
      'istiod webhooks',
      'istio-ingress istio-restart',
      'istio-ingress load-balancer',
      'storage-ebs storage-class',
      'gpu-operator crds',
      'gpu-operator gpu-check',
    ]);
    expect(steps(record).filter(({ result }) => result !== 'passed')).toEqual([]);
    expect(stepOf(record, 'nodes')?.text).toContain('3 of 3');
    expect(stepOf(record, 'gpu-check')?.text).toMatch(/\b1 of 1\b/);
  });

  test('no kubeconfig with a token stays behind in a record', async () => {
    const runs = join(checkout.root, '.platform/runs');
    const files = await readdir(runs, { recursive: true });
    expect(files.some((file) => file.endsWith('run.json'))).toBe(true);
    expect(files.filter((file) => file.endsWith('kubeconfig'))).toEqual([]);
  });

  test('kubeconfig gives plain kubectl the way in', async () => {
    const file = join(checkout.root, '.kubeconfig');
    const { exitCode, stdout, stderr } = await run('kubeconfig', 'sandbox', '--kubeconfig', file);
    expect(stderr).not.toContain('error');
    expect(stdout).toContain('is running at https://127.0.0.1:');
    expect(exitCode).toBe(0);
    const nodes = await kubectl(['get', 'nodes', '--no-headers']);
    expect(nodes.trim().split('\n')).toHaveLength(3);
    expect(nodes).not.toContain('NotReady');
  });

  test('the next apply has nothing to do, proves everything again and restarts nothing', async () => {
    const before = await kubectl(['get', 'pods', ...GATEWAY, '--output=name']);
    const { record, exitCode } = await json('apply', 'sandbox');
    expect(exitCode).toBe(0);
    expect(units(record, 'unchanged')).toEqual(UNITS);
    expect(steps(record).filter(({ result }) => result !== 'passed')).toEqual([]);
    expect(stepOf(record, 'istio-restart')?.acted).toBe(false);
    expect(await kubectl(['get', 'pods', ...GATEWAY, '--output=name'])).toBe(before);
  });

  test('no state holds the value of a mock', async () => {
    const file = await readFile(join(checkout.root, 'live/_shared/mocks.hcl'), 'utf8');
    const literals = [...file.matchAll(/"([^"\n]*)"/g)].map(([, text]) => text ?? '');
    // The others ("aws", names of commands) say nothing.
    const mocks = literals.filter((text) => /mock|000000000000|192\.0\.2\.|bW9jaw/.test(text));
    expect(mocks.length).toBeGreaterThan(20);
    for (const unit of UNITS) {
      const state = await aws(
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
    expect(stdout).toContain('cluster mlp-sandbox: ACTIVE');
    expect(stdout).toMatch(/version +Kubernetes 1\.\d\d, standard support/);
    expect(stdout).toMatch(/GPUs +1 expected, 1 allocatable/);
    expect(stdout).toMatch(/mesh +istiod \S+, 2 proxies, 0 of another version/);
  });

  test('a gateway that was there before the injector keeps its image, and the restart heals it', async () => {
    const { exitCode: gone } = await json('destroy', 'sandbox', 'istiod', '--yes');
    expect(gone).toBe(0);
    // The order that platforms have where nobody wrote it down.
    const unit = (name: string) => join(checkout.root, 'live/sandbox', name, 'terragrunt.hcl');
    const swap = async (name: string, from: string, to: string) => {
      const text = await readFile(unit(name), 'utf8');
      expect(text).toContain(from);
      await writeFile(unit(name), text.replace(from, to));
    };
    const env = join(checkout.root, 'live/sandbox/env.yaml');
    const before = await readFile(env, 'utf8');
    await swap('istio-ingress', '"../istiod"', '"../istio-base"');
    await swap('istiod', '"../istio-base"', '"../istio-base", "../istio-ingress"');
    await edit(/ {2}istio-ingress:\n {4}- istio-restart\n.*\n/, '');
    await edit('  istiod:\n', '  istiod:\n    - istio-restart\n');
    const { record, exitCode } = await json('apply', 'sandbox', '--yes');
    expect(units(record, 'applied')).toEqual(['istio-ingress', 'istiod']);
    expect(stepOf(record, 'istio-restart')).toMatchObject({ result: 'passed', acted: true });
    expect(stepOf(record, 'istio-restart')?.text).toContain('auto');
    expect(exitCode).toBe(0);
    expect(await gatewayImages()).toMatch(/^(\S+\/proxyv2:\S+ ?)+$/);
    await writeFile(env, before);
    await swap('istio-ingress', '"../istio-base"', '"../istiod"');
    await swap('istiod', '"../istio-base", "../istio-ingress"', '"../istio-base"');
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
    const keys = await aws('s3api', ...list);
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
    expect(stdout).toBe(`valid: ${UNITS.length} units\n`);
    expect(exitCode).toBe(0);
  });

  test('destroy takes away first what the cluster made, and leaves nothing in any state', async () => {
    await kubectl(['apply', '--filename=-'], LOADED);
    await kubectl(['wait', 'pvc/data', '--for=jsonpath={.status.phase}=Bound', '--timeout=60s']);
    await kubectl([
      'wait',
      'service/web',
      '--for=jsonpath={.status.loadBalancer.ingress[0].hostname}',
      '--timeout=60s',
    ]);
    const balancers = await aws('elbv2', 'describe-load-balancers', '--query=LoadBalancers[].Type');
    expect(JSON.parse(balancers)).toHaveLength(2);
    const { record, exitCode } = await json('destroy', 'sandbox', '--yes');
    expect(units(record, 'failed')).toEqual([]);
    expect(steps(record).map(({ step, result }) => `${step} ${result}`)).toEqual([
      'reach-cluster passed',
      'remove-load-balancers passed',
      'remove-volumes passed',
      'sweep passed',
    ]);
    expect(exitCode).toBe(0);
    const left = await aws('elbv2', 'describe-load-balancers', '--query=LoadBalancers[].Type');
    expect(JSON.parse(left)).toEqual([]);
    expect(JSON.parse(await aws('ec2', 'describe-volumes', '--query=Volumes[].VolumeId'))).toEqual(
      [],
    );
    const { stdout } = await run('--json', 'status', 'sandbox');
    const status = JSON.parse(stdout) as {
      units: { unit: string; state: { kind: string } }[];
      cluster: { kind: string };
    };
    expect(status.units.map(({ state }) => state.kind)).toEqual(UNITS.map(() => 'empty'));
    expect(status.cluster.kind).toBe('absent');
  });
});

/** A Service with a load balancer and a claim with a volume, made by a person and no unit. */
const LOADED = `apiVersion: v1
kind: Service
metadata: { name: web, annotations: { service.beta.kubernetes.io/aws-load-balancer-type: external } }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: once }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: busybox, volumeMounts: [{ name: data, mountPath: /data }] }]
      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`;
