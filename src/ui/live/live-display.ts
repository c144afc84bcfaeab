import type { Display } from '../display.ts';
import type { Paint } from '../paint.ts';
import { EMPTY_LIVE_STATE, foldLive } from './live-state.ts';
import { liveView } from './live-view.ts';

const REDRAW_MS = 200;

export interface LiveDisplayOptions {
  readonly stream: NodeJS.WritableStream;
  readonly columns: () => number;
  readonly rows: () => number;
  readonly paint: Paint;
}

/** Redraws a run in place on a terminal. */
export async function createLiveDisplay(options: LiveDisplayOptions): Promise<Display> {
  const { createLogUpdate } = await import('log-update');
  const draw = createLogUpdate(options.stream);
  let state = EMPTY_LIVE_STATE;
  let timer: NodeJS.Timeout | undefined;
  const redraw = () =>
    draw(
      liveView(state, {
        columns: options.columns(),
        rows: options.rows(),
        nowMs: Date.now(),
        paint: options.paint,
      }),
    );
  const pause = () => {
    clearInterval(timer);
    timer = undefined;
    draw.clear();
  };
  return {
    show(event) {
      state = foldLive(state, event);
      if (event.type === 'run-ended' || event.type === 'plan-ready') return;
      timer ??= setInterval(redraw, REDRAW_MS);
      // The timer draws; it must not keep a finished process alive.
      timer.unref();
    },
    pause,
    end() {
      pause();
      draw.done();
    },
  };
}
