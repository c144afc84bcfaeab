/** Why kubectl failed, as far as its words tell; its exit code is 1 for everything. */
export type KubectlFailureKind =
  /** Nobody answers, or not in time: may pass. */
  | 'unreachable'
  | 'timeout'
  | 'throttled'
  | 'server-error'
  /** The credentials are none (any more). */
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  /** The server does not know the resource: its CRD is not there. */
  | 'no-such-kind'
  | 'conflict'
  /** The certificate is not the cluster's. */
  | 'tls'
  | 'not-started'
  | 'interrupted'
  | 'other';

export interface KubectlFailure {
  readonly kind: KubectlFailureKind;
  /** One line of kubectl's, or ours where it said nothing. */
  readonly text: string;
}

/** First match wins. Texts as kubectl 1.27 to 1.36 print them. */
const TABLE: readonly (readonly [RegExp, KubectlFailureKind])[] = [
  // The API server's own failure, in which the words of its client stand.
  [/failed calling webhook|conversion webhook for .* failed/i, 'server-error'],
  [/certificate signed by unknown authority|failed to verify certificate|x509:/i, 'tls'],
  [/\bUnauthorized\b|must be logged in to the server|provide credentials/i, 'unauthorized'],
  [/getting credentials: exec/i, 'unauthorized'],
  [/\(Forbidden\)|is forbidden:/i, 'forbidden'],
  [
    /doesn't have a resource type|no matches for kind|could not find the requested resource/i,
    'no-such-kind',
  ],
  [/\(NotFound\)|not found$/im, 'not-found'],
  [/\(TooManyRequests\)|too many requests/i, 'throttled'],
  [/\(Conflict\)|\(AlreadyExists\)|Operation cannot be fulfilled/i, 'conflict'],
  [
    /connection refused|was refused|no route to host|no such host|connection reset|\bEOF\b|broken pipe/i,
    'unreachable',
  ],
  [/timeout|timed out|deadline exceeded|\(Timeout\)/i, 'timeout'],
  [
    /\(InternalError\)|\(ServiceUnavailable\)|Internal (Server E|e)rror|unable to handle the request/i,
    'server-error',
  ],
];

export function classifyKubectl(stderr: string): KubectlFailure {
  const lines = wordsOf(stderr);
  for (const [pattern, kind] of TABLE) {
    const line = lines.find((each) => pattern.test(each));
    if (line !== undefined) return { kind, text: bare(line) };
  }
  return { kind: 'other', text: bare(lines.at(-1) ?? 'kubectl said nothing') };
}

/** Lines of klog (`E1125 08:00:00.1 …`) repeat what another line says in plain words. */
function wordsOf(stderr: string): string[] {
  return stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[EWI]\d{4} /.test(line));
}

function bare(line: string): string {
  return line.replace(/^error: /i, '').replace(/^Error from server /, '');
}
