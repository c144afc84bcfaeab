/** Files that are made aside, together, and land together: all of them, or none. */
export interface Recipe {
  readonly name: string;
  /** For people. */
  readonly version: string;
  /** Binaries that exist in the end, by name. */
  readonly outputs: readonly string[];
  /** Empty where nobody publishes them for this system. */
  readonly releases: readonly Release[];
  readonly goBuild?: GoBuild;
}

/** A file that a project publishes, which is one of the outputs or an archive that holds it. */
export interface Release {
  readonly url: string;
  readonly checksum:
    | { readonly kind: 'list'; readonly url: string }
    /** Of a project that publishes none. */
    | { readonly kind: 'pinned'; readonly sha256: string };
  readonly archive?: Archive;
  readonly output: string;
}

export interface Archive {
  readonly kind: 'zip' | 'tar.gz';
  /** Path of the file that is wanted, or how it begins. */
  readonly member: string;
}

/** Binaries of one Go module below `tools/`, made by one build with one pair of caches. */
export interface GoBuild {
  readonly folder: string;
  readonly binaries: readonly GoBinary[];
  /** What the linker sets, by variable: what a binary says that it is. */
  readonly variables: Readonly<Record<string, string>>;
  /** Seen with empty caches on 2 cores; the room includes the caches, which go away. */
  readonly usual: { readonly minutes: number; readonly gigabytes: number };
}

export interface GoBinary {
  readonly package: string;
  /** The module that holds the package, and its version as `go.mod` must have it, without the v. */
  readonly module: string;
  readonly version: string;
  readonly output: string;
}

export interface System {
  readonly platform: string;
  readonly arch: string;
}
