import { join } from 'node:path';
import { wasCutShort } from '../../domain/cut-short.ts';
import { EXIT, SIGNAL_EXIT, worstExitCode } from '../../domain/exit-code.ts';
import { FAILURE_EXIT } from '../../domain/failure.ts';
import type { Graph } from '../../domain/graph.ts';
import type { Refusal, RunRecord, StepRecord, UnitRecord } from '../../domain/run-record.ts';
import type { NamedStep } from '../../domain/steps/step-declaration.ts';
import type { Emit } from '../emit.ts';
import { readHead } from '../files/ask-git.ts';
import { hashWith, keyId } from '../records/approval-key.ts';
import { pruneRuns } from '../records/prune-runs.ts';
import { APPROVAL_KEY_FILE } from '../records/record-files.ts';
import { APPROVAL_KEY_VARIABLE, makePrivateDirectory, type Session } from '../session.ts';
import { nowText, type RunContext } from './context.ts';
import { watchInterrupts } from './interruption.ts';
import { createRecorder } from './recorder.ts';
import { createUnitStates } from './unit-states.ts';

export interface RunInput {
  readonly command: RunRecord['command'];
  readonly graph: Graph;
  readonly destroy?: boolean | undefined;
  readonly names: readonly string[];
  /** Flags that chose among them. */
  readonly choice?: readonly string[] | undefined;
  /** Units as another run planned them; without them nothing is planned yet. */
  readonly units?: readonly UnitRecord[];
  readonly configs: RunContext['configs'];
  /** Units that were deleted, and where their old files lie. */
  readonly oldFolders?: RunContext['oldFolders'] | undefined;
  /** What is run after units. */
  readonly steps?: readonly NamedStep[] | undefined;
  /** The run that this one goes on from. */
  readonly from?: EarlierRun | undefined;
}

export interface EarlierRun {
  readonly id: string;
  /** Its record folder, where its saved plans are to be applied. */
  readonly plansDirectory?: string;
  /** Its key, where its hashes are compared. */
  readonly key?: string | undefined;
}

/** Opens the record of a run and takes the signals over; `finishRun` gives them back. */
export async function startRun(session: Session, input: RunInput, emit: Emit): Promise<RunContext> {
  const { host, workspace } = session;
  const startedAt = nowText(session);
  const id = `${startedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${host.machine.randomHex(2)}`;
  const directory = join(workspace.recordsDirectory, id);
  await makePrivateDirectory(host, join(workspace.recordsDirectory, '..'));
  await host.files.makeDirectory(directory, { mode: 0o700 });
  await pruneRuns(host, workspace.recordsDirectory, workspace.settings.keepRuns);
  const shim = join(directory, 'terraform');
  await host.files.copy(join(host.machine.packageDirectory, 'tools', 'terraform-shim.sh'), shim);
  await host.files.setMode(shim, 0o700);
  const key = input.from?.key ?? host.env[APPROVAL_KEY_VARIABLE] ?? host.machine.randomHex(32);
  const record = await firstRecord(session, input, { id, startedAt, keyId: keyId(key) });
  const recorder = createRecorder(host, directory, record, emit);
  const interruption = watchInterrupts(
    host,
    directory,
    (signal) => {
      recorder
        .add({ type: 'run-interrupted', at: nowText(session), signal })
        .catch((error: unknown) => emit({ type: 'note', text: String(error) }));
    },
    (text) => emit({ type: 'note', text }),
  );
  await host.files.writeAtomic(join(directory, APPROVAL_KEY_FILE), `${key}\n`, { mode: 0o600 });
  await recorder.add({ type: 'run-started', at: startedAt, record });
  return {
    session,
    directory,
    plansDirectory: input.from?.plansDirectory ?? directory,
    shim,
    recorder,
    interruption,
    configs: input.configs,
    oldFolders: input.oldFolders ?? new Map(),
    states: createUnitStates(session),
    hash: hashWith(key),
  };
}

async function firstRecord(
  session: Session,
  input: RunInput,
  { id, startedAt, keyId: key }: Pick<RunRecord, 'startedAt' | 'keyId'> & { readonly id: string },
): Promise<RunRecord> {
  const { host, workspace, environment } = session;
  const { commit, tree } = await readHead(host, workspace.root);
  return {
    schema: 1,
    run: id,
    command: input.command,
    destroy: input.destroy === true,
    environment: environment.name,
    protected: environment.file?.protected ?? false,
    arguments: [...input.names],
    choice: [...(input.choice ?? [])],
    commit,
    tree,
    account: environment.file?.account ?? null,
    region: environment.file?.region ?? host.env.AWS_REGION ?? host.env.AWS_DEFAULT_REGION ?? null,
    from: input.from?.id ?? null,
    keyId: key,
    tools: { terraform: session.terraform.version, terragrunt: session.terragrunt.version },
    startedAt,
    endedAt: null,
    durationMs: 0,
    pid: host.machine.pid,
    interruptedBy: null,
    declined: false,
    refused: [],
    exitCode: null,
    units: input.graph.order.map(
      (unit) =>
        withSteps(
          input.units?.find((entry) => entry.unit === unit),
          input,
        ) ?? firstUnit(unit, input),
    ),
  };
}

function firstUnit(unit: string, { command, graph, oldFolders, steps }: RunInput): UnitRecord {
  return {
    unit,
    dependencies: [...(graph.units.get(unit)?.dependencies ?? [])],
    label: 'unknown',
    // Steps alone touch no unit: each is as it was.
    result: command === 'steps' ? 'unchanged' : 'not-started',
    reason: '',
    blockedBy: [],
    plannedThrough: [],
    pending: [],
    isNew: false,
    isDeleted: oldFolders?.has(unit) ?? false,
    isEmpty: false,
    changes: null,
    resources: [],
    outputs: [],
    knownOutputs: {},
    warnings: [],
    failure: null,
    done: 0,
    plan: null,
    binding: null,
    phases: [],
    steps: firstSteps(unit, steps),
    durationMs: 0,
  };
}

/** A unit as another run planned it: the steps are this run's. */
function withSteps(unit: UnitRecord | undefined, { steps }: RunInput): UnitRecord | undefined {
  return unit === undefined ? undefined : { ...unit, steps: firstSteps(unit.unit, steps) };
}

function firstSteps(unit: string, steps: readonly NamedStep[] = []): StepRecord[] {
  const own = steps.filter((step) => step.unit === unit);
  return own.map(({ name }) => ({
    step: name,
    result: 'not-started',
    text: '',
    acted: false,
    failure: null,
    startedAt: null,
    durationMs: 0,
  }));
}

/** Ends the record with the code that the process is to exit with. */
export async function finishRun(context: RunContext, extra: readonly number[]): Promise<RunRecord> {
  const { recorder, session } = context;
  const exitCode = worstExitCode([...exitCodesOf(recorder.record()), ...extra]);
  await recorder.add({ type: 'run-ended', at: nowText(session), exitCode });
  await recorder.flush();
  context.interruption.end();
  return recorder.record();
}

const REFUSAL_EXIT: Readonly<Record<Refusal['kind'], number>> = {
  bound: EXIT.refused,
  guard: EXIT.usage,
  preflight: EXIT.failed,
};

function exitCodesOf(record: RunRecord): number[] {
  const codes = record.units.flatMap(({ failure, result, steps }): number | number[] => {
    const broken = steps.flatMap((step) => step.failure ?? []);
    if (broken.length > 0) return broken.map(({ kind }) => FAILURE_EXIT[kind]);
    if (failure !== null) return FAILURE_EXIT[failure.kind];
    return result === 'skipped' || result === 'failed' ? EXIT.failed : EXIT.ok;
  });
  if (record.interruptedBy !== null && wasCutShort(record)) {
    codes.push(SIGNAL_EXIT[record.interruptedBy]);
  }
  if (record.declined) codes.push(EXIT.failed);
  codes.push(...record.refused.map(({ kind }) => REFUSAL_EXIT[kind]));
  return codes;
}
