import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { platform, startPlatform } from '../support/platform.ts';
import { makeSmallCluster, type SmallCluster } from '../support/small-cluster.ts';

let cluster: SmallCluster;
let count = 0;

beforeAll(async () => {
  cluster = await makeSmallCluster({ nodeGroups: { general: { desiredSize: 2 } } });
  const { tree } = cluster;
  await tree.write('small/a/terragrunt.hcl', '');
  // The same cluster, for somebody to whom it is no sandbox.
  await tree.write('real/a/terragrunt.hcl', '');
  const ours = await readFile(join(tree.root, 'small/env.yaml'), 'utf8');
  const real = ours.replace(/^kind: \w+/m, 'kind: aws').replace(/^name: \w+/m, 'name: real');
  await tree.write('real/env.yaml', real);
});

afterAll(async () => {
  await cluster?.remove();
});

async function newHome(): Promise<string> {
  const home = join(cluster.tree.root, 'homes', String(++count));
  await mkdir(home, { recursive: true });
  return home;
}

type Env = Readonly<Record<string, string>>;

/** A shell whose own AWS settings lead elsewhere. */
function shell(home: string): Env {
  return {
    HOME: home,
    KUBECONFIG: '',
    XDG_CACHE_HOME: join(process.env.HOME ?? '', '.cache'),
    AWS_PROFILE: 'mine',
    AWS_REGION: 'us-west-2',
  };
}

function write(home: string, args: readonly string[], env: Env = shell(home)) {
  return platform(['-C', cluster.tree.root, 'kubeconfig', ...args], { cwd: home, env });
}

function kubectl(home: string, args: readonly string[], env: Env = shell(home)) {
  const settings = { ...env, TERM: 'dumb' };
  return execa('kubectl', args, {
    cwd: home,
    env: settings,
    reject: false,
    stripFinalNewline: false,
  });
}

test('after it plain kubectl works, whatever the shell’s AWS settings are', async () => {
  const home = await newHome();
  const written = await write(home, ['small']);
  const info = await kubectl(home, ['cluster-info']);
  expect(written).toMatchObject({ exitCode: 0, stdout: info.stdout });
  expect(info.stdout).toMatch(
    /^Kubernetes control plane is running at https:\/\/127\.0\.0\.1:\d+\n/,
  );
  expect(written.stderr).toMatch(/added context "arn:aws:eks:.*" to .*\.kube\/config\n$/);
  const nodes = await kubectl(home, ['get', 'nodes', '--no-headers']);
  expect(nodes.stdout.trim().split('\n')).toHaveLength(2);
  expect((await stat(join(home, '.kube/config'))).mode & 0o777).toBe(0o600);
});

test('a file that others may read is kept so, and that is said', async () => {
  const home = await newHome();
  const path = join(home, 'config');
  await writeFile(path, 'clusters: []\n');
  await chmod(path, 0o644);
  const { exitCode, stderr } = await write(home, ['small', '--kubeconfig', path]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(`other users may read ${path} (mode 0644)`);
  expect(stderr).toContain(`chmod 600 "${path}"`);
  expect((await stat(path)).mode & 0o777).toBe(0o644);
});

test('for an account it is the file of the AWS CLI, and the credentials are those of the shell', async () => {
  const [home, theirs] = [await newHome(), await newHome()];
  const env = { ...cluster.env, HOME: home, KUBECONFIG: '' };
  const args = ['--alias', 'größe of dev'];
  const aws = ['eks', 'update-kubeconfig', '--name', cluster.clusterName, ...args];
  await execa('aws', aws, { cwd: theirs, env: { ...env, HOME: theirs } });
  const written = await write(home, ['real', ...args], env);
  expect(written).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('control plane') });
  const read = (folder: string) => readFile(join(folder, '.kube/config'), 'utf8');
  expect(await read(home)).toBe(await read(theirs));
});

test('the plugin of another entry is never run, although its context is the current one', async () => {
  const home = await newHome();
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'touch',
    args: [join(home, 'marker')],
    interactiveMode: 'Never',
  };
  const { clusters } = parse(await readFile(cluster.kubeconfig, 'utf8'));
  const foreign = {
    clusters: [{ ...clusters[0], name: 'foreign' }],
    contexts: [{ name: 'foreign', context: { cluster: 'foreign', user: 'foreign' } }],
    'current-context': 'foreign',
    users: [{ name: 'foreign', user: { exec } }],
  };
  await writeFile(join(home, 'config'), JSON.stringify(foreign));
  const args = ['small', '--kubeconfig', 'config', '--no-set-current', '--alias', 'ours'];
  expect(await write(home, args)).toMatchObject({ exitCode: 0 });
  const written = parse(await readFile(join(home, 'config'), 'utf8'));
  expect(written['current-context']).toBe('foreign');
  expect(await readdir(home)).not.toContain('marker');
  // It is a trap indeed.
  await kubectl(home, ['--kubeconfig=config', 'get', 'nodes']);
  expect(await readdir(home)).toContain('marker');
});

test('credentials without an access entry: the context is written, and the exit code is that of identity', async () => {
  const home = await newHome();
  const role = 'arn:aws:iam::123456789012:role/stranger';
  const { exitCode, stdout, stderr } = await write(home, ['small', '--role-arn', role]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
  expect(stderr).toMatch(
    /the API server does not accept the credentials: .*\n {2}where: https.*\n {2}next: {2}is there an access entry/,
  );
  expect(await readFile(join(home, '.kube/config'), 'utf8')).toContain(
    `- --role\n      - ${role}\n`,
  );
});

test('as JSON: where the context is, and what the cluster says', async () => {
  const home = await newHome();
  const { stdout } = await platform(
    ['--json', '-C', cluster.tree.root, 'kubeconfig', 'small', '--alias', 'ours'],
    { cwd: home, env: shell(home) },
  );
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    environment: 'small',
    context: 'ours',
    kubeconfig: join(home, '.kube/config'),
    change: 'added',
    clusterInfo: expect.stringContaining('control plane'),
  });
});

test('eight at once leave eight contexts, and every reader in between sees a valid file that only grows', async () => {
  const home = await newHome();
  const path = join(home, 'config');
  await writeFile(path, '# mine\nclusters:\n- name: foreign\n  cluster: {server: x}\n');
  const names = Array.from({ length: 8 }, (_, index) => `dev-${index}`);
  const running = names.map((alias) =>
    startPlatform(
      ['-C', cluster.tree.root, 'kubeconfig', 'small', '--kubeconfig', path, '--alias', alias],
      { cwd: home, env: shell(home) },
    ),
  );
  let isOver = false;
  const over = Promise.all(running).finally(() => {
    isOver = true;
  });
  const contexts = async () => {
    const text = await readFile(path, 'utf8');
    const { clusters, contexts: list = [] } = parse(text);
    expect(text.startsWith('# mine\n')).toBe(true);
    expect(clusters[0]).toEqual({ name: 'foreign', cluster: { server: 'x' } });
    return list.map(({ name }: { name: string }) => name) as string[];
  };
  let before: readonly string[] = [];
  const seen = new Set<number>();
  while (!isOver) {
    const now = await contexts();
    expect(now.slice(0, before.length)).toEqual(before);
    seen.add(now.length);
    before = now;
  }
  expect((await over).map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
  expect([...(await contexts())].sort()).toEqual(names);
  expect(seen.size).toBeGreaterThan(2);
  expect(await readdir(home)).not.toContain('config.lock');
});
