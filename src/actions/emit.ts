import type { Event } from '../domain/events.ts';

/** Tells whoever watches what happens. */
export type Emit = (event: Event) => void;
