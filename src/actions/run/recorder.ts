import { join } from 'node:path';
import type { RunEvent } from '../../domain/events.ts';
import { foldRun } from '../../domain/fold-run.ts';
import type { RunRecord } from '../../domain/run-record.ts';
import type { Host } from '../../host/host.ts';
import type { Emit } from '../emit.ts';
import { EVENTS_FILE } from '../records/record-files.ts';

/** `events.ndjson` has everything at once; `run.json` is a copy of what they fold to, at most this old. */
const SNAPSHOT_EVERY_MS = 1000;

/** Keeps the record of a run: every event is on disk before anybody is told of it. */
export interface Recorder {
  record(): RunRecord;
  add(event: RunEvent): Promise<void>;
  /** Writes `run.json` as it stands. */
  flush(): Promise<void>;
}

export function createRecorder(
  host: Pick<Host, 'files' | 'clock'>,
  directory: string,
  first: RunRecord,
  emit: Emit,
): Recorder {
  let record = first;
  let writtenAt = 0;
  let queue: Promise<void> = Promise.resolve();
  let diskFailed = false;

  const write = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      // A full disk must not stop an apply that is under way.
      if (!diskFailed) {
        const text = `the run record is not complete: ${(error as Error).message}`;
        emit({ type: 'note', text });
      }
      diskFailed = true;
    }
  };
  const snapshot = () =>
    write(() =>
      host.files.writeAtomic(join(directory, 'run.json'), `${JSON.stringify(record, null, 2)}\n`, {
        mode: 0o600,
      }),
    );

  return {
    record: () => record,
    add(event) {
      record = foldRun(record, event);
      const due = host.clock.now() - writtenAt >= SNAPSHOT_EVERY_MS;
      if (due) writtenAt = host.clock.now();
      queue = queue.then(async () => {
        const line = `${JSON.stringify(event)}\n`;
        await write(() => host.files.append(join(directory, EVENTS_FILE), line, { mode: 0o600 }));
        if (due) await snapshot();
        emit(event);
      });
      return queue;
    },
    flush: () => {
      queue = queue.then(snapshot);
      return queue;
    },
  };
}
