import type { Host } from '../host/host.ts';

/** One for the whole step, however many things it waits for. */
export interface Deadline {
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

export function deadlineIn(clock: Host['clock'], seconds: number): Deadline {
  return { seconds, endsAt: clock.now() + seconds * 1000 };
}
