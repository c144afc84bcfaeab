import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  kubeconfigEntry,
  newKubeconfig,
} from '../../../../src/tools/kubernetes/kubeconfig/entry.ts';
import { mergeEntry } from '../../../../src/tools/kubernetes/kubeconfig/merge.ts';
import { ARN, entry, given } from './entries.ts';

function merged(text: string | undefined, setCurrent = true) {
  const result = mergeEntry(text, entry, setCurrent);
  if (result.kind === 'unusable') throw new Error(result.why);
  return result;
}

/** As people and kubectl write it, with all that must not be touched. */
const FOREIGN = `# work and home
apiVersion: v1
kind: Config
preferences:
  colors: true # says nobody

current-context: minikube # where I was
clusters:
# the laptop
- cluster:
    server: "https://127.0.0.1:8443"
    insecure-skip-tls-verify: yes
    extensions:
    - extension: {last-update: 2024-01-01T00:00:00Z, version: 1.30}
      name: cluster_info
  name: minikube
- cluster: {server: 'https://größe.example:0443'}
  name: 0123
contexts:
- context:
    cluster: minikube
    user: minikube
  name: minikube
users:
- name: minikube
  user:
    token: |-
      first
      second
- name: other
  user:
    exec:
      command: touch
      args: [marker, ~, "x\\ty"]
`;

const block = (key: string, of: string) =>
  new RegExp(`^${key}:\\n(?:[- #].*\\n)*`, 'm').exec(of)?.[0] ?? '';

test('to an existing file lines are added, and none is changed but the current context', () => {
  const { text, change } = merged(FOREIGN);
  expect(change).toBe('added');
  const fresh = newKubeconfig(entry, true);
  const expected = ['clusters', 'contexts', 'users'].reduce(
    (sofar, key) => {
      const added = block(key, fresh).slice(key.length + 2);
      const old = block(key, sofar);
      return sofar.replace(old, () => old + added);
    },
    FOREIGN.replace('current-context: minikube', 'current-context: dev'),
  );
  expect(text).toBe(expected);
});

test('without the current context not even that line is changed', () => {
  expect(merged(FOREIGN, false).text).toContain('current-context: minikube # where I was\n');
});

test('the same entry twice is the same text', () => {
  const once = merged(FOREIGN).text;
  expect(merged(once)).toEqual({ kind: 'merged', text: once, change: 'updated' });
});

test('what has the entry’s names is replaced where it stands, with its comments', () => {
  const before = merged(FOREIGN).text;
  const old = before
    .replace('server: https://ABC', 'server: https://OLD')
    .replace(
      `    server: https://OLD.gr7.eu-central-1.eks.amazonaws.com\n  name: ${ARN}`,
      (found) => `${found}\n# behind`,
    )
    .replace(
      '- context:\n    cluster: arn',
      '# mine\n- context:\n    namespace: kept-by-nobody\n    cluster: arn',
    );
  const { text, change } = merged(old);
  expect(change).toBe('updated');
  expect(text).toBe(
    before
      .replace('- context:\n    cluster: arn', '# mine\n- context:\n    cluster: arn')
      .replace(`  name: ${ARN}\ncontexts:`, `  name: ${ARN}\n# behind\ncontexts:`),
  );
});

test('another alias adds a context to the same cluster and user', () => {
  const before = merged(undefined).text;
  const second = mergeEntry(before, kubeconfigEntry({ ...given, alias: 'again' }), true);
  if (second.kind === 'unusable') throw new Error(second.why);
  const { clusters, users, contexts } = parse(second.text);
  expect([clusters.length, users.length]).toEqual([1, 1]);
  expect(contexts.map(({ name }: { name: string }) => name)).toEqual(['dev', 'again']);
});

const fresh = newKubeconfig(entry, true);

test.each([
  ['nothing', undefined, fresh],
  ['an empty file', '', fresh],
  ['blank lines', '\n \n', fresh],
  ['a document that is null', '--- ~\n', fresh],
  ['comments', '# mine\n\n# too\n', `# mine\n# too\n${fresh}`],
])('%s becomes a new file', (_, text, expected) => {
  expect(merged(text)).toEqual({ kind: 'merged', text: expected, change: 'added' });
});

const heads = 'apiVersion: v1\nkind: Config\n';
const alone =
  'apiVersion: v1\nclusters: []\ncontexts: []\ncurrent-context: ""\nkind: Config\npreferences: {}\nusers: []\n';

test.each([
  ['empty lists, as kubectl writes them', alone],
  ['null lists', `${heads}clusters: null\nusers:\ncontexts: ~\n`],
  ['no lists', heads],
  ['only somebody else’s keys', 'mine: 1\n'],
])('%s: the entry is read in lines', (_, text) => {
  const { text: after } = merged(text);
  expect(block('clusters', after)).toBe(block('clusters', fresh));
  expect(block('users', after)).toBe(block('users', fresh));
});

test.each([
  ['CRLF', FOREIGN.replaceAll('\n', '\r\n')],
  ['a mark of the byte order', `\ufeff${FOREIGN}`],
  ['JSON', JSON.stringify(parse(FOREIGN), null, 2)],
  ['JSON on one line', JSON.stringify(parse(FOREIGN))],
  [
    'lists deeper than their keys',
    'clusters:\n  - name: a\n    cluster: {}\ncontexts:\n  - name: b\n',
  ],
  ['four spaces', 'clusters:\n    - name: a\n      cluster:\n          server: x\n'],
  ['tabs behind values', 'clusters:\t\n- name: a\t# b\n'],
  [
    'anchors and merges',
    'clusters:\n- &a\n  name: a\n  cluster: &c {server: x}\n- <<: *a\n  name: b\n',
  ],
  ['a start of the document', `---\n${FOREIGN}`],
  ['its end', `${FOREIGN}...\n`],
  ['no line end at the end', FOREIGN.trimEnd()],
  ['big numbers', 'mine: 12345678901234567890\nclusters: []\n'],
  ['entries without a name', 'clusters:\n- cluster: {}\n'],
  [
    'the same name twice',
    'clusters:\n- name: a\n  cluster: {server: x}\n- name: a\n  cluster: {server: y}\n',
  ],
])('%s: the same is said as before, and the entry beside it', (_, text) => {
  const { text: after } = merged(text);
  const options = { version: '1.1', intAsBigInt: true } as const;
  const [before, now] = [parse(text, options), parse(after, options)];
  expect(now).toMatchObject({ 'current-context': 'dev' });
  for (const [key, part] of [
    ['clusters', 'cluster'],
    ['contexts', 'context'],
    ['users', 'user'],
  ] as const) {
    expect(now[key]).toEqual([...(before[key] ?? []), entry[part]]);
  }
  const others = Object.keys(before).filter((key) => !(key in entryKeys));
  expect(others.map((key) => now[key])).toEqual(others.map((key) => before[key]));
});

const entryKeys = { clusters: 0, contexts: 0, users: 0, 'current-context': 0 };

test('the line ends of the file are those of the entry too', () => {
  const { text } = merged(FOREIGN.replaceAll('\n', '\r\n'));
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

test.each([
  ['broken', 'clusters: [\n', /^is not valid YAML: .* at line 2/],
  ['a tab', 'clusters:\n\t- name: x\n', /^is not valid YAML: /],
  ['a list', '- a\n', /^is not a kubeconfig: /],
  ['a word', 'hello\n', /^is not a kubeconfig: /],
  ['a list that is a map', 'clusters: {}\n', /"clusters" is wrong/],
  ['an entry that is a word', 'users: [a]\n', /"users.0" is wrong/],
  ['a number for a name', 'current-context: 1\n', /"current-context" is wrong/],
  ['a key twice', 'clusters: []\nclusters: []\n', /^is not valid YAML: .*unique/],
  ['two documents', 'a: 1\n---\na: 2\n', /^is not valid YAML: .*multiple documents/],
  ['an alias without an anchor', 'clusters: *x\n', /^is not valid YAML: .*x/],
  ['a list that is another’s alias', 'mine: &x []\nclusters: *x\n', /without changing others/],
  [
    'an anchor in the entry, used by others',
    `clusters:\n- name: ${ARN}\n  cluster: &x {server: a}\n- name: b\n  cluster: *x\n`,
    /without changing others/,
  ],
  [
    'a thousand aliases',
    `${'a: &a [x,x,x,x,x,x,x,x,x]\n'}${'bcdefgh'
      .split('')
      .map(
        (name, at) =>
          `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'[at]}`).join(',')}]\n`,
      )
      .join('')}`,
    /^is not valid YAML: .*alias/,
  ],
])('%s is refused', (_, text, why) => {
  const result = mergeEntry(text, entry, true);
  expect(result).toMatchObject({ kind: 'unusable', why: expect.stringMatching(why) });
});
