import { join } from 'node:path';
import type { Progress } from '../../domain/events.ts';
import { classifyFailure } from '../../domain/failure.ts';
import type { Phase, UnitFailure } from '../../domain/run-record.ts';
import type { ProcessResult } from '../../host/command.ts';
import {
  completedChanges,
  describeProgress,
  errorsOf,
  parseUiStream,
  type UiMessage,
} from '../../tools/terraform/ui-stream.ts';
import {
  errorMessages,
  failedHook,
  type LogLine,
  missingOutputs,
  parseLog,
  runArgs,
} from '../../tools/terragrunt/run.ts';
import { type Session, unitOfFile } from '../session.ts';
import { environmentOf, type RunContext, unitDirectory, unitFolder } from './context.ts';
import { terraformPids } from './interruption.ts';

const POLL_MS = 250;

export interface UnitProcessInput {
  readonly unit: string;
  readonly phase: Phase;
  readonly terraform: readonly string[];
  /** Digest that the inputs must have; undefined: any. */
  readonly inputs?: string | undefined;
  /** Terragrunt itself refuses to answer with mocks, in trees whose files ask for this variable. */
  readonly refuseMocks?: boolean;
  /** The list that the shim answers dependencies' outputs from. */
  readonly aheadFile?: string | undefined;
}

export interface UnitProcessResult {
  readonly process: ProcessResult;
  readonly messages: readonly UiMessage[];
  readonly log: readonly LogLine[];
}

/** One phase of one unit: Terragrunt in a process of its own, everything it says in the unit's files. */
export async function runUnitProcess(
  context: RunContext,
  input: UnitProcessInput,
  emit: (progress: Progress) => void,
): Promise<UnitProcessResult> {
  const { session } = context;
  const { host } = session;
  const directory = unitDirectory(context, input.unit);
  await host.files.makeDirectory(directory, { mode: 0o700 });
  const file = (ending: string) => join(directory, `${input.phase}.${ending}`);
  const log = file('terragrunt.log');
  const child = host.processes.start(
    {
      argv: [
        session.terragrunt.path,
        ...runArgs({
          unitFolder: unitFolder(context, input.unit),
          reportFile: file('report.json'),
          // What is read from the state itself, the shim is not asked for.
          outputsFromState: input.aheadFile === undefined && readsOutputsFromState(session),
          terraform: input.terraform,
        }),
      ],
      cwd: session.workspace.root,
      env: {
        ...session.childEnv,
        TG_TF_PATH: context.shim,
        PLATFORM_TERRAFORM: session.terraform.path,
        PLATFORM_UNIT_DIR: directory,
        PLATFORM_STOP_FILE: context.interruption.stopFile,
        PLATFORM_PHASE: input.phase,
        PLATFORM_INPUTS: input.inputs ?? '',
        PLATFORM_AHEAD: input.aheadFile ?? '',
        PLATFORM_MOCKS: input.refuseMocks === true ? 'refuse' : 'allow',
      },
    },
    { kind: 'files', stdout: log, stderr: log },
  );
  const running = { unit: input.unit, terragruntPid: child.pid, pidsFile: file('pids') };
  const release = context.interruption.watch(running);
  const result = await followProgress(context, input.unit, file('jsonl'), child.ended, emit);
  // Terragrunt may have been killed: its Terraform goes on, and the unit is not over before it is.
  while ((await terraformPids(host, running)).length > 0) await host.clock.sleep(POLL_MS);
  release();
  // Terraform kills the shell of a local-exec, not what the shell started: that is left in the group.
  if (context.interruption.signal() !== undefined && child.pid !== undefined) {
    host.processes.signal(-child.pid, 'SIGTERM');
  }
  const [events, logText] = await Promise.all([
    host.files.read(file('jsonl')),
    host.files.read(log),
  ]);
  return {
    process: result,
    messages: parseUiStream(events ?? ''),
    log: parseLog(logText ?? ''),
  };
}

/** Reads Terraform's events from the file that it writes, until the process ends. */
async function followProgress(
  context: RunContext,
  unit: string,
  file: string,
  ended: Promise<ProcessResult>,
  emit: (progress: Progress) => void,
): Promise<ProcessResult> {
  const { files, clock } = context.session.host;
  let result: ProcessResult | undefined;
  const whenEnded = ended.then((value) => {
    result = value;
    return value;
  });
  let offset = 0;
  let done = 0;
  while (result === undefined) {
    await Promise.race([whenEnded, clock.sleep(POLL_MS)]);
    const bytes = await files.readFrom(file, offset);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole === 0) continue;
    offset += whole;
    const messages = parseUiStream(Buffer.from(bytes.subarray(0, whole)).toString('utf8'));
    done += completedChanges(messages);
    const latest = messages.map(describeProgress).findLast((progress) => progress !== undefined);
    if (latest !== undefined) emit({ type: 'unit-progress', unit, done, ...latest });
  }
  return result;
}

/** Why a phase failed, for a person. */
export function failureOf(
  context: RunContext,
  unit: string,
  { process, messages, log }: UnitProcessResult,
): UnitFailure {
  return classifyFailure({
    unit,
    environment: context.session.environment.name,
    diagnostics: errorsOf(messages),
    terragruntErrors: errorMessages(log),
    failedHook: failedHook(log),
    missingOutputs: missingOutputs(log).map((file) =>
      unitOfFile(environmentOf(context, unit), file),
    ),
    exitCode: process.exitCode,
    inputsDiffer: log.some(({ message }) =>
      message.includes('platform: the inputs are not the ones that were planned'),
    ),
  });
}

/** Terragrunt reads a dependency's state by its bare key, which is the default workspace's. */
export function readsOutputsFromState({ childEnv }: Pick<Session, 'childEnv'>): boolean {
  return (childEnv.TF_WORKSPACE ?? 'default') === 'default';
}
