import type { Command, Processes, ProcessResult } from '../../../src/host/command.ts';

export type Answer = Partial<ProcessResult>;
export type Answers = (line: string, command: Command) => Answer | Promise<Answer> | undefined;

export interface FakeProcesses extends Processes {
  readonly ran: Command[];
  readonly signals: (readonly [pid: number, signal: string])[];
}

/** Processes that answer from a function; a command that it does not know is a mistake of the test. */
export function fakeProcesses(answers: Answers): FakeProcesses {
  const ran: Command[] = [];
  const signals: (readonly [number, string])[] = [];
  const answer = async (command: Command): Promise<ProcessResult> => {
    ran.push(command);
    const line = command.argv.join(' ');
    const given = await answers(line, command);
    if (given === undefined) throw new Error(`unexpected command: ${line}`);
    return { exitCode: 0, signal: null, stdout: '', stderr: '', durationMs: 0, ...given };
  };
  return {
    ran,
    signals,
    run: answer,
    start: (command) => ({ pid: 100 + ran.length, ended: answer(command) }),
    startDaemon: () => {
      throw new Error('unexpected: a daemon');
    },
    signal: (pid, name) => {
      signals.push([pid, name]);
      return true;
    },
    terminateAll: () => {
      throw new Error('unexpected: terminateAll');
    },
    isAlive: () => false,
    pids: () => [],
    parentOf: () => undefined,
    argvOf: () => undefined,
    groupOf: () => undefined,
  };
}

export const notFound: Answer = { exitCode: null, notStarted: 'not-found' };
