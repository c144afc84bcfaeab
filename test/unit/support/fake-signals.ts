import type { InterruptSignal, Signals } from '../../../src/host/host.ts';

export interface FakeSignals extends Signals {
  /** As if the system had sent it. */
  send(signal: InterruptSignal): void;
  listeners(): number;
}

export function fakeSignals(): FakeSignals {
  const callbacks = new Set<(signal: InterruptSignal) => void>();
  return {
    onInterrupt(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    send: (signal) => {
      for (const callback of callbacks) callback(signal);
    },
    listeners: () => callbacks.size,
  };
}
