/** A file that a change touches. */
export interface ChangedFile {
  readonly path: string;
  /** It was there before and is not any more. */
  readonly isGone: boolean;
}

/** All paths are absolute. */
export interface ClaimFacts {
  /** By unit: its folder. */
  readonly folders: ReadonlyMap<string, string>;
  /** Folders of units that were there before and are not any more. */
  readonly formerFolders: ReadonlySet<string>;
  /** By unit: the files that it is made of, as they are now. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** By file: what stands in the configuration and code among them. */
  readonly texts: ReadonlyMap<string, string>;
  readonly changed: readonly ChangedFile[];
}

/**
 * By unit that a change touches: the first file, in alphabetical order, that says so. A unit claims
 *
 * - its files, and through them a link or a submodule that they lie in;
 * - a file that went, from its own folder, from below a module folder that it uses, or from beside a
 *   file of the same kind that it reads: those folders are read as a whole, or by a pattern;
 * - a file that one of its texts names. Terragrunt lists what `read_terragrunt_config` and `include`
 *   read, but not `file()`, and not what `find_in_parent_folders` found before it went.
 *
 * A file that nobody claims selects nothing, whatever it may mean to all of them: `.tool-versions`, a
 * workflow, a list that is read through a name put together at run time.
 */
export function claimChanged(facts: ClaimFacts): Map<string, string> {
  const changed = new Set(facts.changed.map(({ path }) => path));
  const gone = indexGone(facts);
  const named = indexNamed(facts);
  const claims = new Map<string, string>();
  for (const [unit, folder] of facts.folders) {
    const hits = [...(gone.below.get(folder) ?? [])];
    for (const file of facts.files.get(unit) ?? []) {
      const hit = [file, ...foldersAbove(file)].find((path) => changed.has(path));
      if (hit !== undefined) hits.push(hit);
      for (const { path, from } of named.get(file) ?? []) {
        if (isWithin(folder, from) || isWithin(file, from)) hits.push(path);
      }
      hits.push(...(gone.beside.get(kindOf(file)) ?? []));
      if (isTerraformCode(file)) hits.push(...(gone.below.get(folderOf(file)) ?? []));
    }
    const first = hits.sort()[0];
    if (first !== undefined) claims.set(unit, first);
  }
  return claims;
}

export function isTerraformCode(path: string): boolean {
  return /\.(tf|tofu)(\.json)?$/.test(path);
}

function indexGone({ changed, folders, formerFolders }: ClaimFacts) {
  const units = new Set([...folders.values(), ...formerFolders]);
  const below = new Map<string, string[]>();
  const beside = new Map<string, string[]>();
  for (const { path, isGone } of changed) {
    if (!isGone) continue;
    // Configuration is read by its name, never by a pattern.
    if (!path.endsWith('.hcl')) push(beside, kindOf(path), path);
    for (const folder of foldersAbove(path)) {
      push(below, folder, path);
      // What lies in a unit's folder belongs to no unit and no module around it.
      if (units.has(folder)) break;
    }
  }
  return { below, beside };
}

interface Named {
  readonly path: string;
  /** What the text's path leads down from: a folder above the one that it is read from. */
  readonly from: string;
}

/** By file: the changed files that its text could mean. */
function indexNamed({ changed, texts }: ClaimFacts): Map<string, readonly Named[]> {
  const byEnding = new Map<string, Named[]>();
  for (const { path } of changed) {
    for (const from of foldersAbove(path))
      push(byEnding, path.slice(from.length + 1), { path, from });
  }
  const found = new Map<string, readonly Named[]>();
  if (byEnding.size === 0) return found;
  for (const [file, text] of texts) {
    const named = new Set(endingsIn(text).flatMap((ending) => byEnding.get(ending) ?? []));
    if (named.size > 0) found.set(file, [...named]);
  }
  return found;
}

/** `shared/a.yaml` for `"../shared/a.yaml"` and for `"${get_repo_root()}/shared/a.yaml"`. */
function endingsIn(text: string): string[] {
  return text.split(/["}\n]/).map((piece) => piece.replace(/^(\.{0,2}\/)+/, ''));
}

/** Its folder first, the root of all folders (an empty text) last. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
    folders.push(path.slice(0, end));
    if (end === 0) break;
  }
  return folders;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Folder and extension. */
function kindOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return `${folderOf(path)}/*${name.includes('.') ? name.slice(name.lastIndexOf('.')) : ''}`;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
