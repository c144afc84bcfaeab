/** A Kubernetes minor as EKS offers it. */
export interface OfferedVersion {
  readonly version: string;
  readonly support: 'standard' | 'extended' | 'ended' | 'unknown';
  /** Milliseconds since 1970. */
  readonly standardSupportEnds: number | undefined;
  readonly extendedSupportEnds: number | undefined;
}

const DAY_MS = 86_400_000;

/** Whole days until then; negative when it is over. */
export function daysUntil(end: number, now: number): number {
  return Math.floor((end - now) / DAY_MS);
}

/** `2026-12-02`. */
export function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** How long the version of a cluster is still supported. */
export interface Support {
  readonly state: OfferedVersion['support'];
  /** End of the support that it is in, `2026-12-02`; null where AWS names none. */
  readonly until: string | null;
  readonly daysLeft: number | null;
}

/** A version that EKS does not offer any more has no support. */
export function supportOf(
  version: string,
  offered: readonly OfferedVersion[],
  now: number,
): Support {
  const found = offered.find((each) => each.version === version);
  if (found === undefined) return { state: 'ended', until: null, daysLeft: null };
  const { support, standardSupportEnds, extendedSupportEnds } = found;
  const end = support === 'standard' ? standardSupportEnds : extendedSupportEnds;
  return {
    state: support,
    until: end === undefined ? null : dateText(end),
    daysLeft: end === undefined ? null : daysUntil(end, now),
  };
}
