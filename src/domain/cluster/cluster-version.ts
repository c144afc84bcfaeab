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
