import type { Clock } from '../../host/host.ts';
import { type ApiClient, ApiError } from '../cluster/api-client.ts';
import type { StandIn } from './stand-in.ts';

/** While things change, and after a time in which nothing did. */
const pauseMs = { shortest: 250, longest: 2000 };

export interface ReconcileLoop {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly standIns: readonly StandIn[];
  log(line: string): void;
}

/** Looks again and again, until `stop`, which resolves when the last look is over. */
export function keepReconciling({ api, clock, standIns, log }: ReconcileLoop): {
  stop(): Promise<void>;
} {
  let wake: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    wake = resolve;
  });
  let running = true;
  const failures = new Map<StandIn, string>();

  async function look(standIn: StandIn, view: ApiClient): Promise<boolean> {
    try {
      const changed = await standIn.reconcile(view);
      failures.delete(standIn);
      return changed;
    } catch (error) {
      // Somebody changed what was read before it could be written: usual in a cluster.
      if (error instanceof ApiError && error.status === 409) return true;
      const message = error instanceof Error ? error.message : String(error);
      // Told once: what fails now will fail at the next look too, mostly.
      if (running && failures.get(standIn) !== message) log(`${standIn.name}: ${message}`);
      failures.set(standIn, message);
      return false;
    }
  }

  async function run(): Promise<void> {
    let pause = pauseMs.shortest;
    while (running) {
      const view = readOnce(api);
      let changed = false;
      for (const standIn of standIns) {
        if (running && (await look(standIn, view))) changed = true;
      }
      pause = changed ? pauseMs.shortest : Math.min(pause * 2, pauseMs.longest);
      await Promise.race([stopped, clock.sleep(pause)]);
    }
    for (const standIn of standIns) await standIn.close?.();
  }

  const over = run();
  return {
    stop: () => {
      running = false;
      wake();
      return over;
    },
  };
}

/** Several look at nodes and pods: one look is one reading of each collection. */
export function readOnce(api: ApiClient): ApiClient {
  const lists = new Map<string, ReturnType<ApiClient['list']>>();
  return {
    ...api,
    list: (path) => {
      const read = lists.get(path) ?? api.list(path);
      lists.set(path, read);
      return read;
    },
  };
}
