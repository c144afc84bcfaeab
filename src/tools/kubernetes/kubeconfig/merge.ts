import { isDeepStrictEqual } from 'node:util';
import {
  type Document,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  Scalar,
  visit,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import {
  hasCluster,
  indexOfName,
  type KubeconfigContent,
  LISTS,
  PARSE,
  parseKubeconfig,
  type Unusable,
  unusable,
  withEntry,
} from './content.ts';
import { type KubeconfigEntry, newKubeconfig } from './entry.ts';
import type { Plain } from './pyyaml-dump.ts';
import { readsAsOther } from './pyyaml-scalar.ts';

export type Merged =
  | {
      readonly kind: 'merged';
      readonly text: string;
      /** `updated`: the cluster stood in the file before. */
      readonly change: 'added' | 'updated';
    }
  | Unusable;

/**
 * Puts the entry into the text of a kubeconfig: in the place of those with its names, else behind the
 * others. Comments, foreign entries and how their values are written stay; what the result says is
 * compared with what it has to say before it is handed out.
 */
export function mergeEntry(
  text: string | undefined,
  entry: KubeconfigEntry,
  setCurrent: boolean,
): Merged {
  const before = parseKubeconfig(text ?? '');
  if (before.kind === 'unusable') return before;
  if (before.kind === 'empty') {
    const comments = (text ?? '').split(/\r?\n/).filter((line) => line.startsWith('#'));
    const created = newKubeconfig(entry, setCurrent);
    return { kind: 'merged', text: [...comments, created].join('\n'), change: 'added' };
  }
  const { content } = before;
  const edited = edit(text ?? '', content, entry, setCurrent);
  const after = edited === undefined ? undefined : parseKubeconfig(edited);
  const expected = withEntry(content, entry, setCurrent);
  if (
    edited === undefined ||
    after?.kind !== 'content' ||
    !isDeepStrictEqual(after.content, expected)
  ) {
    return unusable('is written in a way that no entry can be put into without changing others');
  }
  const change = hasCluster(content, entry.cluster.name) ? 'updated' : 'added';
  return { kind: 'merged', text: edited, change };
}

/** Undefined where anchors or aliases stand in the way. */
function edit(
  text: string,
  content: KubeconfigContent,
  entry: KubeconfigEntry,
  setCurrent: boolean,
): string | undefined {
  // To the failsafe schema every scalar is a string, so that none is written in another way than it was.
  const document = parseDocument(text, { ...PARSE, schema: 'failsafe' });
  for (const [key, part] of LISTS) {
    const list = listAt(document, key);
    if (list === undefined) return undefined;
    const node = nodeOf(entry[part]);
    const index = indexOfName(content[key], entry[part].name);
    if (index < 0) list.items.push(node);
    else list.items[index] = withCommentsOf(list.items[index], node);
  }
  if (setCurrent) {
    const node = nodeOf(entry.context.name);
    document.set('current-context', withCommentsOf(document.get('current-context', true), node));
  }
  if (hasLostAnchor(document)) return undefined;
  const written = document.toString({
    lineWidth: 0,
    indentSeq: indentsSequences(text),
    flowCollectionPadding: !/[:-] [{[][^\s\]}]/.test(text),
  });
  return /\r\n/.test(text) ? written.replaceAll('\n', '\r\n') : written;
}

/** The list, made where there is none; undefined when it is an alias of another. */
function listAt(document: Document, key: string): YAMLSeq<unknown> | undefined {
  const node = document.get(key, true);
  if (isSeq(node)) {
    // `[]` is how an empty one is written; the entry is better read in lines.
    if (node.items.length === 0) node.flow = false;
    return node;
  }
  if (node !== undefined && !isScalar(node)) return undefined;
  const list = new YAMLSeq();
  document.set(key, list);
  return list;
}

function nodeOf(value: Plain): Node {
  if (typeof value === 'string') {
    const scalar = new Scalar(value);
    // Also what only YAML 1.2 or Go take for a number.
    if (readsAsOther(value) || /^[-+]?[.\d]/.test(value)) scalar.type = Scalar.QUOTE_DOUBLE;
    return scalar;
  }
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    list.items = value.map(nodeOf);
    return list;
  }
  const map = new YAMLMap<Node, Node>();
  for (const [key, part] of Object.entries(value)) map.set(nodeOf(key), nodeOf(part));
  return map;
}

function withCommentsOf(old: unknown, node: Node): Node {
  const { commentBefore, comment, spaceBefore } = (old ?? {}) as Partial<Node>;
  return Object.assign(node, { commentBefore, comment, spaceBefore });
}

/** An anchor that went with a replaced entry, while others still refer to it. */
function hasLostAnchor(document: Document): boolean {
  let lost = false;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) lost = true;
    },
  });
  return lost;
}

/** Whether the file's lists stand deeper than their keys. */
function indentsSequences(text: string): boolean {
  return /^(clusters|contexts|users):[^\n]*\n(\s*#[^\n]*\n)* +- /m.test(text);
}
