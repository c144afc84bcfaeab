import type { Event } from '../domain/events.ts';
import type { Display } from './display.ts';
import { eventLine } from './event-lines.ts';
import { formatDuration } from './format.ts';
import { EMPTY_LIVE_STATE, foldLive } from './live/live-state.ts';

/** People take a silent tool for a broken one. https://github.com/gruntwork-io/terragrunt/issues/3499 */
const HEARTBEAT_MS = 30_000;
/** A build says something twice a second; a log wants less. */
const SAME_TASK_MS = 15_000;

/** One line per event, for a log or a pipe. */
export function createLineDisplay(write: (text: string) => void): Display {
  let state = EMPTY_LIVE_STATE;
  const saidAt = new Map<string, number>();
  const missing = new Map<string, string>();
  const heartbeat = setInterval(() => {
    const now = Date.now();
    const silent = [...state.running].filter(
      ([, { sinceMs }]) => now - sinceMs >= HEARTBEAT_MS / 2,
    );
    const lines = silent.map(([unit, { sinceMs, doing }]) => {
      return `${unit}: still running, ${formatDuration(now - sinceMs)}${doing === '' ? '' : `, ${doing}`}\n`;
    });
    write(lines.join(''));
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    show(event: Event) {
      state = foldLive(state, event);
      if (event.type === 'task-progress') {
        const now = Date.now();
        if (now - (saidAt.get(event.task) ?? 0) < SAME_TASK_MS) return;
        saidAt.set(event.task, now);
      }
      if (event.type === 'step-progress') {
        // What is missing is asked every few seconds, and news when it is something else.
        const step = `${event.unit} ${event.step}`;
        if (missing.get(step) === event.text) return;
        missing.set(step, event.text);
      }
      // A tool that was there already is not news; where providers come from is said each time.
      if (event.type === 'task-ended' && event.task !== 'providers' && !saidAt.has(event.task)) {
        return;
      }
      const line = eventLine(event);
      if (line !== undefined) write(`${line}\n`);
    },
    pause: () => {},
    end: () => clearInterval(heartbeat),
  };
}
