import { join } from 'node:path';
import { wasCutShort } from '../../domain/cut-short.ts';
import { EXIT, SIGNAL_EXIT, worstExitCode } from '../../domain/exit-code.ts';
import { FAILURE_EXIT } from '../../domain/failure.ts';
import type { Graph } from '../../domain/graph.ts';
import type { RunRecord, UnitRecord } from '../../domain/run-record.ts';
import { headArgs } from '../../tools/git.ts';
import { type Emit, makePrivateDirectory, type Session } from '../session.ts';
import { nowText, type RunContext } from './context.ts';
import { watchInterrupts } from './interruption.ts';
import { pruneRuns } from './prune-runs.ts';
import { createRecorder } from './recorder.ts';

export interface RunInput {
  readonly command: RunRecord['command'];
  readonly graph: Graph;
  readonly names: readonly string[];
  readonly hiddenMocks: RunContext['hiddenMocks'];
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
  const record = await firstRecord(session, input, id, startedAt);
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
  const { hiddenMocks } = input;
  const context = { session, directory, shim, recorder, interruption, hiddenMocks };
  await recorder.add({ type: 'run-started', at: startedAt, record });
  return context;
}

async function firstRecord(
  session: Session,
  input: RunInput,
  id: string,
  startedAt: string,
): Promise<RunRecord> {
  const { host, workspace, environment } = session;
  const head = await host.processes.run({
    argv: ['git', ...headArgs()],
    cwd: workspace.root,
    env: { ...host.env },
  });
  return {
    schema: 1,
    run: id,
    command: input.command,
    environment: environment.name,
    arguments: [...input.names],
    commit: head.exitCode === 0 ? head.stdout.trim() : null,
    tools: { terraform: session.terraform.version, terragrunt: session.terragrunt.version },
    startedAt,
    endedAt: null,
    durationMs: 0,
    pid: host.machine.pid,
    interruptedBy: null,
    declined: false,
    exitCode: null,
    units: input.graph.order.map((unit) =>
      firstUnit(unit, input.graph.units.get(unit)?.dependencies ?? []),
    ),
  };
}

function firstUnit(unit: string, dependencies: readonly string[]): UnitRecord {
  return {
    unit,
    dependencies: [...dependencies],
    label: 'unknown',
    result: 'not-started',
    reason: '',
    blockedBy: [],
    plannedThrough: [],
    isNew: false,
    isEmpty: false,
    changes: null,
    resources: [],
    outputs: [],
    warnings: [],
    failure: null,
    done: 0,
    plan: null,
    phases: [],
    durationMs: 0,
  };
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

function exitCodesOf(record: RunRecord): number[] {
  const codes = record.units.flatMap(({ failure, result }) => {
    if (failure !== null) return FAILURE_EXIT[failure.kind];
    return result === 'skipped' || result === 'failed' ? EXIT.failed : EXIT.ok;
  });
  if (record.interruptedBy !== null && wasCutShort(record)) {
    codes.push(SIGNAL_EXIT[record.interruptedBy]);
  }
  if (record.declined) codes.push(EXIT.failed);
  return codes;
}
