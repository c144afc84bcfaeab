import type { Event } from '../domain/events.ts';
import type { Host } from '../host/host.ts';
import { type Display, silentDisplay } from '../ui/display.ts';
import { createLineDisplay } from '../ui/line-display.ts';
import { colourPaint, type Paint, plainPaint } from '../ui/paint.ts';
import type { GlobalOptions } from './global-options.ts';

/** A view that redraws on a terminal, lines elsewhere, nothing when quiet. */
export async function createDisplay(
  host: Host,
  options: GlobalOptions,
): Promise<{ readonly display: Display; readonly paint: Paint }> {
  const { terminal, env } = host;
  const isTerminal = terminal.stderrIsTty && env.TERM !== 'dumb' && env.CI !== 'true';
  // https://no-color.org
  const colour = options.color && !env.NO_COLOR && terminal.stdoutIsTty;
  const paint = colour ? await colourPaint() : plainPaint;
  if (options.quiet) return { display: silentDisplay, paint };
  if (!isTerminal || options.verbose) {
    return { display: createLineDisplay(terminal.writeErr), paint };
  }
  return { display: await terminalDisplay(host, options.color ? paint : plainPaint), paint };
}

/** A list that ticks off while tools and sandbox get ready, the live view once a run has begun. */
async function terminalDisplay(host: Host, paint: Paint): Promise<Display> {
  const [{ createTaskListDisplay }, { createLiveDisplay }] = await Promise.all([
    import('../ui/task-list-display.ts'),
    import('../ui/live/live-display.ts'),
  ]);
  const tasks = await createTaskListDisplay(host.terminal.errStream);
  const live = await createLiveDisplay({
    stream: host.terminal.errStream,
    columns: host.terminal.columns,
    rows: host.terminal.rows,
    paint,
  });
  let current = tasks;
  return {
    show(event: Event) {
      if (event.type === 'run-started') {
        current.end();
        current = live;
      }
      if (event.type === 'note' && current === tasks) host.terminal.writeErr(`${event.text}\n`);
      current.show(event);
    },
    pause: () => current.pause(),
    end: () => current.end(),
  };
}
