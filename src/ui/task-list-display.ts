import type { Event } from '../domain/events.ts';
import type { Display } from './display.ts';
import { clean } from './format.ts';

interface PendingTask {
  readonly finish: (text: string) => void;
  readonly fail: () => void;
  say: (text: string) => void;
}

/** Tools and sandbox as a list that ticks off, until a run begins. */
export async function createTaskListDisplay(stream: NodeJS.WriteStream): Promise<Display> {
  const { Listr, ListrLogger, ProcessOutput } = await import('listr2');
  const pending = new Map<string, PendingTask>();

  const plan = (names: readonly string[]) => {
    const list = new Listr(
      names.map((name) => ({
        title: name,
        task: (_, task) =>
          new Promise<void>((resolve, reject) => {
            pending.set(name, {
              finish: (text) => {
                task.title = clean(text);
                resolve();
              },
              fail: () => reject(new Error(`${name}: not ready`)),
              say: (text) => {
                task.output = clean(text);
              },
            });
          }),
      })),
      {
        concurrent: true,
        exitOnError: false,
        // Signals are ours: listr2 would exit the process.
        registerSignalListeners: false,
        rendererOptions: {
          logger: new ListrLogger({ processOutput: new ProcessOutput(stream, stream) }),
          showErrorMessage: false,
        },
      },
    );
    list.run().catch(() => {
      // A task that failed is told of by the error that ends the command.
    });
  };

  const end = () => {
    for (const task of pending.values()) task.fail();
    pending.clear();
  };

  return {
    show(event: Event) {
      if (event.type === 'tasks-planned') plan(event.tasks);
      if (event.type === 'task-progress') pending.get(event.task)?.say(event.text);
      if (event.type === 'task-ended') {
        pending.get(event.task)?.finish(event.text);
        pending.delete(event.task);
      }
    },
    pause: end,
    end,
  };
}
