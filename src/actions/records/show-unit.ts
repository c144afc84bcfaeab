import { join } from 'node:path';
import { openWorkspace } from '../../config/workspace.ts';
import { ToolError, UserError } from '../../domain/errors.ts';
import type { Host } from '../../host/host.ts';
import { parseUiStream } from '../../tools/terraform/ui-stream.ts';
import { parseLog } from '../../tools/terragrunt/run.ts';
import type { Emit } from '../emit.ts';
import { openSession } from '../session.ts';
import { findRun } from './find-run.ts';
import { STEPS_LOG } from './record-files.ts';

export interface RecordedUnitInput {
  readonly directory: string | undefined;
  readonly unit: string;
  /** Id of the run, or its beginning; undefined: the newest with that unit. */
  readonly run: string | undefined;
}

/** Terraform's own rendering of the unit's saved plan. Values are in it: it is for the person at this machine. */
export async function showUnit(host: Host, input: RecordedUnitInput, emit: Emit): Promise<string> {
  const workspace = await openWorkspace(host, input.directory);
  const { record, directory } = await findRun(
    host,
    workspace.recordsDirectory,
    input.run,
    input.unit,
  );
  const folder = join(directory, 'units', input.unit);
  const plans = ['replan.tfplan', 'through.tfplan', 'plan.tfplan'].map((name) =>
    join(folder, name),
  );
  let plan: string | undefined;
  for (const path of plans) {
    if (plan === undefined && (await host.files.stat(path)) !== undefined) plan = path;
  }
  if (plan === undefined) {
    throw new UserError({
      what: `run ${record.run} has no plan of "${input.unit}" any more`,
      where: folder,
      next: `platform plan ${record.environment} ${input.unit}`,
    });
  }
  const { directory: tree } = input;
  const session = await openSession(
    host,
    { directory: tree, environment: record.environment },
    emit,
    'providers',
  );
  const workdir = await host.files.read(join(folder, 'workdir'));
  const result = await host.processes.run({
    argv: [
      session.terraform.path,
      'show',
      ...(host.terminal.stdoutIsTty ? [] : ['-no-color']),
      plan,
    ],
    cwd: workdir?.trim() ?? workspace.root,
    env: session.childEnv,
  });
  if (result.exitCode === 0) return result.stdout;
  throw new ToolError({
    what: `terraform cannot show the plan: ${result.stderr.trim().split('\n').join(' ')}`,
    where: plan,
    next: `platform plan ${record.environment} ${input.unit}`,
  });
}

const PHASES = ['plan', 'through', 'replan', 'apply'] as const;

/** Everything that was said about the unit in that run, in the order of its phases. */
export async function unitLog(host: Host, input: RecordedUnitInput): Promise<string> {
  const workspace = await openWorkspace(host, input.directory);
  const { record, directory } = await findRun(
    host,
    workspace.recordsDirectory,
    input.run,
    input.unit,
  );
  const folder = join(directory, 'units', input.unit);
  // Units of two environments may have one name.
  const heading = `run ${record.run}: ${record.command} ${record.environment}, unit ${input.unit}`;
  const parts: string[] = [];
  for (const phase of PHASES) {
    const said = [
      ...parseLog((await host.files.read(join(folder, `${phase}.terragrunt.log`))) ?? '').map(
        ({ level, message }) => `[terragrunt ${level}] ${message.trimEnd()}`,
      ),
      ...parseUiStream((await host.files.read(join(folder, `${phase}.jsonl`))) ?? '').flatMap(
        ({ '@message': message, diagnostic }) => [
          message ?? '',
          ...(diagnostic?.detail ? [diagnostic.detail] : []),
        ],
      ),
      (await host.files.read(join(folder, `${phase}.stderr`)))?.trimEnd() ?? '',
    ].filter((line) => line !== '');
    if (said.length > 0) parts.push(`--- ${phase}`, ...said);
  }
  const steps = await host.files.read(join(folder, STEPS_LOG));
  if (steps !== undefined) parts.push('--- steps', steps.trimEnd());
  if (parts.length > 0) return `${[heading, ...parts].join('\n')}\n`;
  throw new UserError({ what: `"${input.unit}" was not started in that run`, where: folder });
}
