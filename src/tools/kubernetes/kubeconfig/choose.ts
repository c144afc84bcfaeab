import { hasCluster, parseKubeconfig, type Unusable } from './content.ts';

export interface Candidate {
  readonly path: string;
  /** What the file was found to hold; undefined: it is not there. */
  readonly text: string | undefined | Unusable;
}

export interface Choice {
  readonly path: string;
  /** Candidates that cannot be read. */
  readonly passed: readonly { readonly path: string; readonly why: string }[];
  /** A candidate before the chosen one that says which context is the current one, and so has the last word. */
  readonly overruledBy: { readonly path: string; readonly context: string } | undefined;
}

/** The first file that knows the cluster, else the first of all: as the AWS CLI chooses. */
export function chooseKubeconfig(
  candidates: readonly [Candidate, ...Candidate[]],
  cluster: string,
): Choice {
  const looked = candidates.map(({ path, text }) => {
    const parsed = typeof text === 'object' ? text : parseKubeconfig(text ?? '');
    return { path, parsed };
  });
  const known = looked.findIndex(
    ({ parsed }) => parsed.kind === 'content' && hasCluster(parsed.content, cluster),
  );
  const index = Math.max(0, known);
  const before = looked.slice(0, index).flatMap(({ path, parsed }) => {
    const context = parsed.kind === 'content' ? parsed.content['current-context'] : undefined;
    return context ? [{ path, context }] : [];
  });
  return {
    path: looked[index]?.path ?? candidates[0].path,
    passed: looked.flatMap(({ path, parsed }, at) =>
      parsed.kind === 'unusable' && at !== index ? [{ path, why: parsed.why }] : [],
    ),
    overruledBy: before[0],
  };
}
