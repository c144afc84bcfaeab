import type { OutputReads } from '../../domain/unit-config.ts';
import { readHclCode } from './hcl-code.ts';

/** Key of the mentions whose dependency cannot be told: what they read counts for every one. */
export const ANY_DEPENDENCY = '*';

/**
 * Which outputs of which dependency the texts of configuration files mention, by the dependency's
 * name. A name that is not mentioned is missing, and so nothing of it can flow anywhere: HCL has no
 * other way to an output than the word `dependency`. Whatever is not literal counts as everything.
 */
export function parseReferences(texts: readonly string[]): ReadonlyMap<string, OutputReads> {
  const found = new Map<string, Set<string> | 'all'>();
  for (const text of texts) {
    const code = readHclCode(text)?.code;
    const mentions = code === undefined ? [{ dependency: ANY_DEPENDENCY }] : mentionsIn(code);
    for (const { dependency, output } of mentions) {
      const known = found.get(dependency) ?? new Set();
      found.set(dependency, output === undefined || known === 'all' ? 'all' : known.add(output));
    }
  }
  return new Map(
    [...found].map(([name, reads]) => [name, reads === 'all' ? reads : [...reads].sort()]),
  );
}

interface Mention {
  readonly dependency: string;
  /** Undefined: any of them. */
  readonly output?: string;
}

/** The word alone, and every string, to tell which words stand in one. */
const WORD = /"[^"\n]*"|(?<![\p{ID_Continue}])dependency(?![\p{ID_Continue}-])/gu;

/** The head of a block, or a name that is given a value: neither reads anything. */
const DEFINITION =
  /[ \t]*(?:(?:"[^"\n]*"|[\p{ID_Start}_][\p{ID_Continue}-]*)?[ \t]*\{|=(?![=>]))/uy;

/** One literal step of a traversal, `.name` or `["name"]`. */
const STEP = /\s*(?:\.\s*([\p{ID_Start}_][\p{ID_Continue}-]*)|\[\s*"([^"\n]+)"\s*\])/uy;

function mentionsIn(code: string): Mention[] {
  return [...code.matchAll(WORD)].flatMap(({ 0: word, index }): Mention[] => {
    let at = index + word.length;
    DEFINITION.lastIndex = at;
    if (!/^"?dependency"?$/.test(word) || DEFINITION.test(code)) return [];
    const step = () => {
      STEP.lastIndex = at;
      const [whole, attribute, key] = STEP.exec(code) ?? [];
      at += whole?.length ?? 0;
      return attribute ?? key;
    };
    // In quotes it is the key of an object that may be a whole configuration: cfg["dependency"].
    const dependency = word.startsWith('"') ? undefined : step();
    if (dependency === undefined) return [{ dependency: ANY_DEPENDENCY }];
    const output = step() === 'outputs' ? step() : undefined;
    return [output === undefined ? { dependency } : { dependency, output }];
  });
}
