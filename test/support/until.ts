const POLL_MS = 50;

/**
 * Looks until what it sees is as wanted (by default: true), and resolves to it; a test that waits in
 * vain runs into its own time limit.
 */
export async function until<T>(
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean = Boolean,
): Promise<T> {
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
