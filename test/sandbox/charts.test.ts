import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeClusterCommand } from '@aws-sdk/client-eks';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chartEnvironment } from '../../src/sandbox/environment.ts';
import { REPOSITORY } from '../support/platform.ts';
import { makeSmallCluster, type SmallCluster } from '../support/small-cluster.ts';
import { terraformEnvironment, toolPath } from '../support/terraform.ts';

/** In the order of their edges. */
const UNITS = ['istio-base', 'istiod', 'istio-ingress', 'gpu-operator'] as const;
type Unit = (typeof UNITS)[number];

interface Rendered {
  readonly generate: Readonly<Record<string, { path: string; contents: string; disable: boolean }>>;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What Terragrunt makes of a unit of the sandbox, without asking for anybody's outputs. */
async function render(unit: Unit, env: Readonly<Record<string, string>>): Promise<Rendered> {
  const { stdout } = await execa(
    await toolPath('terragrunt'),
    [
      ...['render', '--json', '--non-interactive', '--log-level=error'],
      ...['--experiment=optional-dependency-outputs', '--no-dependency-outputs'],
    ],
    { cwd: join(REPOSITORY, 'live/sandbox', unit), env },
  );
  return JSON.parse(stdout) as Rendered;
}

describe('units with a chart, on an API server of the sandbox', () => {
  let cluster: SmallCluster;
  let folder: string;
  let apply: (unit: Unit) => Promise<string>;
  let destroy: (unit: Unit) => Promise<string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platform-charts-'));
    cluster = await makeSmallCluster({ nodeGroups: { general: { desiredSize: 2 } } });
    const env = {
      ...(await terraformEnvironment()),
      ...cluster.env,
      ...chartEnvironment(
        { gatewayPort: Number(new URL(cluster.gatewayUrl).port) },
        { directory: folder },
      ),
    };
    const binary = await toolPath('terraform');
    const described = await cluster.eks.send(
      new DescribeClusterCommand({ name: cluster.clusterName }),
    );
    const inputs = {
      cluster_name: cluster.clusterName,
      cluster_endpoint: described.cluster?.endpoint,
      cluster_certificate_authority: described.cluster?.certificateAuthority?.data,
    };
    for (const unit of UNITS) {
      const path = join(folder, unit);
      await cp(join(REPOSITORY, 'infra', unit), path, {
        recursive: true,
        filter: (name) => !/\.terraform(\.lock\.hcl)?$/.test(name),
      });
      const rendered = await render(unit, env);
      for (const file of Object.values(rendered.generate)) {
        if (!file.disable) await writeFile(join(path, file.path), file.contents);
      }
      // A null input is one that is not given.
      const given = Object.entries({ ...rendered.inputs, ...inputs }).filter(
        ([, value]) => value !== null,
      );
      await writeFile(
        join(path, 'terraform.tfvars.json'),
        JSON.stringify(Object.fromEntries(given)),
      );
      await execa(binary, ['init', '-input=false', '-backend=false'], { cwd: path, env });
    }
    const run = async (unit: Unit, ...args: string[]) => {
      const cwd = join(folder, unit);
      const { all } = await execa(binary, [...args, '-input=false', '-no-color'], {
        cwd,
        env,
        all: true,
      });
      return all;
    };
    apply = (unit) => run(unit, 'apply', '-auto-approve');
    destroy = (unit) => run(unit, 'destroy', '-auto-approve');
  });
  afterAll(async () => {
    await cluster?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test('start no AWS provider', async () => {
    for (const unit of UNITS) {
      const { stdout } = await execa(await toolPath('terraform'), ['providers'], {
        cwd: join(folder, unit),
      });
      expect(stdout).toContain('hashicorp/helm');
      expect(stdout).not.toContain('hashicorp/aws');
    }
  });

  test('install their charts from the gateway, logged in by aws eks get-token', async () => {
    for (const unit of UNITS) expect(await apply(unit)).toContain('1 added, 0 changed');
    const istiod = JSON.parse(
      await cluster.kubectl(['get', '-n', 'istio-system', 'deployment/istiod', '-o', 'json']),
    );
    expect(istiod.status.readyReplicas).toBe(2);
    expect(istiod.spec.template.spec.containers[0].image).toBe('docker.io/istio/pilot:1.31.1');
    const policy = JSON.parse(
      await cluster.kubectl(['get', 'clusterpolicy/cluster-policy', '-o', 'json']),
    );
    expect(policy.spec).toMatchObject({ driver: { enabled: false }, toolkit: { enabled: false } });
  });

  test('are done when the gateway is not: that is for its step to see', async () => {
    const gateway = JSON.parse(
      await cluster.kubectl(['get', '-n', 'istio-ingress', 'deployment,service,pdb', '-o', 'json']),
    ) as {
      items: { kind: string; metadata: { name: string; annotations: object }; spec: object }[];
    };
    expect(gateway.items.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Deployment/istio-ingress',
      'Service/istio-ingress',
      'PodDisruptionBudget/istio-ingress',
    ]);
    expect(gateway.items[0]?.spec).toMatchObject({
      replicas: 2,
      selector: { matchLabels: { istio: 'ingress' } },
      template: {
        metadata: {
          labels: { 'sidecar.istio.io/inject': 'true' },
          annotations: { 'inject.istio.io/templates': 'gateway' },
        },
        spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
      },
    });
    expect(gateway.items[1]?.metadata.annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
    });
    expect(gateway.items[2]?.spec).toMatchObject({ unhealthyPodEvictionPolicy: 'AlwaysAllow' });
  });

  test('change nothing when they are applied again', async () => {
    for (const unit of UNITS)
      expect(await apply(unit)).toContain('0 added, 0 changed, 0 destroyed');
  });

  test('go without an error, and their definitions with them', async () => {
    for (const unit of UNITS.toReversed()) expect(await destroy(unit)).toContain('1 destroyed');
    // Definitions have a finalizer: they go a moment later.
    await expect
      .poll(() => cluster.kubectl(['get', 'crd', '-o', 'name']), { timeout: 60_000 })
      .not.toContain('istio.io');
  });
});
