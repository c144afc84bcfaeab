import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ProcessResult } from '../../src/host/command.ts';
import type { Host } from '../../src/host/host.ts';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import {
  resetSandbox,
  type SandboxInfo,
  type SandboxSettings,
  sandboxEnvironment,
  sandboxStatus,
  startSandbox,
  stopSandbox,
  withoutAwsSettings,
} from '../../src/sandbox/lifecycle.ts';
import { chooseCliConfig } from '../../src/tools/terraform/provider-mirrors.ts';
import { until } from '../support/until.ts';
import { makeStandInPackage, repository } from './stand-in-package.ts';

const work = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
const node = createNodeHost();
const packageDirectory = join(work, 'package');
/** A person's own AWS settings must not reach the sandbox, so the tests have some. */
const env = { ...node.env, AWS_PROFILE: 'none-such', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
const host: Host = { ...node, env, machine: { ...node.machine, packageDirectory } };

const settings: SandboxSettings = {
  directory: join(work, 'sandbox'),
  // Kept between runs: named by the hash of its requirements.
  emulatorDirectory: join(repository, 'node_modules', '.cache', 'platform-emulator'),
  account: '210987654321',
  region: 'eu-central-1',
  buckets: ['sandbox-test-state'],
  python: 'python3',
};

const quiet = () => undefined;

beforeAll(() => makeStandInPackage(packageDirectory), 120_000);

afterAll(async () => {
  await stopSandbox(host, settings);
  rmSync(work, { recursive: true, force: true });
});

async function run(
  info: SandboxInfo,
  cwd: string,
  argv: readonly [string, ...string[]],
  more: Readonly<Record<string, string>> = {},
): Promise<ProcessResult> {
  const environment = {
    ...withoutAwsSettings(env),
    ...sandboxEnvironment(info, settings),
    ...more,
  };
  return host.processes.run({ argv, cwd, env: environment });
}

describe('life of a sandbox', { timeout: 180_000 }, () => {
  afterEach(async () => void (await stopSandbox(host, settings)));

  test('two starts at once give one sandbox; a third costs nothing; reset ends it', async () => {
    expect(await stopSandbox(host, settings)).toBe('not-running');
    const [one, two] = await Promise.all([
      startSandbox(host, settings, quiet),
      startSandbox(host, settings, quiet),
    ]);
    expect(two).toEqual(one);
    expect(await startSandbox(host, settings, quiet)).toEqual(one);
    expect(await sandboxStatus(host, settings)).toMatchObject({ kind: 'up', clusters: [] });
    expect((await host.files.stat(`${settings.directory}/sandbox.json`))?.mode).toBe(0o600);
    expect(await resetSandbox(host, settings)).toBe('stopped');
    expect(host.processes.isAlive(one.gatewayPid)).toBe(false);
    expect(host.processes.isAlive(one.emulatorPid)).toBe(false);
    expect(await sandboxStatus(host, settings)).toEqual({ kind: 'down' });
  });

  test('a killed gateway takes the emulator with it, and the next start begins anew', async () => {
    const first = await startSandbox(host, settings, quiet);
    host.processes.signal(first.gatewayPid, 'SIGKILL');
    await until(() => !host.processes.isAlive(first.emulatorPid));
    expect(await sandboxStatus(host, settings)).toEqual({ kind: 'down' });
    const second = await startSandbox(host, settings, quiet);
    expect(second.bootId).not.toBe(first.bootId);
  });

  test('a killed emulator ends the gateway, cleanly', async () => {
    const info = await startSandbox(host, settings, quiet);
    host.processes.signal(info.emulatorPid, 'SIGKILL');
    await until(() => !host.processes.isAlive(info.gatewayPid));
    expect(await host.files.read(`${settings.directory}/sandbox.json`)).toBeUndefined();
  });

  test('a file that names somebody else as the gateway is stale, and nobody is ended', async () => {
    const info = await startSandbox(host, settings, quiet);
    const path = `${settings.directory}/sandbox.json`;
    const text = await host.files.read(path);
    const other = { ...info, gatewayPid: host.machine.pid, bootId: 'other' };
    writeFileSync(path, JSON.stringify(other));
    expect(await stopSandbox(host, settings)).toBe('not-running');
    expect(host.processes.isAlive(info.gatewayPid)).toBe(true);
    writeFileSync(path, text ?? '');
    expect(await stopSandbox(host, settings)).toBe('stopped');
  });

  test('one without control planes is not taken for one with them', async () => {
    await startSandbox(host, settings, quiet);
    const kubernetes = { directory: join(work, 'programs'), kubectl: 'kubectl' };
    await expect(startSandbox(host, { ...settings, kubernetes }, quiet)).rejects.toThrow(
      'can make no control planes',
    );
  });

  test('a sandbox of another account is not taken over', async () => {
    await startSandbox(host, settings, quiet);
    const other = { ...settings, account: '111122223333' };
    await expect(startSandbox(host, other, quiet)).rejects.toMatchObject({ exitCode: 64 });
  });

  test('a daemon that ends at once is an error that says so', async () => {
    const machine = { ...host.machine, nodePath: '/bin/false' };
    const broken = { ...settings, directory: join(work, 'broken') };
    await expect(startSandbox({ ...host, machine }, broken, quiet)).rejects.toThrow(
      /did not start/,
    );
  });
});

describe('with the real tools', { timeout: 600_000 }, () => {
  const folder = join(work, 'terraform');
  const cliConfig = join(work, 'terraformrc');
  let info: SandboxInfo;

  async function terraform(...args: string[]): Promise<ProcessResult> {
    const result = await run(info, folder, ['terraform', ...args], {
      TF_CLI_CONFIG_FILE: cliConfig,
      TF_IN_AUTOMATION: '1',
    });
    if (result.exitCode === 1) throw new Error(result.stderr);
    return result;
  }

  async function aws(...args: string[]): Promise<unknown> {
    const result = await run(info, work, ['aws', '--output', 'json', ...args]);
    if (result.exitCode !== 0) throw new Error(result.stderr);
    return JSON.parse(result.stdout);
  }

  async function control(name: string, body: object): Promise<void> {
    const response = await host.http.send(
      info.gatewayPort,
      {
        method: 'POST',
        path: `/_platform/${name}`,
        headers: {},
        body: new TextEncoder().encode(JSON.stringify(body)),
      },
      5_000,
    );
    expect(response.status).toBe(200);
  }

  beforeAll(async () => {
    info = await startSandbox(host, settings, quiet);
    cpSync(join(repository, 'test/sandbox/fixtures/platform'), folder, { recursive: true });
    const { TF_CLI_CONFIG_FILE: _own, ...without } = host.env;
    const machine = { ...host.machine, homeDirectory: work };
    const chosen = await chooseCliConfig(
      { ...host, env: without, machine },
      { mirrors: [], searchSystem: true },
    );
    writeFileSync(cliConfig, chosen.content ?? '');
    await terraform('init', '-no-color');
  }, 180_000);

  const upgraded = [
    '-var=kubernetes_version=1.34',
    '-var=node_version=1.34',
    '-var=desired_size=3',
    '-var=team_groups=["viewers","trainers"]',
  ];

  test('apply, clean plan, changes in place, clean plan', async () => {
    await terraform('apply', '-no-color', '-auto-approve');
    const clean = await terraform('plan', '-no-color', '-detailed-exitcode');
    expect(clean.stdout).toContain('No changes.');
    expect(clean.exitCode).toBe(0);

    const changed = await terraform('apply', '-no-color', '-auto-approve', ...upgraded);
    expect(changed.stdout).toContain('0 added, 4 changed, 0 destroyed');
    const again = await terraform('plan', '-no-color', '-detailed-exitcode', ...upgraded);
    expect(again.stdout).toContain('No changes.');
    expect(again.exitCode).toBe(0);

    const outputs = JSON.parse((await terraform('output', '-json')).stdout);
    expect(outputs.account.value).toBe(settings.account);
    const status = await sandboxStatus(host, settings);
    expect(status).toMatchObject({ clusters: [{ name: 'test', version: '1.34' }] });
  });

  test('the AWS CLI sees what Terraform made', async () => {
    const ask = (...args: string[]) => aws('eks', ...args, '--cluster-name', 'test');
    expect(await aws('eks', 'describe-cluster', '--name', 'test')).toMatchObject({
      cluster: { status: 'ACTIVE', version: '1.34', health: { issues: [] } },
    });
    expect(await ask('describe-nodegroup', '--nodegroup-name', 'cpu')).toMatchObject({
      nodegroup: { status: 'ACTIVE', scalingConfig: { desiredSize: 3 }, version: '1.34' },
    });
    expect(await ask('list-addons')).toEqual({ addons: ['aws-ebs-csi-driver'] });
    expect(await ask('list-pod-identity-associations')).toMatchObject({
      associations: [{ serviceAccount: 'loader' }, { serviceAccount: 'ebs-csi-controller-sa' }],
    });
    // Creator, node role, team.
    expect(await ask('list-access-entries')).toMatchObject({
      accessEntries: expect.arrayContaining([`arn:aws:iam::${settings.account}:role/test-node`]),
    });
    await expect(aws('eks', 'describe-cluster', '--name', 'none')).rejects.toThrow(
      'ResourceNotFoundException',
    );
  });

  test('a fault reaches the CLI in the words of its service', async () => {
    const cases = [
      [['eks', 'list-clusters'], { service: 'eks', code: 'AccessDeniedException' }],
      [['ec2', 'describe-vpcs'], { service: 'ec2', code: 'UnauthorizedOperation' }],
      [['sts', 'get-caller-identity'], { service: 'sts', code: 'ExpiredToken' }],
      [['kms', 'list-keys'], { service: 'kms', code: 'AccessDeniedException' }],
      [['s3api', 'list-buckets'], { service: 's3', code: 'AccessDenied' }],
      [['route53', 'list-hosted-zones'], { service: 'route53', code: 'AccessDenied' }],
    ] as const;
    for (const [args, fault] of cases) {
      await control('faults', fault);
      await expect(aws(...args)).rejects.toThrow(`(${fault.code})`);
      expect(await aws(...args)).toBeDefined();
    }
  });

  test('credentials of another account are played on demand', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: settings.account });
    await control('account', { account: '999999999999' });
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '999999999999' });
  });
});
