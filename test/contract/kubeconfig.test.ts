import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { type KubeconfigInput, writeKubeconfig } from '../../src/actions/kubeconfig.ts';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import {
  type DescribedEnvironment,
  makeDescribedEnvironment,
} from '../support/described-cluster.ts';
import { platform } from '../support/platform.ts';

let environment: DescribedEnvironment;
let count = 0;

beforeAll(async () => {
  environment = await makeDescribedEnvironment();
  await environment.tree.write(
    'aws-config',
    '[default]\n[profile work]\n[profile größe]\n[profile a b]\n',
  );
  const keys = 'aws_access_key_id = test\naws_secret_access_key = test\n';
  const profiles = ['default', 'work', 'größe', 'a b'].map((name) => `[${name}]\n${keys}`);
  await environment.tree.write('aws-credentials', profiles.join(''));
  // Where the SDK looks for profiles.
  vi.stubEnv('AWS_CONFIG_FILE', join(environment.tree.root, 'aws-config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(environment.tree.root, 'aws-credentials'));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await environment.remove();
});

interface Call {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Everything by which the person's own settings could reach the test is set. */
function settings(env: Call['env'], home: string): Record<string, string> {
  const { root } = environment.tree;
  return {
    ...environment.env,
    AWS_CONFIG_FILE: join(root, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(root, 'aws-credentials'),
    HOME: home,
    KUBECONFIG: '',
    ...env,
  };
}

async function aws(home: string, { args = [], env }: Call) {
  const { exitCode, stdout, stderr } = await execa(
    'aws',
    ['eks', 'update-kubeconfig', '--name', 'mlp-sandbox', ...args],
    { cwd: home, env: settings(env, home), reject: false, stripFinalNewline: false },
  );
  return { exitCode, stdout, stderr };
}

async function ours(home: string, { args = [], env }: Call) {
  const { root } = environment.tree;
  return platform(['-C', root, 'kubeconfig', 'real', ...args], {
    cwd: home,
    env: settings(env, home),
  });
}

type Flags = Partial<Pick<KubeconfigInput, 'alias' | 'roleArn' | 'profile' | 'kubeconfig'>>;

const FLAGS = {
  alias: '--alias',
  roleArn: '--role-arn',
  profile: '--profile',
  kubeconfig: '--kubeconfig',
} as const;

function argsOf(flags: Flags): string[] {
  return Object.entries(FLAGS).flatMap(([name, flag]) => {
    const value = flags[name as keyof Flags];
    return value === undefined ? [] : [flag, value];
  });
}

/** The same without a process of its own. */
async function dryRun(home: string, flags: Flags, env: Call['env'] = {}) {
  const node = createNodeHost({ cwd: home });
  const machine = { ...node.machine, homeDirectory: home };
  const none = { alias: undefined, roleArn: undefined, profile: undefined, kubeconfig: undefined };
  const result = await writeKubeconfig(
    { ...node, machine, env: settings(env, home) },
    {
      ...none,
      ...flags,
      directory: environment.tree.root,
      environment: 'real',
      setCurrent: true,
      dryRun: true,
    },
    () => {},
  );
  if (result.kind !== 'dry-run') throw new Error('written');
  return { text: result.text, path: result.where.kubeconfig };
}

async function newHome(): Promise<string> {
  const home = join(environment.tree.root, 'homes', String(++count));
  await mkdir(home, { recursive: true });
  return home;
}

const ROLE = 'arn:aws:iam::123456789012:role/path/admin';

test.each<[string, Flags, Record<string, string>?]>([
  ['no flag', {}],
  ['--alias', { alias: 'dev' }],
  ['an alias with spaces', { alias: 'my dev' }],
  ['an alias beyond ASCII', { alias: 'größe 中 😀' }],
  ['an alias that reads as a number', { alias: '012' }],
  ['an alias that reads as true', { alias: 'on' }],
  ['an alias that reads as a day', { alias: '2024-01-01' }],
  ['an alias of indicators', { alias: "*it's: #1" }],
  ['an alias of 300 characters', { alias: 'x'.repeat(300) }],
  ['an alias of many words', { alias: 'many words '.repeat(30).trim() }],
  ['an alias of many words beyond ASCII', { alias: 'größe '.repeat(60).trim() }],
  ['--role-arn', { roleArn: ROLE }],
  ['--profile', { profile: 'work' }],
  ['a profile beyond ASCII', { profile: 'größe' }],
  ['AWS_PROFILE', {}, { AWS_PROFILE: 'work' }],
  ['AWS_DEFAULT_PROFILE', {}, { AWS_DEFAULT_PROFILE: 'a b', AWS_PROFILE: 'work' }],
  ['--profile over AWS_PROFILE', { profile: 'work' }, { AWS_PROFILE: 'a b' }],
  ['all flags', { alias: 'dev', roleArn: ROLE, profile: 'work', kubeconfig: 'mine' }],
])('a new file by %s is byte for byte the one of the AWS CLI', async (_, flags, env) => {
  const [home, theirs] = [await newHome(), await newHome()];
  expect(await aws(theirs, { args: argsOf(flags), env })).toMatchObject({ exitCode: 0 });
  const expected = await readFile(join(theirs, flags.kubeconfig ?? '.kube/config'), 'utf8');
  expect((await dryRun(home, flags, env)).text).toBe(expected);
  expect(await readdir(home)).toEqual([]);
});

test('what is written is what a dry run prints, also when nobody answers then', async () => {
  const [home, theirs] = [await newHome(), await newHome()];
  await aws(theirs, {});
  const written = await ours(home, {});
  expect(written).toMatchObject({ exitCode: 1, stdout: '' });
  expect(written.stderr).toContain('but the API server does not answer');
  const read = (folder: string) => readFile(join(folder, '.kube', 'config'), 'utf8');
  expect(await read(home)).toBe(await read(theirs));
});

const ARN = 'arn:aws:eks:eu-central-1:123456789012:cluster/mlp-sandbox';

const FILES = {
  empty: '',
  'only comments': '# mine\n',
  null: 'null\n',
  'empty lists':
    'apiVersion: v1\nclusters: []\ncontexts: []\ncurrent-context: ""\nkind: Config\npreferences: {}\nusers: []\n',
  'null lists': 'apiVersion: v1\nclusters: null\ncontexts:\nusers: ~\nkind: Config\n',
  'no lists': 'apiVersion: v1\nkind: Config\n',
  foreign: `# mine
apiVersion: v1
kind: Config
clusters:
- name: minikube # the laptop
  cluster: {server: 'https://127.0.0.1:8443', insecure-skip-tls-verify: yes}
contexts:
- name: größe
  context: {cluster: minikube, user: minikube}
current-context: größe
users:
- name: minikube
  user: {token: "0123"}
extra: {kept: [1, 2.5, 2024-01-01]}
`,
  'the cluster by another context': `clusters:
- cluster: {server: old}
  name: ${ARN}
contexts:
- context: {cluster: ${ARN}, user: ${ARN}}
  name: old
users:
- name: ${ARN}
  user: {token: old}
`,
  'the same name twice': `clusters:\n- {name: ${ARN}, cluster: {server: a}}\n- {name: ${ARN}, cluster: {server: b}}\n`,
  JSON: '{"apiVersion": "v1", "clusters": [{"name": "a", "cluster": {"server": "x"}}], "users": []}',
  'anchors and merges': 'clusters:\n- &a {name: a, cluster: {server: x}}\n- {<<: *a, name: b}\n',
  CRLF: 'apiVersion: v1\r\nclusters:\r\n- name: a\r\n  cluster: {server: x}\r\n',
  'a mark of the byte order': '\ufeffclusters: []\n',
} as const;

test.each(Object.entries(FILES))(
  '%s: what the file says then is what the AWS CLI makes it say',
  async (_, text) => {
    const [home, theirs] = [await newHome(), await newHome()];
    for (const folder of [home, theirs]) await writeFile(join(folder, 'config'), text);
    const flags = { kubeconfig: 'config', alias: 'dev' };
    const expected = await aws(theirs, { args: [...argsOf(flags), '--dry-run'] });
    expect(expected).toMatchObject({ exitCode: 0 });
    const { text: said } = await dryRun(home, flags);
    const options = { version: '1.1' } as const;
    expect(parse(said, options)).toEqual(parse(expected.stdout, options));
  },
);

const REFUSED = {
  'broken YAML': '[',
  'a list': '- a\n',
  'a word': 'hello\n',
  'a list that is a map': 'clusters: {}\n',
  'an entry that is a word': 'users: [a]\n',
  'a number for a name': 'current-context: 1\n',
  'two documents': 'a: 1\n---\nb: 1\n',
  'bytes that are no text': Buffer.from([0x61, 0x3a, 0xff]),
} as const;

const refusal = {
  exitCode: 64,
  problem: {
    what: expect.stringMatching(/^"\/.*\/config" is not /),
    next: 'nothing was written: mend it, or name another file with --kubeconfig',
  },
};

test.each(Object.entries(REFUSED))('%s: refused as by the AWS CLI', async (_, text) => {
  const [home, theirs] = [await newHome(), await newHome()];
  for (const folder of [home, theirs]) await writeFile(join(folder, 'config'), text);
  const flags = { kubeconfig: 'config' };
  expect((await aws(theirs, { args: argsOf(flags) })).exitCode).toBeGreaterThan(0);
  await expect(dryRun(home, flags)).rejects.toMatchObject(refusal);
});

test('a key that stands twice is refused, where the AWS CLI drops one of the two in silence', async () => {
  const text = 'users: [{name: a}]\nusers: [{name: b}]\n';
  const [home, theirs] = [await newHome(), await newHome()];
  for (const folder of [home, theirs]) await writeFile(join(folder, 'config'), text);
  const { stdout } = await aws(theirs, { args: ['--kubeconfig', 'config', '--dry-run'] });
  expect(parse(stdout).users[0]).toEqual({ name: 'b' });
  await expect(dryRun(home, { kubeconfig: 'config' })).rejects.toMatchObject(refusal);
});

test('a refusal says what is wrong, where, and what to do, and touches nothing', async () => {
  const home = await newHome();
  await writeFile(join(home, 'config'), '[');
  const result = await ours(home, { args: ['--kubeconfig', 'config'] });
  expect(result).toMatchObject({ exitCode: 64, stdout: '' });
  expect(result.stderr).toMatch(
    /^error: "\/.*\/config" is not valid YAML: .*\n {2}where: \/.*\/config\n {2}next: {2}nothing was written/,
  );
  expect(await readdir(home)).toEqual(['config']);
  expect(await readFile(join(home, 'config'), 'utf8')).toBe('[');
});

test.each<[string, Parameters<DescribedEnvironment['describe']>[0], number, RegExp]>([
  [
    'of another account',
    { arn: 'arn:aws:eks:eu-central-1:210987654321:cluster/mlp-sandbox' },
    5,
    /is in account 210987654321, not in 123456789012/,
  ],
  ['that is being made', { status: 'CREATING' }, 1, /the EKS cluster "mlp-sandbox" is CREATING/],
  [
    'that is not there',
    { refusal: 'ResourceNotFoundException', status: 404 },
    1,
    /there is no EKS cluster "mlp-sandbox" in eu-central-1/,
  ],
  [
    'that may not be described',
    { refusal: 'AccessDeniedException', status: 403 },
    1,
    /cannot be read: AccessDeniedException: /,
  ],
  [
    'whose description wants other credentials',
    { refusal: 'ExpiredTokenException', status: 403 },
    5,
    /cannot be read: ExpiredTokenException: /,
  ],
])('a cluster %s has no entry', async (_, answer, exitCode, what) => {
  environment.describe(answer);
  onTestFinished(() => environment.describe({}));
  await expect(dryRun(await newHome(), {})).rejects.toMatchObject({
    exitCode,
    problem: { what: expect.stringMatching(what), next: expect.any(String) },
  });
});

const OTHER = 'clusters: []\n';
const KNOWS = `clusters:\n- {name: ${ARN}, cluster: {server: old}}\n`;

test.each<[string, string, Record<string, string>]>([
  ['the first of three', 'one:two:three', { one: OTHER, two: OTHER, three: OTHER }],
  ['the first, although it is not there', 'one:two', { two: OTHER }],
  ['the one that knows the cluster', 'one:two:three', { one: OTHER, two: KNOWS, three: KNOWS }],
  ['the one behind a broken one', 'one:two', { one: '[', two: KNOWS }],
  ['empty names are none', ':one::two:', { one: OTHER, two: OTHER }],
  ['the home', '~/one:two', { one: OTHER, two: OTHER }],
  ['the usual file', ':', {}],
])('KUBECONFIG: %s is written by both', async (_, KUBECONFIG, files) => {
  const [home, theirs] = [await newHome(), await newHome()];
  for (const folder of [home, theirs]) {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  }
  const env = { KUBECONFIG };
  expect(await aws(theirs, { env })).toMatchObject({ exitCode: 0 });
  const { path } = await dryRun(home, {}, env);
  expect([path.slice(home.length + 1)]).toEqual(await written(theirs, files));
});

async function written(folder: string, before: Readonly<Record<string, string>>) {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && entry.parentPath.includes(folder));
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')));
  return paths.filter((path, index) => texts[index] !== before[path]);
}

test('through a link both write what it leads to', async () => {
  const [home, theirs] = [await newHome(), await newHome()];
  for (const folder of [home, theirs]) {
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real', 'config'), OTHER);
    await symlink('real/config', join(folder, 'link'));
  }
  const args = ['--kubeconfig', 'link'];
  await aws(theirs, { args });
  await ours(home, { args });
  const read = async (folder: string) =>
    parse(await readFile(join(folder, 'real', 'config'), 'utf8'));
  expect(await read(home)).toEqual(await read(theirs));
  expect(await readdir(join(home, 'real'))).toEqual(['config']);
});

test('kubectl gives up while a file of our lock’s name is there', async () => {
  const home = await newHome();
  await writeFile(join(home, 'config'), OTHER);
  await writeFile(join(home, 'config.lock'), `${process.pid} held`);
  const set = () =>
    execa('kubectl', ['--kubeconfig=config', 'config', 'set-context', 'x'], {
      cwd: home,
      env: { HOME: home },
      reject: false,
    });
  expect(await set()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('file exists'),
  });
  expect(await readFile(join(home, 'config'), 'utf8')).toBe(OTHER);
});

test('an API server that takes the connection and says nothing is given up', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  environment.describe({ endpoint: `https://127.0.0.1:${port}` });
  onTestFinished(() => {
    environment.describe({});
    silent.close();
  });
  const { exitCode, stderr } = await ours(await newHome(), {});
  expect(exitCode).toBe(1);
  expect(stderr).toContain('the context is written, but the API server does not answer: ');
  expect(stderr).toContain('its endpoint is private');
});
