/** What each code means to a script; the table people read is in docs/exit-codes.md. */
export const EXIT = {
  ok: 0,
  failed: 1,
  changes: 2,
  refused: 3,
  locked: 4,
  identity: 5,
  usage: 64,
  tool: 69,
  bug: 70,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export const SIGNAL_EXIT = {
  SIGHUP: EXIT.hangup,
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
} as const;

const WORST_FIRST: readonly number[] = [
  EXIT.bug,
  EXIT.hangup,
  EXIT.interrupted,
  EXIT.terminated,
  EXIT.identity,
  EXIT.usage,
  EXIT.tool,
  EXIT.locked,
  EXIT.refused,
  EXIT.failed,
  EXIT.changes,
];

/** The code that a run with several outcomes ends with; 0 for none. */
export function worstExitCode(codes: Iterable<number>): number {
  const seen = new Set(codes);
  const unknown = [...seen].some((code) => code !== EXIT.ok && !WORST_FIRST.includes(code));
  if (unknown) return EXIT.bug;
  return WORST_FIRST.find((code) => seen.has(code)) ?? EXIT.ok;
}
