import type { Event } from '../domain/events.ts';

/** Shows what happens while it happens, on standard error. */
export interface Display {
  show(event: Event): void;
  /** Takes the view away, so that something else can be written or asked; the next event brings it back. */
  pause(): void;
  end(): void;
}

export const silentDisplay: Display = { show: () => {}, pause: () => {}, end: () => {} };
